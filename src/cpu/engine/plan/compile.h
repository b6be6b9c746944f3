// Compiles a graph to a plan (plan.h).
#pragma once

#include "cpu/engine/plan/plan.h"

namespace sixtops::cpu::engine {

// The graph and the kernels outlive the plan. Nodes that the kernels have no form for run through run_node, which the
// plan says in its steps' kernel names. kResource when sizes overflow or memory ends.
Result<Plan> compile(const Graph& graph, const KernelSet& kernels);

}  // namespace sixtops::cpu::engine
