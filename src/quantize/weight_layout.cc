#include "quantize/weight_layout.h"

#include <numeric>

namespace sixtops::quantize {
namespace {

WeightLayout rows_first(int64_t rows, int64_t columns) {
  WeightLayout layout{rows, columns, std::vector<size_t>(static_cast<size_t>(rows * columns)), 1, 0};
  std::iota(layout.order.begin(), layout.order.end(), size_t{0});
  return layout;
}

WeightLayout columns_first(int64_t rows, int64_t columns) {
  WeightLayout layout{rows, columns, {}, 1, 0};
  layout.order.reserve(static_cast<size_t>(rows * columns));
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t c = 0; c < columns; ++c) layout.order.push_back(static_cast<size_t>(c * rows + r));
  }
  return layout;
}

WeightLayout transposed_convolution(const Shape& shape, int64_t group, int64_t taps) {
  const int64_t inputs = shape[0] / group;
  const int64_t outputs = shape[1];
  WeightLayout layout{group * outputs, inputs * taps, {}, taps, 1};
  for (int64_t row = 0; row < layout.rows; ++row) {
    for (int64_t i = 0; i < inputs; ++i) {
      const int64_t channel = row / outputs * inputs + i;
      for (int64_t t = 0; t < taps; ++t) {
        layout.order.push_back(static_cast<size_t>((channel * outputs + row % outputs) * taps + t));
      }
    }
  }
  return layout;
}

}  // namespace

WeightLayout weight_layout(const Graph& graph, const Node& node) {
  const Shape& shape = *graph.value(node.inputs[1]).shape;
  int64_t taps = 1;
  for (size_t i = 2; i < shape.size(); ++i) taps *= shape[i];
  if (node.op == Op::kConv) {
    WeightLayout layout = rows_first(shape[0], shape[1] * taps);
    layout.columns_per_channel = taps;
    layout.output_channel_axis = 1;
    return layout;
  }
  if (node.op == Op::kConvTranspose) return transposed_convolution(shape, node.get_int("group"), taps);
  const bool rows_are_outputs = node.op == Op::kGemm && node.get_int("transB") != 0;
  WeightLayout layout = rows_are_outputs ? rows_first(shape[0], shape[1]) : columns_first(shape[1], shape[0]);
  layout.output_channel_axis = static_cast<int>(graph.value(node.outputs[0]).shape->size()) - 1;
  return layout;
}

WeightMatrix to_matrix(const WeightLayout& layout, const Tensor& weights) {
  WeightMatrix matrix{layout.rows, layout.columns, {}};
  matrix.values.reserve(layout.order.size());
  const auto values = weights.values<float>();
  for (const size_t index : layout.order) matrix.values.push_back(values[index]);
  return matrix;
}

Tensor from_matrix(const WeightLayout& layout, const std::vector<int8_t>& codes, const Shape& shape, DType dtype) {
  Tensor tensor = Tensor::allocate(dtype, shape).value();  // no larger than the float weights that exist
  for (size_t i = 0; i < codes.size(); ++i) {
    if (dtype == DType::kI8) {
      tensor.mutable_values<int8_t>()[layout.order[i]] = codes[i];
    } else {
      tensor.mutable_values<float>()[layout.order[i]] = static_cast<float>(codes[i]);
    }
  }
  return tensor;
}

}  // namespace sixtops::quantize
