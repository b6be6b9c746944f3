// Sections that read the weights file.
#include "base/checked.h"
#include "importer/darknet/network.h"
#include "importer/permute.h"

namespace sixtops::importer::darknet {
namespace {

// Darknet adds 0.000001 behind the square root, its forks 0.00001 inside.
constexpr float kEpsilon = 1e-5F;

constexpr int64_t kMaxChannels = int64_t{1} << 20;
constexpr int64_t kMaxWindow = 1024;

Status refuse(Layer& layer, std::initializer_list<const char*> switches) {
  for (const char* key : switches) {
    if (TRY(layer.section.get_int(key, 0, -1, kMaxChannels)) > 0) return unsupported("option {}", key);
  }
  return {};
}

}  // namespace

Result<BatchNorm> take_batch_norm(Layer& layer, int64_t channels) {
  BatchNorm norm;
  norm.scale = layer.constant("scale", TRY(layer.network.weights.take({channels})));
  norm.mean = layer.constant("mean", TRY(layer.network.weights.take({channels})));
  norm.variance = layer.constant("variance", TRY(layer.network.weights.take({channels})));
  return norm;
}

Result<ValueId> normalize(Layer& layer, ValueId x, const BatchNorm& norm, ValueId bias) {
  Attributes attributes;
  attributes.set("epsilon", kEpsilon);
  return layer.step(Op::kBatchNormalization, {x, norm.scale, bias, norm.mean, norm.variance}, std::move(attributes));
}

Result<ValueId> convolutional(Layer& layer) {
  Section& section = layer.section;
  TRY(refuse(layer, {"xnor", "binary", "bin_output", "antialiasing", "flipped", "deform", "rotate", "stretch", "sway",
                     "stretch_sway", "dontload", "dontloadscales", "wait_stream"}));
  if (section.has("share_index")) return unsupported("weights shared between layers (share_index)");
  const int64_t filters = TRY(section.get_int("filters", 1, 1, kMaxChannels));
  const int64_t size = TRY(section.get_int("size", 1, 1, kMaxWindow));
  const int64_t stride = TRY(section.get_int("stride", 1, 1, kMaxWindow));
  const int64_t stride_x = TRY(section.get_int("stride_x", stride, 1, kMaxWindow));
  const int64_t stride_y = TRY(section.get_int("stride_y", stride, 1, kMaxWindow));
  const int64_t dilation = size == 1 ? 1 : TRY(section.get_int("dilation", 1, 1, kMaxWindow));
  int64_t padding = TRY(section.get_int("padding", 0, 0, kMaxWindow));
  if (TRY(section.get_int("pad", 0, 0, kMaxWindow)) != 0) padding = size / 2 * dilation;
  const int64_t groups = TRY(section.get_int("groups", 1, 1, kMaxChannels));
  const bool has_norm = TRY(section.get_int("batch_normalize", 0, 0, 1)) != 0;
  const int64_t channels = layer.shape()[1];
  if (channels % groups != 0 || filters % groups != 0) {
    return invalid_data("{} channels and {} filters do not fit {} groups", channels, filters, groups);
  }
  const ValueId bias = layer.constant("bias", TRY(layer.network.weights.take({filters})));
  BatchNorm norm;
  if (has_norm) norm = TRY(take_batch_norm(layer, filters));
  const ValueId weights =
      layer.constant("weights", TRY(layer.network.weights.take({filters, channels / groups, size, size})));
  Attributes attributes;
  attributes.set("strides", Ints{stride_y, stride_x});
  attributes.set("pads", Ints{padding, padding, padding, padding});
  attributes.set("dilations", Ints{dilation, dilation});
  attributes.set("group", groups);
  ValueId result =
      TRY(layer.step(Op::kConv, {layer.network.current, weights, has_norm ? kNoValue : bias}, std::move(attributes)));
  if (has_norm) result = TRY(normalize(layer, result, norm, bias));
  return activate(layer, result, section.get_text("activation", "logistic"));
}

Result<ValueId> connected(Layer& layer) {
  Section& section = layer.section;
  TRY(refuse(layer, {"dontload"}));
  const int64_t outputs = TRY(section.get_int("output", 1, 1, kMaxChannels));
  const bool has_norm = TRY(section.get_int("batch_normalize", 0, 0, 1)) != 0;
  int64_t inputs = 1;
  for (size_t axis = 1; axis < layer.shape().size(); ++axis) {
    inputs = TRY(checked_multiply(inputs, layer.shape()[axis]));
  }
  const ValueId bias = layer.constant("bias", TRY(layer.network.weights.take({outputs})));
  const bool transposed = layer.network.weights.transposed();
  Tensor matrix = TRY(layer.network.weights.take(transposed ? Shape{inputs, outputs} : Shape{outputs, inputs}));
  const ValueId weights = layer.constant("weights", transposed ? TRY(permute(matrix, {1, 0})) : std::move(matrix));
  BatchNorm norm;
  if (has_norm) norm = TRY(take_batch_norm(layer, outputs));
  const ValueId flat = TRY(layer.step(Op::kFlatten, {layer.network.current}));
  Attributes attributes;
  attributes.set("transB", int64_t{1});
  ValueId result = TRY(layer.step(Op::kGemm, {flat, weights, has_norm ? kNoValue : bias}, std::move(attributes)));
  if (has_norm) result = TRY(normalize(layer, result, norm, bias));
  result = TRY(activate(layer, result, section.get_text("activation", "logistic")));
  Attributes shape;
  shape.set("shape", Ints{layer.shape()[0], outputs, 1, 1});
  return layer.step(Op::kReshape, {result}, std::move(shape));
}

Result<ValueId> batchnorm(Layer& layer) {
  const int64_t channels = layer.shape()[1];
  ValueId bias = kNoValue;
  if (layer.network.batchnorm_has_bias) bias = layer.constant("bias", TRY(layer.network.weights.take({channels})));
  const BatchNorm norm = TRY(take_batch_norm(layer, channels));
  if (bias == kNoValue) bias = layer.constant("bias", TRY(Tensor::allocate(DType::kF32, {channels})));
  return normalize(layer, layer.network.current, norm, bias);
}

// A learned vector that does not depend on the picture.
Result<ValueId> implicit(Layer& layer) {
  const int64_t filters = TRY(layer.section.get_int("filters", 1, 1, kMaxChannels));
  const int64_t atoms = TRY(layer.section.get_int("atoms", 1, 1, kMaxChannels));
  layer.section.get_text("mean", "");
  layer.section.get_text("std", "");
  layer.section.get_text("std_init", "");
  const ValueId weights =
      layer.constant("weights", TRY(layer.network.weights.take({1, TRY(checked_multiply(filters, atoms)), 1, 1})));
  return layer.step(Op::kIdentity, {weights});
}

}  // namespace sixtops::importer::darknet
