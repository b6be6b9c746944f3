// Sums of products, windows and normalizations.
#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "importer/torchscript/operators.h"

namespace sixtops::importer::torchscript {
namespace {

// Torch pads both ends alike.
Ints both_ends(const Ints& padding) {
  Ints pads = padding;
  pads.insert(pads.end(), padding.begin(), padding.end());
  return pads;
}

struct Window {
  Ints stride, padding, dilation, output_padding;
  int64_t groups = 1;
  bool transposed = false;
  bool same = false;  // padding='same'
};

Result<Value> convolve(Call& call, const Window& window) {
  std::vector<ValueId> operands = {TRY(call.tensor(0)), TRY(call.tensor(1))};
  if (call.has(2)) operands.push_back(TRY(call.tensor(2)));
  Attributes attributes;
  attributes.set("strides", window.stride);
  attributes.set("dilations", window.dilation);
  attributes.set("group", window.groups);
  if (window.same) {
    attributes.set("auto_pad", std::string("SAME_UPPER"));
  } else {
    attributes.set("pads", both_ends(window.padding));
  }
  if (window.transposed) attributes.set("output_padding", window.output_padding);
  return call.write(window.transposed ? Op::kConvTranspose : Op::kConv, std::move(operands), std::move(attributes));
}

Result<size_t> spatial_axes(Call& call) {
  const size_t rank = TRY(call.shape(TRY(call.tensor(1)))).size();
  if (rank < 3) return invalid_data("weights with {} axes", rank);
  return rank - 2;
}

// input, weight, bias, stride, padding, dilation, transposed, output padding, groups
Result<Value> convolution(Call& call) {
  const size_t axes = TRY(spatial_axes(call));
  Window window;
  window.stride = TRY(call.ints_of(3, axes, Ints(axes, 1)));
  window.padding = TRY(call.ints_of(4, axes, Ints(axes, 0)));
  window.dilation = TRY(call.ints_of(5, axes, Ints(axes, 1)));
  window.transposed = TRY(call.boolean_or(6, false));
  window.output_padding = TRY(call.ints_of(7, axes, Ints(axes, 0)));
  window.groups = TRY(call.integer_or(8, 1));
  return convolve(call, window);
}

// input, weight, bias, stride, padding, dilation, groups
Result<Value> plain_convolution(Call& call) {
  const size_t axes = TRY(spatial_axes(call));
  Window window;
  window.stride = TRY(call.ints_of(3, axes, Ints(axes, 1)));
  if (call.value(4).is(Value::Kind::kText)) {
    window.same = call.value(4).text == "same";
    window.padding = Ints(axes, 0);
  } else {
    window.padding = TRY(call.ints_of(4, axes, Ints(axes, 0)));
  }
  window.dilation = TRY(call.ints_of(5, axes, Ints(axes, 1)));
  window.groups = TRY(call.integer_or(6, 1));
  return convolve(call, window);
}

// input, weight, bias, stride, padding, output padding, groups, dilation
Result<Value> transposed_convolution(Call& call) {
  const size_t axes = TRY(spatial_axes(call));
  Window window;
  window.transposed = true;
  window.stride = TRY(call.ints_of(3, axes, Ints(axes, 1)));
  window.padding = TRY(call.ints_of(4, axes, Ints(axes, 0)));
  window.output_padding = TRY(call.ints_of(5, axes, Ints(axes, 0)));
  window.groups = TRY(call.integer_or(6, 1));
  window.dilation = TRY(call.ints_of(7, axes, Ints(axes, 1)));
  return convolve(call, window);
}

Result<Value> linear(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const ValueId weight = TRY(call.tensor(1));
  const ValueId bias = TRY(call.maybe_tensor(2));
  if (TRY(call.shape(x)).size() == 2 && TRY(call.shape(weight)).size() == 2) {
    return call.write(Op::kGemm, {x, weight, bias}, with("transB", int64_t{1}));
  }
  const ValueId product = TRY(call.step(Op::kMatMul, {x, TRY(call.transpose(weight, {1, 0}))}));
  return bias == kNoValue ? Value::of_tensor(product) : call.write(Op::kAdd, {product, bias});
}

Result<Value> matmul(Call& call) { return call.write(Op::kMatMul, {TRY(call.tensor(0)), TRY(call.tensor(1))}); }

// input, a, b, beta, alpha: beta · input + alpha · a · b
Result<Value> addmm(Call& call) {
  Attributes attributes;
  attributes.set("beta", static_cast<float>(TRY(call.number_or(3, 1, "beta"))));
  attributes.set("alpha", static_cast<float>(TRY(call.number_or(4, 1, "alpha"))));
  return call.write(Op::kGemm, {TRY(call.tensor(1)), TRY(call.tensor(2)), TRY(call.tensor(0))}, std::move(attributes));
}

Result<Value> einsum(Call& call) {
  const std::string equation = TRY(call.text_or(0, ""));
  return call.write(Op::kEinsum, TRY(call.tensors(1)), with("equation", equation));
}

// Ones or zeros where a normalization has no parameter.
Result<ValueId> channel_parameter(Call& call, size_t index, int64_t channels, float value) {
  if (call.has(index)) return call.tensor(index);
  Tensor tensor = TRY(Tensor::allocate(DType::kF32, {channels}));
  std::fill(tensor.mutable_values<float>().begin(), tensor.mutable_values<float>().end(), value);
  return call.add_constant(std::move(tensor));
}

Result<int64_t> channels_of(Call& call, ValueId x) {
  const Shape shape = TRY(call.shape(x));
  if (shape.size() < 2) return invalid_data("a normalization of shape {}", shape_text(shape));
  return shape[1];
}

// input, weight, bias, mean, variance, training, momentum, epsilon
Result<Value> batch_norm(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  if (TRY(call.boolean_or(5, false))) return unsupported("a batch normalization in training mode; call .eval() first");
  const int64_t channels = TRY(channels_of(call, x));
  const ValueId scale = TRY(channel_parameter(call, 1, channels, 1));
  const ValueId bias = TRY(channel_parameter(call, 2, channels, 0));
  return call.write(Op::kBatchNormalization, {x, scale, bias, TRY(call.tensor(3)), TRY(call.tensor(4))},
                    with("epsilon", static_cast<float>(TRY(call.number_or(7, 1e-5)))));
}

// input, weight, bias, mean, variance, use input's statistics, momentum, epsilon
Result<Value> instance_norm(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  if (!TRY(call.boolean_or(5, true))) return unsupported("an instance normalization with running statistics");
  const int64_t channels = TRY(channels_of(call, x));
  return call.write(Op::kInstanceNormalization,
                    {x, TRY(channel_parameter(call, 1, channels, 1)), TRY(channel_parameter(call, 2, channels, 0))},
                    with("epsilon", static_cast<float>(TRY(call.number_or(7, 1e-5)))));
}

// input, groups, weight, bias, epsilon
Result<Value> group_norm(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const int64_t channels = TRY(channels_of(call, x));
  Attributes attributes = with("epsilon", static_cast<float>(TRY(call.number_or(4, 1e-5))));
  attributes.set("num_groups", TRY(call.integer(1)));
  return call.write(Op::kGroupNormalization,
                    {x, TRY(channel_parameter(call, 2, channels, 1)), TRY(channel_parameter(call, 3, channels, 0))},
                    std::move(attributes));
}

// input, shape, weight, bias, epsilon
Result<Value> layer_norm(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const Ints shape = TRY(call.ints(1));
  ValueId weight = TRY(call.maybe_tensor(2));
  if (weight == kNoValue) {
    Tensor ones = TRY(Tensor::allocate(DType::kF32, shape));
    std::fill(ones.mutable_values<float>().begin(), ones.mutable_values<float>().end(), 1.0F);
    weight = call.add_constant(std::move(ones));
  }
  Attributes attributes = with("epsilon", static_cast<float>(TRY(call.number_or(4, 1e-5))));
  attributes.set("axis", -static_cast<int64_t>(shape.size()));
  return call.write(Op::kLayerNormalization, {x, weight, TRY(call.maybe_tensor(3))}, std::move(attributes));
}

// input, kernel, stride, padding, dilation, ceil
Result<Attributes> pool_attributes(Call& call, bool has_dilation) {
  const size_t axes = TRY(call.shape(TRY(call.tensor(0)))).size() - 2;
  if (axes < 1 || axes > 3) return unsupported("a pool without a batch axis");
  const Ints kernel = TRY(call.ints_of(1, axes, {}));
  Attributes attributes;
  attributes.set("kernel_shape", kernel);
  attributes.set("strides", TRY(call.ints_of(2, axes, kernel)));
  attributes.set("pads", both_ends(TRY(call.ints_of(3, axes, Ints(axes, 0)))));
  if (has_dilation) attributes.set("dilations", TRY(call.ints_of(4, axes, Ints(axes, 1))));
  attributes.set("ceil_mode", int64_t{TRY(call.boolean_or(has_dilation ? 5 : 4, false))});
  return attributes;
}

Result<Value> max_pool(Call& call) {
  Attributes attributes = TRY(pool_attributes(call, true));
  const ValueId result = TRY(call.step(Op::kMaxPool, {TRY(call.tensor(0))}, std::move(attributes)));
  if (!call.op().ends_with("with_indices")) return Value::of_tensor(result);
  return Value::of_items(Value::Kind::kTuple, {Value::of_tensor(result), Value()});
}

Result<Value> average_pool(Call& call) {
  Attributes attributes = TRY(pool_attributes(call, false));
  attributes.set("count_include_pad", int64_t{TRY(call.boolean_or(5, true))});
  if (call.has(6)) return unsupported("divisor_override");
  return call.write(Op::kAveragePool, {TRY(call.tensor(0))}, std::move(attributes));
}

template <bool kMaximum>
Result<Value> adaptive(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const size_t axes = TRY(call.shape(x)).size() - 2;
  if (axes < 1 || axes > 3) return unsupported("a pool without a batch axis");
  const ValueId result = TRY(adaptive_pool(call, x, TRY(call.ints_of(1, axes, {})), kMaximum));
  if (!kMaximum) return Value::of_tensor(result);
  return Value::of_items(Value::Kind::kTuple, {Value::of_tensor(result), Value()});
}

// query, key, value, mask, dropout, causal: softmax(q · kᵀ / √d + mask) · v
Result<Value> attention(Call& call) {
  const ValueId q = TRY(call.tensor(0));
  const ValueId k = TRY(call.tensor(1));
  if (TRY(call.boolean_or(5, false, "is_causal"))) return unsupported("causal attention");
  const Shape shape = TRY(call.shape(k));
  if (shape.size() < 2) return invalid_data("attention over shape {}", shape_text(shape));
  Ints perm;
  for (size_t axis = 0; axis < shape.size(); ++axis) perm.push_back(static_cast<int64_t>(axis));
  std::swap(perm[perm.size() - 1], perm[perm.size() - 2]);
  const auto scale = static_cast<float>(
      TRY(call.number_or(6, 1 / std::sqrt(static_cast<double>(std::max<int64_t>(shape.back(), 1))), "scale")));
  ValueId scores = TRY(call.step(Op::kMatMul, {q, TRY(call.transpose(k, std::move(perm)))}));
  scores = TRY(call.step(Op::kMul, {scores, call.add_constant(Tensor::scalar(scale))}));
  if (call.has(3, "attn_mask")) {
    const ValueId mask = TRY(call.tensor(3, "attn_mask"));
    if (call.dtype(mask) == DType::kBool) return unsupported("an attention mask of booleans");
    scores = TRY(call.step(Op::kAdd, {scores, mask}));
  }
  const ValueId weights = TRY(call.step(Op::kSoftmax, {scores}));
  return call.write(Op::kMatMul, {weights, TRY(call.tensor(2))});
}

constexpr OperatorRow kRows[] = {
    {"_convolution", convolution},
    {"_convolution_mode", plain_convolution},
    {"adaptive_avg_pool1d", adaptive<false>},
    {"adaptive_avg_pool2d", adaptive<false>},
    {"adaptive_avg_pool3d", adaptive<false>},
    {"adaptive_max_pool1d", adaptive<true>},
    {"adaptive_max_pool2d", adaptive<true>},
    {"addmm", addmm},
    {"avg_pool1d", average_pool},
    {"avg_pool2d", average_pool},
    {"avg_pool3d", average_pool},
    {"batch_norm", batch_norm},
    {"bmm", matmul},
    {"conv1d", plain_convolution},
    {"conv2d", plain_convolution},
    {"conv3d", plain_convolution},
    {"conv_transpose1d", transposed_convolution},
    {"conv_transpose2d", transposed_convolution},
    {"convolution", convolution},
    {"einsum", einsum},
    {"group_norm", group_norm},
    {"instance_norm", instance_norm},
    {"layer_norm", layer_norm},
    {"linear", linear},
    {"matmul", matmul},
    {"max_pool1d", max_pool},
    {"max_pool2d", max_pool},
    {"max_pool2d_with_indices", max_pool},
    {"max_pool3d", max_pool},
    {"mm", matmul},
    {"scaled_dot_product_attention", attention},
};

}  // namespace

Result<ValueId> adaptive_pool(Call& call, ValueId x, const Ints& output, bool is_maximum) {
  const Shape shape = TRY(call.shape(x));
  if (std::all_of(output.begin(), output.end(), [](int64_t extent) { return extent == 1; })) {
    return call.step(is_maximum ? Op::kGlobalMaxPool : Op::kGlobalAveragePool, {x});
  }
  Ints kernel;
  for (size_t axis = 0; axis < output.size(); ++axis) {
    const int64_t extent = shape[2 + axis];
    if (output[axis] < 1 || extent % output[axis] != 0) {
      return unsupported("adaptive pooling from {} to {}: windows of several sizes", extent, output[axis]);
    }
    kernel.push_back(std::max<int64_t>(extent / output[axis], 1));
  }
  Attributes attributes = with("kernel_shape", kernel);
  attributes.set("strides", kernel);
  return call.step(is_maximum ? Op::kMaxPool : Op::kAveragePool, {x}, std::move(attributes));
}

std::span<const OperatorRow> layer_operators() { return kRows; }

}  // namespace sixtops::importer::torchscript
