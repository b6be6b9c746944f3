// Layers that have blobs in the weights file.
#include "base/checked.h"
#include "importer/caffe/layer.h"

namespace sixtops::importer::caffe {
namespace {

constexpr int64_t kMaxChannels = int64_t{1} << 20;
constexpr int64_t kMaxWindow = 4096;

using Values = std::vector<ValueId>;

// One number for both axes, one an axis, or the fields with _h and _w.
Result<Ints> window_pair(const Message& p, const std::string& list, const std::string& single, int64_t fallback,
                         int64_t least) {
  if (p.has(single + "_h") || p.has(single + "_w")) {
    return Ints{TRY(p.integer(single + "_h", fallback, least, kMaxWindow)),
                TRY(p.integer(single + "_w", fallback, least, kMaxWindow))};
  }
  Ints numbers = TRY(p.integers(list, least, kMaxWindow));
  if (numbers.empty()) numbers = {fallback};
  if (numbers.size() == 1) numbers.push_back(numbers[0]);
  if (numbers.size() != 2) return unsupported("{} with {} numbers", list, numbers.size());
  return numbers;
}

struct Window {
  Ints kernel, stride, pad, dilation;
  int64_t outputs = 0;
  int64_t groups = 1;
  bool has_bias = true;
};

Result<Window> read_window(const Message& p) {
  Window window;
  window.kernel = TRY(window_pair(p, "kernel_size", "kernel", 0, 1));
  window.stride = TRY(window_pair(p, "stride", "stride", 1, 1));
  window.pad = TRY(window_pair(p, "pad", "pad", 0, 0));
  window.dilation = TRY(window_pair(p, "dilation", "dilation", 1, 1));
  window.outputs = TRY(p.integer("num_output", 0, 1, kMaxChannels));
  window.groups = TRY(p.integer("group", 1, 1, kMaxChannels));
  window.has_bias = TRY(p.flag("bias_term", true));
  if (window.kernel[0] == 0 || window.outputs == 0) return invalid_data("num_output or kernel_size is missing");
  return window;
}

Attributes attributes_of(const Window& window) {
  Attributes attributes = with("strides", window.stride);
  attributes.set("pads", Ints{window.pad[0], window.pad[1], window.pad[0], window.pad[1]});
  attributes.set("dilations", window.dilation);
  attributes.set("group", window.groups);
  return attributes;
}

Result<Values> convolve(Layer& layer, const Window& window, bool transposed) {
  const ValueId x = TRY(layer.bottom(0));
  const Shape shape = TRY(layer.shape(x));
  if (shape.size() != 4 || shape[1] % window.groups != 0 || window.outputs % window.groups != 0) {
    return invalid_data("it reads shape {}; {} outputs in {} groups do not fit", shape_text(shape), window.outputs,
                        window.groups);
  }
  const Shape weights = transposed
                            ? Shape{shape[1], window.outputs / window.groups, window.kernel[0], window.kernel[1]}
                            : Shape{window.outputs, shape[1] / window.groups, window.kernel[0], window.kernel[1]};
  Values operands = {x, TRY(layer.blob(0, "weights", weights))};
  if (window.has_bias) operands.push_back(TRY(layer.blob(1, "bias", {window.outputs})));
  return Values{
      TRY(layer.step(transposed ? Op::kConvTranspose : Op::kConv, std::move(operands), attributes_of(window)))};
}

// Axes from `axis` on, as one.
Result<int64_t> elements_from(const Shape& shape, size_t axis) {
  int64_t count = 1;
  for (size_t i = axis; i < shape.size(); ++i) count = TRY(checked_multiply(count, shape[i]));
  return count;
}

// A blob along axis 1 (or the layer's axis), ready to broadcast.
Result<ValueId> along_axis(Layer& layer, size_t index, const char* what, const Shape& shape, int64_t axis_number) {
  const int axis = TRY(normalize_axis(axis_number, static_cast<int>(shape.size())));
  Shape wanted(shape.size() - static_cast<size_t>(axis), 1);
  wanted[0] = shape[static_cast<size_t>(axis)];
  return layer.blob(index, what, wanted);
}

}  // namespace

Result<Values> convolution(Layer& layer) {
  const Message& p = layer.parameters("convolution_param");
  if (TRY(p.integer("axis", 1, -8, 8)) != 1) return unsupported("a convolution along another axis");
  return convolve(layer, TRY(read_window(p)), false);
}

// Of several forks: the groups are the channels, whatever the file says.
Result<Values> depthwise_convolution(Layer& layer) {
  const bool is_own = layer.wire.has("convolution_depthwise_param");
  Window window = TRY(read_window(layer.parameters(is_own ? "convolution_depthwise_param" : "convolution_param")));
  window.groups = TRY(layer.shape(TRY(layer.bottom(0)))).at(1);
  return convolve(layer, window, false);
}

Result<Values> deconvolution(Layer& layer) {
  return convolve(layer, TRY(read_window(layer.parameters("convolution_param"))), true);
}

Result<Values> inner_product(Layer& layer) {
  const Message& p = layer.parameters("inner_product_param");
  const ValueId x = TRY(layer.bottom(0));
  const Shape shape = TRY(layer.shape(x));
  if (shape.size() < 2 || TRY(p.integer("axis", 1, -8, 8)) != 1)
    return unsupported("an inner product along another axis");
  const int64_t outputs = TRY(p.integer("num_output", 0, 1, kMaxChannels));
  const int64_t inputs = TRY(elements_from(shape, 1));
  const bool transposed = TRY(p.flag("transpose", false));
  const ValueId flat = shape.size() == 2 ? x : TRY(layer.reshape(x, {shape[0], inputs}));
  Values operands = {flat, TRY(layer.blob(0, "weights", transposed ? Shape{inputs, outputs} : Shape{outputs, inputs}))};
  if (TRY(p.flag("bias_term", true))) operands.push_back(TRY(layer.blob(1, "bias", {outputs})));
  return Values{TRY(layer.step(Op::kGemm, std::move(operands), with("transB", int64_t{transposed ? 0 : 1})))};
}

// Blobs: mean and variance, both times the third, which is 0 for "not trained".
Result<Values> batch_norm(Layer& layer) {
  const ValueId x = TRY(layer.bottom(0));
  const Shape shape = TRY(layer.shape(x));
  if (shape.size() < 2) return invalid_data("a batch normalization of shape {}", shape_text(shape));
  if (layer.blobs.size() != 3 || layer.blobs[2].element_count() != 1) {
    return invalid_data("{} blobs in the weights file, expected 3", layer.blobs.size());
  }
  const float total = layer.blobs[2].values<float>()[0];
  const float factor = total == 0 ? 0 : 1 / total;
  Values statistics;
  for (size_t i = 0; i < 2; ++i) {
    std::vector<float> values = values_as<float>(layer.blobs[i]);
    if (static_cast<int64_t>(values.size()) != shape[1]) {
      return invalid_data("blob {} has {} elements, expected {}", i, values.size(), shape[1]);
    }
    for (float& value : values) value *= factor;
    statistics.push_back(layer.constant(i == 0 ? "mean" : "variance", Tensor::from_values({shape[1]}, values)));
  }
  const ValueId ones =
      layer.constant("scale", Tensor::from_values({shape[1]}, std::vector<float>(static_cast<size_t>(shape[1]), 1)));
  const ValueId zeros = layer.constant("bias", TRY(Tensor::allocate(DType::kF32, {shape[1]})));
  const float epsilon = TRY(layer.parameters("batch_norm_param").number("eps", 1e-5F));
  return Values{TRY(
      layer.step(Op::kBatchNormalization, {x, ones, zeros, statistics[0], statistics[1]}, with("epsilon", epsilon)))};
}

// By a blob, or by a second input.
Result<Values> scale(Layer& layer) {
  const Message& p = layer.parameters("scale_param");
  const ValueId x = TRY(layer.bottom(0));
  const Shape shape = TRY(layer.shape(x));
  const int64_t axis = TRY(p.integer("axis", 1, -8, 8));
  ValueId factor = kNoValue;
  const bool by_input = layer.bottoms.size() > 1;
  if (by_input) {
    Shape own = TRY(layer.shape(layer.bottoms[1]));
    const auto at = static_cast<size_t>(TRY(normalize_axis(axis, static_cast<int>(shape.size()))));
    while (at + own.size() < shape.size()) own.push_back(1);
    factor = TRY(layer.reshape(layer.bottoms[1], std::move(own)));
  } else {
    factor = TRY(along_axis(layer, 0, "scale", shape, axis));
  }
  ValueId result = TRY(layer.step(Op::kMul, {x, factor}));
  if (TRY(p.flag("bias_term", false))) {
    result = TRY(layer.step(Op::kAdd, {result, TRY(along_axis(layer, by_input ? 0 : 1, "bias", shape, axis))}));
  }
  return Values{result};
}

Result<Values> bias(Layer& layer) {
  const ValueId x = TRY(layer.bottom(0));
  const int64_t axis = TRY(layer.parameters("bias_param").integer("axis", 1, -8, 8));
  const ValueId addend = TRY(along_axis(layer, 0, "bias", TRY(layer.shape(x)), axis));
  return Values{TRY(layer.step(Op::kAdd, {x, addend}))};
}

Result<Values> prelu(Layer& layer) {
  const ValueId x = TRY(layer.bottom(0));
  const bool shared = TRY(layer.parameters("prelu_param").flag("channel_shared", false));
  const ValueId slope =
      shared ? TRY(layer.blob(0, "slope", {1})) : TRY(along_axis(layer, 0, "slope", TRY(layer.shape(x)), 1));
  return Values{TRY(layer.step(Op::kPRelu, {x, slope}))};
}

// SSD's fork: every pixel's channels to length 1, then a factor a channel.
Result<Values> normalize(Layer& layer) {
  const Message& p = layer.parameters("norm_param");
  if (TRY(p.flag("across_spatial", true))) return unsupported("a normalization across the whole picture");
  const ValueId x = TRY(layer.bottom(0));
  const Shape shape = TRY(layer.shape(x));
  Attributes attributes = with("axis", int64_t{1});
  attributes.set("p", int64_t{2});
  const ValueId unit = TRY(layer.step(Op::kLpNormalization, {x}, std::move(attributes)));
  const bool shared = TRY(p.flag("channel_shared", true));
  const ValueId factor = shared ? TRY(layer.blob(0, "scale", {1})) : TRY(along_axis(layer, 0, "scale", shape, 1));
  return Values{TRY(layer.step(Op::kMul, {unit, factor}))};
}

}  // namespace sixtops::importer::caffe
