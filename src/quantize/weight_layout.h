// How the weight tensors of the weighted ops read as one matrix: a row an output channel, a column a product.
#pragma once

#include <vector>

#include "graph/graph.h"
#include "quantize/weights.h"

namespace sixtops::quantize {

struct WeightLayout {
  int64_t rows = 0;
  int64_t columns = 0;
  std::vector<size_t> order;        // flat tensor index of matrix element (row · columns + column)
  int64_t columns_per_channel = 0;  // consecutive columns that read the same input channel (kernel taps)
  int output_channel_axis = 0;      // of the node's output
};

// Conv OIHW; ConvTranspose I(O/group)HW; Gemm [k, n] or transposed; MatMul [k, n].
WeightLayout weight_layout(const Graph& graph, const Node& node);

WeightMatrix to_matrix(const WeightLayout& layout, const Tensor& weights);
Tensor from_matrix(const WeightLayout& layout, const std::vector<int8_t>& codes, const Shape& shape, DType dtype);

}  // namespace sixtops::quantize
