#include "cpu/engine/run_node.h"

#include "cpu/reference/kernel.h"

namespace sixtops::cpu::engine {

Result<std::vector<Tensor>> run_node(const Node& node, std::span<const Tensor> inputs) {
  return reference::run_node(node, inputs);
}

std::string_view kernel_name(const Node&, std::span<const Tensor>) { return "reference"; }

}  // namespace sixtops::cpu::engine
