#include "cpu/engine/float/fused_activation.h"

#include "cpu/engine/float/convolution.h"
#include "cpu/engine/run_node.h"

namespace sixtops::cpu::engine {
namespace {

bool is_float32(const Graph& graph, const Node& node) {
  return node.precision == Precision::kFloat32 && graph.value(node.inputs[0]).dtype == DType::kF32;
}

}  // namespace

std::optional<int> find_activation(const Graph& graph, const Uses& uses, int convolution) {
  const Node& node = graph.nodes[static_cast<size_t>(convolution)];
  if (node.op != Op::kConv || !is_float32(graph, node)) return std::nullopt;
  const auto result = static_cast<size_t>(node.outputs[0]);
  if (uses.is_output[result] || uses.readers[result].size() != 1) return std::nullopt;
  const int reader = uses.readers[result][0];
  const Node& activation = graph.nodes[static_cast<size_t>(reader)];
  // Its only operand is the convolution's result.
  if (!is_activation(activation.op) || activation.inputs.size() != 1 || !is_float32(graph, activation)) {
    return std::nullopt;
  }
  return reader;
}

Result<std::vector<Tensor>> run_with_activation(const Node& convolution, const Node& activation,
                                                std::span<const Tensor> inputs) {
  const Arguments arguments{convolution, inputs};
  const Result<reference::ConvolutionTerms> terms =
      reference::ConvolutionTerms::make(convolution, inputs[0].shape(), inputs[1].shape());
  if (terms.ok() && is_float_product(arguments, *terms)) {
    return float_convolution(arguments, *terms, read_activation({activation, {}}));
  }
  const std::vector<Tensor> sums = TRY(run_node(convolution, inputs));
  return run_node(activation, sums);
}

}  // namespace sixtops::cpu::engine
