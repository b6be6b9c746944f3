// An activation that a float convolution computes on its way out, so that its result passes the memory once.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "graph/graph.h"

namespace sixtops::cpu::engine {

// The index of the activation that is the one reader of a float32 convolution and has its constants in attributes.
std::optional<int> find_activation(const Graph& graph, const Uses& uses, int convolution);

// The activation's result for the convolution's operands.
Result<std::vector<Tensor>> run_with_activation(const Node& convolution, const Node& activation,
                                                std::span<const Tensor> inputs);

}  // namespace sixtops::cpu::engine
