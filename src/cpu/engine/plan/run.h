// Runs a plan (plan.h).
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "cpu/engine/plan/plan.h"
#include "cpu/interpreter.h"

namespace sixtops::cpu::engine {

// What a run writes, and keeps for the next one: after the first run of an integer network, runs allocate nothing.
struct Workspace {
  SharedBytes arena;
  std::vector<Tensor> tensors;  // dense, by value id
};

Result<Workspace> make_workspace(const Plan& plan);

// The most bytes of dense tensors that a run holds at once beside the arena: inputs, borders, float regions.
// kUnsupported names a tensor whose size is found while running.
Result<int64_t> dense_tensor_bytes(const Plan& plan);

struct RunHooks {
  NodeFunction run_node;  // for the nodes that the plan leaves to it; empty: engine::run_node
  // Around each step, for time tables.
  std::function<void(const PlanStep&)> before_step;
  std::function<void(const PlanStep&)> after_step;
};

// inputs: one a graph input, of its dtype and shape (kInvalidData names the input otherwise). outputs: one a graph
// output; a tensor of the right type and shape that nobody else shares is written into, any other is replaced. Splits
// its work over the process's thread pool; results do not depend on the split.
Status run(const Plan& plan, Workspace& workspace, std::span<const Tensor> inputs, std::span<Tensor> outputs,
           const RunHooks& hooks = {});

}  // namespace sixtops::cpu::engine
