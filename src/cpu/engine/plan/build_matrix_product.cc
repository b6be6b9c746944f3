// Gemm and MatMul in integer form: rows of the first operand are images of one pixel.
#include "cpu/engine/plan/build_products.h"
#include "cpu/reference/integer.h"

namespace sixtops::cpu::engine {

Result<bool> build_matrix_product(Compiler& compiler, int index) {
  const Graph& graph = compiler.graph();
  const Node& node = graph.nodes[static_cast<size_t>(index)];
  if (!reference::is_integer_form(node)) return false;
  const Tensor* const weights = graph.constant(node.inputs[1]);
  const Tensor* const bias = node.has_input(2) ? graph.constant(node.inputs[2]) : nullptr;
  if (weights == nullptr || weights->dtype() != DType::kI8 || (node.has_input(2) && bias == nullptr)) return false;
  const Value& data = graph.value(node.inputs[0]);
  const bool is_gemm = node.op == Op::kGemm;
  if (data.dtype != DType::kI8 || !data.shape || data.shape->size() != 2 || weights->rank() != 2) return false;
  if (is_gemm && node.get_int("transA") != 0) return false;
  const bool rows_are_channels = is_gemm && node.get_int("transB") != 0;
  const int64_t rows = weights->shape()[0];
  const int64_t columns = weights->shape()[1];
  Products products;
  products.channels = rows_are_channels ? rows : columns;
  products.group_inputs = rows_are_channels ? columns : rows;
  if (products.channels < 1 || products.group_inputs < 1 || products.group_inputs != data.shape->back()) return false;
  products.taps = {{0, 0}};
  const auto codes = weights->values<int8_t>();
  for (int64_t c = 0; c < products.channels; ++c) {
    for (int64_t k = 0; k < products.group_inputs; ++k) {
      const int64_t place = rows_are_channels ? c * columns + k : k * columns + c;
      products.weights.push_back(codes[static_cast<size_t>(place)]);
    }
  }
  if (!read_parameters(node, bias, products)) return false;
  const std::optional<View> input = compiler.view(node.inputs[0]);
  if (!input) return false;
  products.extent = input->extent;
  std::vector<Products> phases;
  phases.push_back(std::move(products));
  add_products(compiler, index, *input, 0, std::move(phases), input->extent);
  return true;
}

}  // namespace sixtops::cpu::engine
