// Sums of products and windows. Weights come as output, height, width, input (depthwise: 1, height, width, channels)
// and go as output, input, height, width.
#include <algorithm>

#include "base/error.h"
#include "importer/tflite/translators.h"

namespace sixtops::importer::tflite {
namespace {

namespace wire = sixtops::wire::tflite;
using wire::Operation;

const Ints kWeightOrder = {0, 3, 1, 2};
const Ints kDepthwiseOrder = {3, 0, 1, 2};
const Ints kTransposedOrder = {3, 0, 1, 2};  // ConvTranspose wants the input channels first

template <typename Options>
Attributes window_attributes(const Options& options) {
  Attributes attributes;
  attributes.set("strides", Ints{options.stride_h(), options.stride_w()});
  attributes.set("auto_pad", std::string(options.padding() == wire::Padding::SAME ? "SAME_UPPER" : "VALID"));
  return attributes;
}

template <typename Options>
Status convolve(Translation& op, const Ints& weight_order) {
  TRY(op.expect(2, 3));
  const Options& options = *TRY(op.options<Options>());
  const ValueId x = TRY(op.picture(0));
  const ValueId w = TRY(op.weights(1, weight_order));
  std::vector<ValueId> operands = {x, w};
  if (op.has_input(2)) operands.push_back(TRY(op.weights(2, {0})));
  Attributes attributes = window_attributes(options);
  attributes.set("dilations", Ints{options.dilation_h(), options.dilation_w()});
  const int64_t group_channels = op.shape(w)[1];
  const int64_t channels = op.shape(x)[1];
  if (group_channels < 1 || channels % group_channels != 0) {
    return invalid_data("{} input channels do not fit weights for {}", channels, group_channels);
  }
  attributes.set("group", channels / group_channels);
  const ValueId sum = TRY(op.step(Op::kConv, std::move(operands), std::move(attributes)));
  return op.write(TRY(op.activate(sum, options.activation())));
}

Status convolution(Translation& op) { return convolve<wire::Conv2DOptions>(op, kWeightOrder); }

Status depthwise_convolution(Translation& op) { return convolve<wire::DepthwiseConv2DOptions>(op, kDepthwiseOrder); }

// Operands: shape of the result, weights, input, bias.
Status transposed_convolution(Translation& op) {
  TRY(op.expect(3, 4));
  const wire::TransposeConvOptions& options = *TRY(op.options<wire::TransposeConvOptions>());
  const Ints result = TRY(op.ints(0));
  const ValueId x = TRY(op.picture(2));
  const ValueId w = TRY(op.weights(1, kTransposedOrder));
  std::vector<ValueId> operands = {x, w};
  if (op.has_input(3)) operands.push_back(TRY(op.weights(3, {0})));
  if (result.size() != 4) return invalid_data("the result has {} axes, expected 4", result.size());
  const Ints strides = {options.stride_h(), options.stride_w()};
  Ints pads(4, 0);
  Ints output_padding(2, 0);
  for (size_t axis = 0; axis < 2; ++axis) {
    const int64_t natural = (op.shape(x)[2 + axis] - 1) * strides[axis] + op.shape(w)[2 + axis];
    const int64_t cut = natural - result[1 + axis];
    if (cut < 0) output_padding[axis] = -cut;
    pads[axis] = std::max<int64_t>(cut, 0) / 2;
    pads[2 + axis] = std::max<int64_t>(cut, 0) - pads[axis];
  }
  Attributes attributes;
  attributes.set("strides", strides);
  attributes.set("pads", pads);
  attributes.set("output_padding", output_padding);
  const ValueId sum = TRY(op.step(Op::kConvTranspose, std::move(operands), std::move(attributes)));
  return op.write(TRY(op.activate(sum, options.activation())));
}

Status pool(Translation& op) {
  TRY(op.expect(1, 1));
  const wire::Pool2DOptions& options = *TRY(op.options<wire::Pool2DOptions>());
  Attributes attributes = window_attributes(options);
  attributes.set("kernel_shape", Ints{options.filter_height(), options.filter_width()});
  const bool is_average = op.operation() == Operation::AVERAGE_POOL_2D;
  const ValueId result =
      TRY(op.step(is_average ? Op::kAveragePool : Op::kMaxPool, {TRY(op.picture(0))}, std::move(attributes)));
  return op.write(TRY(op.activate(result, options.activation())));
}

// The input is a matrix whose rows have as many entries as the weights', whatever shape it comes in.
Status fully_connected(Translation& op) {
  TRY(op.expect(2, 3));
  const wire::FullyConnectedOptions& options = *TRY(op.options<wire::FullyConnectedOptions>());
  if (options.weights_format() != 0) return unsupported("shuffled weights");
  ValueId x = TRY(op.plain(0));
  const ValueId w = TRY(op.weights(1, {0, 1}));
  const Shape input = op.shape(x);
  const int64_t depth = op.shape(w)[1];
  if (input.size() != 2) {
    Attributes attributes;
    attributes.set("shape", Ints{-1, depth});
    x = TRY(op.step_in_order(false, Op::kReshape, {x}, std::move(attributes)));
  }
  std::vector<ValueId> operands = {x, w};
  if (op.has_input(2)) operands.push_back(TRY(op.weights(2, {0})));
  Attributes attributes;
  attributes.set("transB", int64_t{1});
  ValueId result = TRY(op.step(Op::kGemm, std::move(operands), std::move(attributes)));
  if (options.keep_num_dims() && input.size() != 2 && !input.empty()) {
    Ints shape(input.begin(), input.end());
    shape.back() = op.shape(w)[0];
    Attributes reshape;
    reshape.set("shape", std::move(shape));
    result = TRY(op.step_in_order(false, Op::kReshape, {result}, std::move(reshape)));
  }
  return op.write(TRY(op.activate(result, options.activation())));
}

Result<ValueId> with_last_axes_swapped(Translation& op, ValueId id) {
  Ints perm;
  const auto rank = static_cast<int64_t>(op.shape(id).size());
  if (rank < 2) return invalid_data("a matrix product of a tensor with {} axes", rank);
  for (int64_t axis = 0; axis < rank; ++axis) perm.push_back(axis);
  std::swap(perm[perm.size() - 1], perm[perm.size() - 2]);
  Attributes attributes;
  attributes.set("perm", std::move(perm));
  return op.step_in_order(false, Op::kTranspose, {id}, std::move(attributes));
}

Status matrix_product(Translation& op) {
  TRY(op.expect(2, 2));
  const auto* options = op.maybe_options<wire::BatchMatMulOptions>();
  ValueId a = TRY(op.plain(0));
  ValueId b = TRY(op.plain(1));
  if (options != nullptr && options->adj_x()) a = TRY(with_last_axes_swapped(op, a));
  if (options != nullptr && options->adj_y()) b = TRY(with_last_axes_swapped(op, b));
  return op.write(TRY(op.step_in_order(false, Op::kMatMul, {a, b})));
}

constexpr TranslatorRow kRows[] = {
    {Operation::CONV_2D, convolution},
    {Operation::DEPTHWISE_CONV_2D, depthwise_convolution},
    {Operation::TRANSPOSE_CONV, transposed_convolution},
    {Operation::AVERAGE_POOL_2D, pool},
    {Operation::MAX_POOL_2D, pool},
    {Operation::FULLY_CONNECTED, fully_connected},
    {Operation::BATCH_MATMUL, matrix_product},
};

}  // namespace

std::span<const TranslatorRow> convolution_translators() { return kRows; }

}  // namespace sixtops::importer::tflite
