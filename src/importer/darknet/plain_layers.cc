// Sections that have no weights.
#include <algorithm>
#include <array>

#include "base/error.h"
#include "importer/darknet/network.h"

namespace sixtops::importer::darknet {
namespace {

constexpr int64_t kMaxWindow = 1024;
constexpr int64_t kMaxIndex = 100000;

// Darknet splits padding with the odd element behind.
Attributes window(int64_t size, int64_t stride_x, int64_t stride_y, int64_t padding) {
  const int64_t begin = padding / 2;
  Attributes attributes;
  attributes.set("kernel_shape", Ints{size, size});
  attributes.set("strides", Ints{stride_y, stride_x});
  attributes.set("pads", Ints{begin, begin, padding - begin, padding - begin});
  return attributes;
}

Result<Attributes> window_of(Layer& layer) {
  Section& section = layer.section;
  const int64_t stride = TRY(section.get_int("stride", 1, 1, kMaxWindow));
  const int64_t stride_x = TRY(section.get_int("stride_x", stride, 1, kMaxWindow));
  const int64_t stride_y = TRY(section.get_int("stride_y", stride, 1, kMaxWindow));
  const int64_t size = TRY(section.get_int("size", stride, 1, kMaxWindow));
  const int64_t padding = TRY(section.get_int("padding", size - 1, 0, kMaxWindow));
  return window(size, stride_x, stride_y, padding);
}

// Channels [begin, end).
Result<ValueId> channels(Layer& layer, ValueId x, int64_t begin, int64_t end) {
  Attributes attributes;
  attributes.set("starts", Ints{begin});
  attributes.set("ends", Ints{end});
  attributes.set("axes", Ints{1});
  return layer.step(Op::kSlice, {x}, std::move(attributes));
}

// What `x` adds to a tensor of that shape: its first channels, or zeros behind them.
Result<ValueId> fitted(Layer& layer, ValueId x, const Shape& shape) {
  const Shape own = *layer.builder().shape(x);
  if (own == shape) return x;
  if (own.size() != 4 || own[2] != shape[2] || own[3] != shape[3]) {
    return unsupported("a shortcut between {} and {}", shape_text(own), shape_text(shape));
  }
  if (own[1] > shape[1]) return channels(layer, x, 0, shape[1]);
  Attributes attributes;
  attributes.set("pads", Ints{0, 0, 0, 0, 0, shape[1] - own[1], 0, 0});
  return layer.step(Op::kPad, {x}, std::move(attributes));
}

Result<ValueId> only_other(Layer& layer) {
  return layer.other(TRY(layer.section.get_int("from", 0, -kMaxIndex, kMaxIndex)));
}

}  // namespace

Result<ValueId> Layer::other(int64_t index) const {
  const auto count = static_cast<int64_t>(network.layers.size());
  const int64_t absolute = index < 0 ? count + index : index;
  if (absolute < 0 || absolute >= count) return invalid_data("it reads layer {}, which is not before it", index);
  return network.layers[static_cast<size_t>(absolute)];
}

Result<ValueId> activate(Layer& layer, ValueId x, const std::string& activation) {
  Attributes attributes;
  if (activation == "linear") return x;
  if (activation == "relu") return layer.step(Op::kRelu, {x});
  if (activation == "logistic") return layer.step(Op::kSigmoid, {x});
  if (activation == "mish") return layer.step(Op::kMish, {x});
  if (activation == "swish") return layer.step(Op::kSilu, {x});
  if (activation == "tanh") return layer.step(Op::kTanh, {x});
  if (activation == "selu") return layer.step(Op::kSelu, {x});
  if (activation == "elu") return layer.step(Op::kElu, {x});
  if (activation == "gelu") {
    attributes.set("approximate", std::string("tanh"));
    return layer.step(Op::kGelu, {x}, std::move(attributes));
  }
  if (activation == "leaky" || activation == "relie") {
    attributes.set("alpha", activation == "leaky" ? 0.1F : 0.01F);
    return layer.step(Op::kLeakyRelu, {x}, std::move(attributes));
  }
  if (activation == "relu6" || activation == "hardtan") {
    attributes.set("min", activation == "relu6" ? 0.0F : -1.0F);
    attributes.set("max", activation == "relu6" ? 6.0F : 1.0F);
    return layer.step(Op::kClip, {x}, std::move(attributes));
  }
  return unsupported("activation '{}'", activation);
}

Result<ValueId> maxpool(Layer& layer) {
  if (TRY(layer.section.get_int("maxpool_depth", 0, 0, 1)) != 0) return unsupported("option maxpool_depth");
  if (TRY(layer.section.get_int("antialiasing", 0, 0, 1)) != 0) return unsupported("option antialiasing");
  return layer.step(Op::kMaxPool, {layer.network.current}, TRY(window_of(layer)));
}

Result<ValueId> local_avgpool(Layer& layer) {
  return layer.step(Op::kAveragePool, {layer.network.current}, TRY(window_of(layer)));
}

Result<ValueId> avgpool(Layer& layer) { return layer.step(Op::kGlobalAveragePool, {layer.network.current}); }

Result<ValueId> shortcut(Layer& layer) {
  const std::string weighting = layer.section.get_text("weights_type", "none");
  layer.section.get_text("weights_normalization", "none");
  if (weighting != "none") return unsupported("a weighted shortcut (weights_type={})", weighting);
  const std::vector<int64_t> from = TRY(layer.section.get_ints("from"));
  if (from.empty()) return invalid_data("option from is missing");
  ValueId sum = layer.network.current;
  for (const int64_t index : from) {
    const ValueId part = TRY(fitted(layer, TRY(layer.other(index)), layer.shape()));
    sum = TRY(layer.step(Op::kAdd, {sum, part}));
  }
  return activate(layer, sum, layer.section.get_text("activation", "linear"));
}

Result<ValueId> route(Layer& layer) {
  const std::vector<int64_t> from = TRY(layer.section.get_ints("layers"));
  const int64_t groups = TRY(layer.section.get_int("groups", 1, 1, kMaxIndex));
  const int64_t group = TRY(layer.section.get_int("group_id", 0, 0, groups - 1));
  std::vector<ValueId> parts;
  for (const int64_t index : from) {
    ValueId part = TRY(layer.other(index));
    const int64_t count = layer.builder().shape(part)->at(1) / groups;
    if (groups > 1) part = TRY(channels(layer, part, group * count, (group + 1) * count));
    parts.push_back(part);
  }
  if (parts.empty()) return invalid_data("option layers is missing");
  if (parts.size() == 1) return layer.step(Op::kIdentity, parts);
  Attributes attributes;
  attributes.set("axis", int64_t{1});
  return layer.step(Op::kConcat, parts, std::move(attributes));
}

Result<ValueId> upsample(Layer& layer) {
  const int64_t stride = TRY(layer.section.get_int("stride", 2, 1, kMaxWindow));
  const float scale = TRY(layer.section.get_float("scale", 1));
  const auto factor = static_cast<float>(stride);
  Attributes attributes;
  attributes.set("scales", Floats{1, 1, factor, factor});
  attributes.set("mode", std::string("nearest"));
  attributes.set("coordinate_transformation_mode", std::string("asymmetric"));
  attributes.set("nearest_mode", std::string("floor"));
  const ValueId result = TRY(layer.step(Op::kResize, {layer.network.current}, std::move(attributes)));
  if (scale == 1) return result;
  return layer.step(Op::kMul, {result, layer.constant("scale", Tensor::scalar(scale))});
}

// Darknet's own order: the elements are read as a picture `stride` times as large with fewer channels, taken apart into
// stride x stride phases, and the result is read as the small picture with more channels.
Result<ValueId> reorg(Layer& layer) {
  const int64_t stride = TRY(layer.section.get_int("stride", 1, 1, kMaxWindow));
  for (const char* key : {"reverse", "flatten", "extra"}) {
    if (TRY(layer.section.get_int(key, 0, 0, kMaxIndex)) != 0) return unsupported("option {}", key);
  }
  const Shape shape = layer.shape();
  const int64_t area = stride * stride;
  if (shape[1] % area != 0 || shape[2] % stride != 0 || shape[3] % stride != 0) {
    return invalid_data("shape {} does not divide by stride {}", shape_text(shape), stride);
  }
  Attributes large;
  large.set("shape", Ints{shape[0], shape[1] / area, shape[2] * stride, shape[3] * stride});
  const ValueId picture = TRY(layer.step(Op::kReshape, {layer.network.current}, std::move(large)));
  Attributes block;
  block.set("blocksize", stride);
  const ValueId phases = TRY(layer.step(Op::kSpaceToDepth, {picture}, std::move(block)));
  Attributes small;
  small.set("shape", Ints{shape[0], shape[1] * area, shape[2] / stride, shape[3] / stride});
  return layer.step(Op::kReshape, {phases}, std::move(small));
}

Result<ValueId> softmax(Layer& layer) {
  if (TRY(layer.section.get_int("groups", 1, 1, kMaxIndex)) != 1) return unsupported("a softmax in groups");
  if (layer.section.has("tree")) return unsupported("a softmax along a tree of classes");
  if (TRY(layer.section.get_float("temperature", 1)) != 1) return unsupported("a softmax with a temperature");
  const ValueId flat = TRY(layer.step(Op::kFlatten, {layer.network.current}));
  return layer.step(Op::kSoftmax, {flat});
}

Result<ValueId> activation_layer(Layer& layer) {
  return activate(layer, layer.network.current, layer.section.get_text("activation", "linear"));
}

Result<ValueId> scale_channels(Layer& layer) {
  if (TRY(layer.section.get_int("scale_wh", 0, 0, 1)) != 0) return unsupported("option scale_wh");
  return times_other(layer);
}

Result<ValueId> times_other(Layer& layer) {
  const ValueId product = TRY(layer.step(Op::kMul, {TRY(only_other(layer)), layer.network.current}));
  return activate(layer, product, layer.section.get_text("activation", "linear"));
}

Result<ValueId> plus_other(Layer& layer) {
  const ValueId sum = TRY(layer.step(Op::kAdd, {layer.network.current, TRY(only_other(layer))}));
  return activate(layer, sum, layer.section.get_text("activation", "linear"));
}

Result<ValueId> pass_on(Layer& layer) { return layer.network.current; }

namespace {

struct Row {
  std::string_view type;
  Translator translate;
};

constexpr auto kRows = std::to_array<Row>({
    {"activation", activation_layer},
    {"avg", avgpool},
    {"avgpool", avgpool},
    {"batchnorm", batchnorm},
    {"conn", connected},
    {"connected", connected},
    {"control_channels", times_other},
    {"conv", convolutional},
    {"convolutional", convolutional},
    {"cost", pass_on},
    {"detection", region},
    {"dropout", pass_on},
    {"empty", pass_on},
    {"gaussian_yolo", region},
    {"implicit", implicit},
    {"implicit_add", implicit},
    {"implicit_mul", implicit},
    {"local_avg", local_avgpool},
    {"local_avgpool", local_avgpool},
    {"max", maxpool},
    {"maxpool", maxpool},
    {"region", region},
    {"reorg3d", reorg},
    {"reorg", reorg},
    {"route", route},
    {"sam", times_other},
    {"scale_channels", scale_channels},
    {"shift_channels", plus_other},
    {"shortcut", shortcut},
    {"silence", pass_on},
    {"soft", softmax},
    {"softmax", softmax},
    {"upsample", upsample},
    {"yolo", yolo},
});

}  // namespace

Translator find_translator(const std::string& type) {
  const auto* row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& r) { return r.type == type; });
  return row == kRows.end() ? nullptr : row->translate;
}

std::vector<std::string> translated_types() {
  std::vector<std::string> types;
  for (const Row& row : kRows) types.emplace_back(row.type);
  return types;
}

}  // namespace sixtops::importer::darknet
