// Layers without weights.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/checked.h"
#include "importer/caffe/layer.h"

namespace sixtops::importer::caffe {
namespace {

using Values = std::vector<ValueId>;

constexpr int64_t kMaxWindow = 4096;
constexpr int64_t kMaxExtent = int64_t{1} << 24;

template <Op kOp>
Result<Values> unary(Layer& layer) {
  return Values{TRY(layer.step(kOp, {TRY(layer.bottom(0))}))};
}

Result<Values> pass_on(Layer& layer) { return Values(layer.tops, TRY(layer.bottom(0))); }

Result<ValueId> with_number(Layer& layer, Op op, ValueId x, float number) {
  return layer.step(op, {x, layer.constant("constant", Tensor::scalar(number))});
}

Result<Values> relu(Layer& layer) {
  const float slope = TRY(layer.parameters("relu_param").number("negative_slope", 0));
  if (slope == 0) return unary<Op::kRelu>(layer);
  return Values{TRY(layer.step(Op::kLeakyRelu, {TRY(layer.bottom(0))}, with("alpha", slope)))};
}

Result<Values> relu6(Layer& layer) {
  Attributes attributes = with("min", 0.0F);
  attributes.set("max", 6.0F);
  return Values{TRY(layer.step(Op::kClip, {TRY(layer.bottom(0))}, std::move(attributes)))};
}

Result<Values> elu(Layer& layer) {
  const float alpha = TRY(layer.parameters("elu_param").number("alpha", 1));
  return Values{TRY(layer.step(Op::kElu, {TRY(layer.bottom(0))}, with("alpha", alpha)))};
}

// (shift + scale · x) ^ power
Result<Values> power(Layer& layer) {
  const Message& p = layer.parameters("power_param");
  ValueId x = TRY(layer.bottom(0));
  const float factor = TRY(p.number("scale", 1));
  const float shift = TRY(p.number("shift", 0));
  const float exponent = TRY(p.number("power", 1));
  if (factor != 1) x = TRY(with_number(layer, Op::kMul, x, factor));
  if (shift != 0) x = TRY(with_number(layer, Op::kAdd, x, shift));
  if (exponent != 1) x = TRY(with_number(layer, Op::kPow, x, exponent));
  return Values{x};
}

// base ^ (shift + scale · x); base -1 stands for e.
Result<Values> exponential(Layer& layer) {
  const Message& p = layer.parameters("exp_param");
  const float base = TRY(p.number("base", -1));
  if (base != -1 && !(base > 0)) return invalid_data("a power of base {}", base);
  const float log_base = base == -1 ? 1 : std::log(base);
  ValueId x = TRY(layer.bottom(0));
  const float factor = TRY(p.number("scale", 1)) * log_base;
  const float shift = TRY(p.number("shift", 0)) * log_base;
  if (factor != 1) x = TRY(with_number(layer, Op::kMul, x, factor));
  if (shift != 0) x = TRY(with_number(layer, Op::kAdd, x, shift));
  return Values{TRY(layer.step(Op::kExp, {x}))};
}

// The window of both ends' padding; sizes round up unless the file says otherwise, as ONNX's ceil_mode does.
Result<Values> pooling(Layer& layer) {
  const Message& p = layer.parameters("pooling_param");
  const ValueId x = TRY(layer.bottom(0));
  const std::string kind = p.text("pool", "MAX");
  const bool is_maximum = kind == "MAX" || kind == "0";
  if (!is_maximum && kind != "AVE" && kind != "1") return unsupported("pooling {}", kind);
  if (TRY(p.flag("global_pooling", false))) {
    return Values{TRY(layer.step(is_maximum ? Op::kGlobalMaxPool : Op::kGlobalAveragePool, {x}))};
  }
  const auto pair = [&](const char* both, const char* h, const char* w, int64_t fallback,
                        int64_t least) -> Result<Ints> {
    const int64_t single = TRY(p.integer(both, fallback, least, kMaxWindow));
    return Ints{TRY(p.integer(h, single, least, kMaxWindow)), TRY(p.integer(w, single, least, kMaxWindow))};
  };
  const Ints kernel = TRY(pair("kernel_size", "kernel_h", "kernel_w", 0, 1));
  const Ints pad = TRY(pair("pad", "pad_h", "pad_w", 0, 0));
  if (kernel[0] == 0 || kernel[1] == 0) return invalid_data("kernel_size is missing");
  const std::string rounding = p.text("round_mode", "CEIL");
  const bool is_ceil = (rounding == "CEIL" || rounding == "0") && TRY(p.flag("ceil_mode", true));
  Attributes attributes = with("kernel_shape", kernel);
  attributes.set("strides", TRY(pair("stride", "stride_h", "stride_w", 1, 1)));
  attributes.set("pads", Ints{pad[0], pad[1], pad[0], pad[1]});
  attributes.set("ceil_mode", int64_t{is_ceil});
  if (!is_maximum) attributes.set("count_include_pad", int64_t{1});
  return Values{TRY(layer.step(is_maximum ? Op::kMaxPool : Op::kAveragePool, {x}, std::move(attributes)))};
}

Result<Values> softmax(Layer& layer) {
  const int64_t axis = TRY(layer.parameters("softmax_param").integer("axis", 1, -8, 8));
  return Values{TRY(layer.step(Op::kSoftmax, {TRY(layer.bottom(0))}, with("axis", axis)))};
}

Result<Values> lrn(Layer& layer) {
  const Message& p = layer.parameters("lrn_param");
  const std::string region = p.text("norm_region", "ACROSS_CHANNELS");
  if (region != "ACROSS_CHANNELS" && region != "0") return unsupported("a response normalization within channels");
  Attributes attributes = with("size", TRY(p.integer("local_size", 5, 1, kMaxWindow)));
  attributes.set("alpha", TRY(p.number("alpha", 1)));
  attributes.set("beta", TRY(p.number("beta", 0.75F)));
  attributes.set("bias", TRY(p.number("k", 1)));
  return Values{TRY(layer.step(Op::kLRN, {TRY(layer.bottom(0))}, std::move(attributes)))};
}

Result<Values> eltwise(Layer& layer) {
  const Message& p = layer.parameters("eltwise_param");
  const std::string kind = p.text("operation", "SUM");
  const std::vector<float> factors = TRY(p.numbers("coeff"));
  const bool is_sum = kind == "SUM" || kind == "1";
  const bool is_product = kind == "PROD" || kind == "0";
  if (!is_sum && !is_product && kind != "MAX" && kind != "2") return unsupported("operation {}", kind);
  if (!factors.empty() && (!is_sum || factors.size() != layer.bottoms.size())) {
    return invalid_data("{} coefficients for {} inputs", factors.size(), layer.bottoms.size());
  }
  ValueId result = kNoValue;
  for (size_t i = 0; i < layer.bottoms.size(); ++i) {
    ValueId x = layer.bottoms[i];
    const bool is_negative = !factors.empty() && factors[i] == -1 && i > 0;
    if (!factors.empty() && factors[i] != 1 && !is_negative) x = TRY(with_number(layer, Op::kMul, x, factors[i]));
    const Op op = is_sum ? (is_negative ? Op::kSub : Op::kAdd) : is_product ? Op::kMul : Op::kMax;
    result = result == kNoValue ? x : TRY(layer.step(op, {result, x}));
  }
  if (result == kNoValue) return invalid_data("it reads nothing");
  return Values{result};
}

Result<int64_t> axis_of(const Message& p) {
  return p.has("concat_dim")  ? p.integer("concat_dim", 1, 0, 8)
         : p.has("slice_dim") ? p.integer("slice_dim", 1, 0, 8)
                              : p.integer("axis", 1, -8, 8);
}

Result<Values> concat(Layer& layer) {
  TRY(layer.bottom(0));
  return Values{
      TRY(layer.step(Op::kConcat, layer.bottoms, with("axis", TRY(axis_of(layer.parameters("concat_param"))))))};
}

Result<Values> slice(Layer& layer) {
  const Message& p = layer.parameters("slice_param");
  const ValueId x = TRY(layer.bottom(0));
  const Shape shape = TRY(layer.shape(x));
  const int axis = TRY(normalize_axis(TRY(axis_of(p)), static_cast<int>(shape.size())));
  const int64_t extent = shape[static_cast<size_t>(axis)];
  const std::vector<int64_t> points = TRY(p.integers("slice_point", 0, kMaxExtent));
  const auto tops = static_cast<int64_t>(layer.tops);
  if (points.empty() ? extent % tops != 0 : points.size() + 1 != layer.tops) {
    return invalid_data("{} points for {} parts of {}", points.size(), tops, extent);
  }
  Values parts;
  for (size_t i = 0; i < layer.tops; ++i) {
    const auto n = static_cast<int64_t>(i);
    const int64_t begin = points.empty() ? n * (extent / tops) : i == 0 ? 0 : points[i - 1];
    const int64_t end = points.empty() ? (n + 1) * (extent / tops) : i < points.size() ? points[i] : extent;
    Attributes attributes = with("starts", Ints{begin});
    attributes.set("ends", Ints{end});
    attributes.set("axes", Ints{axis});
    parts.push_back(TRY(layer.step(Op::kSlice, {x}, std::move(attributes))));
  }
  return parts;
}

Result<Values> flatten(Layer& layer) {
  const Message& p = layer.parameters("flatten_param");
  const ValueId x = TRY(layer.bottom(0));
  const Shape shape = TRY(layer.shape(x));
  const auto rank = static_cast<int>(shape.size());
  const int first = TRY(normalize_axis(TRY(p.integer("axis", 1, -8, 8)), rank));
  const int last = TRY(normalize_axis(TRY(p.integer("end_axis", -1, -8, 8)), rank));
  Shape result(shape.begin(), shape.begin() + first);
  int64_t joined = 1;
  for (int i = first; i <= last; ++i) joined = TRY(checked_multiply(joined, shape[static_cast<size_t>(i)]));
  result.push_back(joined);
  if (last + 1 < rank) result.insert(result.end(), shape.begin() + last + 1, shape.end());
  return Values{TRY(layer.reshape(x, std::move(result)))};
}

// 0 keeps an extent, -1 takes what is left, as ONNX's does.
Result<Values> reshape(Layer& layer) {
  const Message& p = layer.parameters("reshape_param");
  if (TRY(p.integer("axis", 0, -8, 8)) != 0 || TRY(p.integer("num_axes", -1, -1, 8)) != -1) {
    return unsupported("a reshape of a part of the axes");
  }
  const std::vector<int64_t> shape = TRY(p.message("shape").integers("dim", -1, kMaxExtent));
  return Values{TRY(layer.step(Op::kReshape, {TRY(layer.bottom(0))}, with("shape", Ints(shape))))};
}

Result<Values> permute(Layer& layer) {
  const std::vector<int64_t> order = TRY(layer.parameters("permute_param").integers("order", 0, 8));
  return Values{TRY(layer.step(Op::kTranspose, {TRY(layer.bottom(0))}, with("perm", Ints(order))))};
}

Result<Values> tile(Layer& layer) {
  const Message& p = layer.parameters("tile_param");
  const ValueId x = TRY(layer.bottom(0));
  const size_t rank = TRY(layer.shape(x)).size();
  const int axis = TRY(normalize_axis(TRY(p.integer("axis", 1, -8, 8)), static_cast<int>(rank)));
  Ints repeats(rank, 1);
  repeats[static_cast<size_t>(axis)] = TRY(p.integer("tiles", 1, 1, kMaxWindow));
  return Values{TRY(layer.step(Op::kTile, {x}, with("repeats", std::move(repeats))))};
}

Attributes nearest() {
  Attributes attributes = with("mode", std::string("nearest"));
  attributes.set("coordinate_transformation_mode", std::string("asymmetric"));
  attributes.set("nearest_mode", std::string("floor"));
  return attributes;
}

Result<Values> upsample(Layer& layer) {
  const Message& p = layer.parameters("upsample_param");
  const auto factor = static_cast<float>(TRY(p.integer(p.has("stride") ? "stride" : "scale", 2, 1, kMaxWindow)));
  Attributes attributes = nearest();
  attributes.set("scales", Floats{1, 1, factor, factor});
  return Values{TRY(layer.step(Op::kResize, {TRY(layer.bottom(0))}, std::move(attributes)))};
}

// DeepLab's fork: bilinear with the corners on each other, to a size or by a factor: (h - 1) · zoom + 1 more pixels.
Result<Values> interpolate(Layer& layer) {
  const Message& p = layer.parameters("interp_param");
  const ValueId x = TRY(layer.bottom(0));
  const Shape shape = TRY(layer.shape(x));
  if (shape.size() != 4) return invalid_data("it reads shape {}", shape_text(shape));
  Ints sizes(shape);
  const int64_t shrink = TRY(p.integer("shrink_factor", 1, 1, kMaxWindow));
  const int64_t zoom = TRY(p.integer("zoom_factor", 1, 1, kMaxWindow));
  for (size_t axis = 2; axis < 4; ++axis) {
    const int64_t shrunk = (shape[axis] - 1) / shrink + 1;
    sizes[axis] = TRY(p.integer(axis == 2 ? "height" : "width", shrunk + (shrunk - 1) * (zoom - 1), 1, kMaxExtent));
  }
  Attributes attributes = with("mode", std::string("linear"));
  attributes.set("coordinate_transformation_mode", std::string("align_corners"));
  attributes.set("sizes", std::move(sizes));
  return Values{TRY(layer.step(Op::kResize, {x}, std::move(attributes)))};
}

Result<Values> shuffle_channel(Layer& layer) {
  const int64_t groups = TRY(layer.parameters("shuffle_channel_param").integer("group", 1, 1, kMaxExtent));
  const ValueId x = TRY(layer.bottom(0));
  const Shape s = TRY(layer.shape(x));
  if (s.size() != 4 || s[1] % groups != 0) return invalid_data("{} groups of shape {}", groups, shape_text(s));
  const ValueId split = TRY(layer.reshape(x, {s[0], groups, s[1] / groups, s[2], s[3]}));
  const ValueId moved = TRY(layer.step(Op::kTranspose, {split}, with("perm", Ints{0, 2, 1, 3, 4})));
  return Values{TRY(layer.reshape(moved, s))};
}

// The second input says the size; the first is cut from `offset` on.
Result<Values> crop(Layer& layer) {
  const Message& p = layer.parameters("crop_param");
  const ValueId x = TRY(layer.bottom(0));
  const Shape shape = TRY(layer.shape(x));
  const Shape wanted = TRY(layer.shape(TRY(layer.bottom(1))));
  const auto rank = static_cast<int>(shape.size());
  const int first = TRY(normalize_axis(TRY(p.integer("axis", 2, -8, 8)), rank));
  const std::vector<int64_t> offsets = TRY(p.integers("offset", 0, kMaxExtent));
  if (wanted.size() != shape.size()) return invalid_data("it cuts {} to {}", shape_text(shape), shape_text(wanted));
  Attributes attributes;
  Ints starts, ends, axes;
  for (int axis = first; axis < rank; ++axis) {
    const auto i = static_cast<size_t>(axis - first);
    const int64_t offset = offsets.empty() ? 0 : offsets[std::min(i, offsets.size() - 1)];
    starts.push_back(offset);
    ends.push_back(offset + wanted[static_cast<size_t>(axis)]);
    axes.push_back(axis);
  }
  attributes.set("starts", std::move(starts));
  attributes.set("ends", std::move(ends));
  attributes.set("axes", std::move(axes));
  return Values{TRY(layer.step(Op::kSlice, {x}, std::move(attributes)))};
}

struct Row {
  std::string_view type;
  Translator translate;
};

constexpr auto kRows = std::to_array<Row>({
    {"AbsVal", unary<Op::kAbs>},
    {"BNLL", unary<Op::kSoftplus>},
    {"BatchNorm", batch_norm},
    {"Bias", bias},
    {"Concat", concat},
    {"Convolution", convolution},
    {"ConvolutionDepthwise", depthwise_convolution},
    {"Crop", crop},
    {"Deconvolution", deconvolution},
    {"DepthwiseConvolution", depthwise_convolution},
    {"Dropout", pass_on},
    {"ELU", elu},
    {"Eltwise", eltwise},
    {"Exp", exponential},
    {"Flatten", flatten},
    {"InnerProduct", inner_product},
    {"Interp", interpolate},
    {"LRN", lrn},
    {"Mish", unary<Op::kMish>},
    {"Normalize", normalize},
    {"PReLU", prelu},
    {"Permute", permute},
    {"Pooling", pooling},
    {"Power", power},
    {"ReLU", relu},
    {"ReLU6", relu6},
    {"Reshape", reshape},
    {"Scale", scale},
    {"ShuffleChannel", shuffle_channel},
    {"Sigmoid", unary<Op::kSigmoid>},
    {"Slice", slice},
    {"Softmax", softmax},
    {"Split", pass_on},
    {"Swish", unary<Op::kSilu>},
    {"TanH", unary<Op::kTanh>},
    {"Tile", tile},
    {"Upsample", upsample},
});

}  // namespace

Translator find_translator(std::string_view type) {
  const auto* row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& r) { return r.type == type; });
  return row == kRows.end() ? nullptr : row->translate;
}

std::vector<std::string> translated_types() {
  std::vector<std::string> types;
  for (const Row& row : kRows) types.emplace_back(row.type);
  return types;
}

std::string modern_type(const std::string& type) {
  struct Name {
    std::string_view old_name;
    const char* name;
  };
  static constexpr auto kNames = std::to_array<Name>({
      {"ABSVAL", "AbsVal"},
      {"CONCAT", "Concat"},
      {"CONVOLUTION", "Convolution"},
      {"DECONVOLUTION", "Deconvolution"},
      {"DROPOUT", "Dropout"},
      {"ELTWISE", "Eltwise"},
      {"EXP", "Exp"},
      {"FLATTEN", "Flatten"},
      {"INNER_PRODUCT", "InnerProduct"},
      {"LRN", "LRN"},
      {"POOLING", "Pooling"},
      {"POWER", "Power"},
      {"RELU", "ReLU"},
      {"SIGMOID", "Sigmoid"},
      {"SLICE", "Slice"},
      {"SOFTMAX", "Softmax"},
      {"SPLIT", "Split"},
      {"TANH", "TanH"},
  });
  for (const Name& name : kNames) {
    if (name.old_name == type) return name.name;
  }
  return type;
}

}  // namespace sixtops::importer::caffe
