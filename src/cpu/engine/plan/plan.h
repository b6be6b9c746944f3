// The plan of a network: what to compute in which order, compiled once for one graph and one instruction set.
//
//   const auto plan = TRY(compile(graph, kernels));      // packs weights; shared by the sessions of a model
//   Workspace workspace = TRY(make_workspace(*plan));    // one a session
//   TRY(run(*plan, workspace, inputs, outputs));
//
// Integer nodes compute on planes in the workspace's arena with the kernels of kernel/kernel_set.h; their results are
// the bytes of cpu/reference. Every other node runs through engine::run_node on dense tensors, and the plan converts at
// the borders. Thread safety: a plan is constant; a workspace belongs to one run at a time.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "cpu/engine/kernel/copy.h"
#include "cpu/engine/kernel/kernel_set.h"
#include "cpu/engine/kernel/resample.h"
#include "cpu/engine/plan/plan_memory.h"
#include "graph/graph.h"

namespace sixtops::cpu::engine {

// Halo lines of a plane, all alike.
struct HaloTask {
  Extent extent;
  int64_t base = 0;  // of pixel 0
  Geometry geometry;
  int64_t front_bytes = 0;  // before pixel 0
  int64_t end_bytes = 0;    // of the last image's rows below, at most the geometry's image distance
  std::vector<uint8_t> line;
};

struct ImportStep {
  BorderTask task;
  ValueId value = kNoValue;  // a dense i8 tensor
};
struct ExportStep {
  BorderTask task;
  ValueId value = kNoValue;  // becomes a dense i8 or i32 tensor
};
struct NodeStep {
  int node = 0;         // of the graph, through run_node
  int activation = -1;  // a node that is computed with it (float/fused_activation.h), or none
};

using StepTask = std::variant<ConvolutionTask, DepthwiseTask, TableTask, AdditionTask, ProductTask, PoolTask, CopyTask,
                              ResampleTask, ImportStep, ExportStep, NodeStep>;

struct PlanStep {
  StepTask task;
  std::vector<HaloTask> halos;    // of what the step writes
  std::vector<ValueId> released;  // dense tensors that nobody reads after this step
  std::vector<int> nodes;         // that it computes, the one with the work first; the reader or writer at borders
  std::string_view kernel;        // who computes it, as in time tables
  int64_t macs = 0;
};

struct Plan {
  const Graph* graph = nullptr;  // outlives the plan
  const KernelSet* kernels = nullptr;
  std::vector<PlanStep> steps;
  std::vector<std::unique_ptr<const StepTable>> step_tables;  // that convolution blocks point to
  ConstantMemory constants;                                   // packed weights, tables
  std::vector<std::unique_ptr<const Addition>> additions;
  int64_t arena_bytes = 0;
};

}  // namespace sixtops::cpu::engine
