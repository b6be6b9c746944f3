// Convolutions: batch and channels, then the windows of graph/window.h.
#include "graph/shape/rule.h"
#include "graph/window.h"

namespace sixtops::shape_rules {
namespace {

struct Operands {
  const Shape* data;
  const Shape* weights;
  const Shape* bias;
};

// Rank of data or weights, whichever is known; 0 when neither is.
Result<size_t> common_rank(const Operands& operands) {
  for (const Shape* shape : {operands.data, operands.weights}) {
    if (shape != nullptr && shape->size() < 3) {
      return invalid_data("operand of shape {}, expected at least one spatial axis", shape_text(*shape));
    }
  }
  if (operands.data == nullptr && operands.weights == nullptr) return 0;
  const size_t rank = (operands.data != nullptr ? operands.data : operands.weights)->size();
  TRY(expect_rank(operands.weights, rank, "weights"));
  return rank;
}

Status check_bias(const Operands& operands, int64_t channels) {
  TRY(expect_rank(operands.bias, 1, "the bias"));
  if (operands.bias != nullptr) TRY(agree(channels, operands.bias->front(), "the number of output channels"));
  return {};
}

using Resolve = Result<std::vector<Window>> (*)(const Node&, const Shape&, std::span<const int64_t>);

// Batch, output channels and window outputs.
Result<std::optional<Shape>> output_shape(const ShapeArguments& arguments, const Operands& operands, size_t rank,
                                          int64_t channels, Resolve resolve) {
  if (rank == 0) return std::optional<Shape>();
  const Shape data = operands.data != nullptr ? *operands.data : unknown_extents(rank);
  const Shape weights = operands.weights != nullptr ? *operands.weights : unknown_extents(rank);
  Shape shape = {data[0], channels};
  for (const Window& window : TRY(resolve(arguments.node, data, std::span(weights).subspan(2)))) {
    shape.push_back(window.output);
  }
  return std::optional(shape);
}

Result<std::optional<Shape>> convolution_shape(const ShapeArguments& arguments, const Operands& operands) {
  const size_t rank = TRY(common_rank(operands));
  const int64_t groups = arguments.node.get_int("group");
  int64_t channels = kUnknownExtent;
  if (operands.weights != nullptr) {
    const Shape& weights = *operands.weights;
    channels = weights[0];
    if (channels >= 0 && channels % groups != 0)
      return invalid_data("{} output channels in {} groups", channels, groups);
    const int64_t expected = weights[1] < 0 ? kUnknownExtent : TRY(checked_multiply(weights[1], groups));
    if (operands.data != nullptr) TRY(agree((*operands.data)[1], expected, "the number of input channels"));
  }
  TRY(check_bias(operands, channels));
  return output_shape(arguments, operands, rank, channels, resolve_windows);
}

}  // namespace

Result<Types> convolution(const ShapeArguments& arguments) {
  const Op op = arguments.node.op;
  Operands operands{arguments.shape(0), arguments.shape(1), nullptr};
  if (op == Op::kConv) operands.bias = arguments.shape(2);
  if (op == Op::kDeformConv) operands.bias = arguments.shape(3);
  const bool sums = op == Op::kConvInteger || (op == Op::kConv && arguments.node.get_int("accumulator_output") != 0);
  const DType dtype = sums ? DType::kI32 : arguments.input(0).dtype;
  return Types{{dtype, TRY(convolution_shape(arguments, operands))}};
}

// x, its scale and zero point, w, its scale and zero point, scale and zero point of y, bias.
Result<Types> qlinear_convolution(const ShapeArguments& arguments) {
  const Operands operands{arguments.shape(0), arguments.shape(3), arguments.shape(8)};
  return Types{{arguments.input(7).dtype, TRY(convolution_shape(arguments, operands))}};
}

Result<Types> convolution_transpose(const ShapeArguments& arguments) {
  const Operands operands{arguments.shape(0), arguments.shape(1), arguments.shape(2)};
  const size_t rank = TRY(common_rank(operands));
  const int64_t groups = arguments.node.get_int("group");
  int64_t channels = kUnknownExtent;
  if (operands.weights != nullptr) {
    const Shape& weights = *operands.weights;
    if (weights[1] >= 0) channels = TRY(checked_multiply(weights[1], groups));
    int64_t inputs = weights[0];
    if (operands.data != nullptr) inputs = TRY(agree((*operands.data)[1], inputs, "the number of input channels"));
    if (inputs >= 0 && inputs % groups != 0) return invalid_data("{} input channels in {} groups", inputs, groups);
  }
  TRY(check_bias(operands, channels));
  return Types{
      {arguments.input(0).dtype, TRY(output_shape(arguments, operands, rank, channels, resolve_transposed_windows))}};
}

}  // namespace sixtops::shape_rules
