#include "cpu/engine/plan/run.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/checked.h"
#include "base/error.h"
#include "base/thread_pool.h"
#include "cpu/engine/float/fused_activation.h"
#include "cpu/engine/run_node.h"
#include "cpu/interpreter.h"

namespace sixtops::cpu::engine {
namespace {

// Kernels may compute neighbours of a row together, so threads take whole groups of this many pixels.
int64_t pixel_group(const Extent& extent) { return extent.width % 4 == 0 ? 4 : extent.width % 2 == 0 ? 2 : 1; }

// Fewer pixels than this are not split; blocks of channels are, where a task has enough of them for even shares.
constexpr int64_t kFewPixels = 16;
constexpr size_t kManyBlocks = 4;

void fill_lines(const std::vector<uint8_t>& line, uint8_t* to, int64_t bytes) {
  for (int64_t at = 0; at < bytes; at += static_cast<int64_t>(line.size())) {
    std::memcpy(to + at, line.data(), line.size());
  }
}

int64_t halo_rows(const HaloTask& halo) { return halo.extent.images * halo.extent.height; }

// The halo lines behind rows [first, last) of all images; those before the first row belong to it.
void fill_halo(const HaloTask& halo, int64_t first, int64_t last, uint8_t* arena) {
  uint8_t* const base = arena + halo.base;
  if (first == 0 && last > 0) fill_lines(halo.line, base - halo.front_bytes, halo.front_bytes);
  const int64_t width = halo.extent.width * halo.geometry.column;
  for (int64_t row = first; row < last; ++row) {
    const int64_t image = row / halo.extent.height;
    const int64_t y = row % halo.extent.height;
    const int64_t next = y == halo.extent.height - 1 ? halo.geometry.image - y * halo.geometry.row : halo.geometry.row;
    const int64_t end = next + (row == halo_rows(halo) - 1 ? halo.end_bytes : 0);
    fill_lines(halo.line, base + image * halo.geometry.image + y * halo.geometry.row + width, end - width);
  }
}

// The dense tensor of a value: a constant, an input of the graph, or what a step wrote.
const Tensor& dense_tensor(const Plan& plan, const Workspace& workspace, std::span<const Tensor> inputs, ValueId id) {
  if (const Tensor* const constant = plan.graph->constant(id)) return *constant;
  const std::vector<ValueId>& ids = plan.graph->inputs;
  const auto input = std::find(ids.begin(), ids.end(), id);
  return input == ids.end() ? workspace.tensors[static_cast<size_t>(id)]
                            : inputs[static_cast<size_t>(input - ids.begin())];
}

struct StepRun {
  const Plan& plan;
  Workspace& workspace;
  std::span<const Tensor> inputs;
  const RunHooks& hooks;
  std::span<const HaloTask> halos;  // of what the step writes
  uint8_t* arena;

  const KernelSet& kernels() const { return *plan.kernels; }

  const Tensor& dense(ValueId id) const { return dense_tensor(plan, workspace, inputs, id); }

  // Halos are filled by the threads that compute the rows beside them: no core then fetches lines that lie modified in
  // another one's cache.
  template <typename Body>
  Status for_pixels(const Extent& extent, const Body& body) const {
    const int64_t group = pixel_group(extent);
    const int64_t count = extent.pixels() / group;
    ThreadPool::process().parallel_for(count, [&](int64_t begin, int64_t end) {
      body(PixelRange{begin * group, end * group});
      for (const HaloTask& halo : halos) {
        fill_halo(halo, halo_rows(halo) * begin / count, halo_rows(halo) * end / count, arena);
      }
    });
    return {};
  }

  // A task of one block a plane, whose halos are in the order of the planes.
  template <typename Task, typename Block>
  Status split(const Task& task, KernelSet::Kernel<Task, Block> kernel) const {
    const std::span<const Block> blocks = task.blocks;
    if (task.extent.pixels() >= kFewPixels || blocks.size() < kManyBlocks) {
      return for_pixels(task.extent, [&](PixelRange range) { kernel(task, blocks, arena, range); });
    }
    const auto count = static_cast<int64_t>(blocks.size());
    const auto halo_count = static_cast<int64_t>(halos.size());
    ThreadPool::process().parallel_for(count, [&](int64_t begin, int64_t end) {
      kernel(task, blocks.subspan(static_cast<size_t>(begin), static_cast<size_t>(end - begin)), arena,
             {0, task.extent.pixels()});
      for (int64_t i = halo_count * begin / count; i < halo_count * end / count; ++i) {
        const HaloTask& halo = halos[static_cast<size_t>(i)];
        fill_halo(halo, 0, halo_rows(halo), arena);
      }
    });
    return {};
  }

  Status operator()(const ConvolutionTask& task) const { return split(task, kernels().convolve); }
  Status operator()(const DepthwiseTask& task) const { return split(task, kernels().depthwise); }
  Status operator()(const TableTask& task) const { return split(task, kernels().table); }
  Status operator()(const AdditionTask& task) const { return split(task, kernels().add); }
  Status operator()(const ProductTask& task) const { return split(task, kernels().multiply); }
  Status operator()(const PoolTask& task) const { return split(task, kernels().pool); }
  Status operator()(const CopyTask& task) const {
    return for_pixels(task.extent, [&](PixelRange range) { copy_lines(task, arena, range); });
  }
  Status operator()(const ResampleTask& task) const {
    return for_pixels(task.extent, [&](PixelRange range) { resample_lines(task, arena, range); });
  }

  Status operator()(const ImportStep& import) const {
    const int8_t* const codes = dense(import.value).values<int8_t>().data();
    return for_pixels(import.task.extent,
                      [&](PixelRange range) { kernels().import_codes(import.task, codes, arena, range); });
  }

  Status operator()(const ExportStep& step_task) const {
    const Value& value = plan.graph->value(step_task.value);
    Tensor& tensor = workspace.tensors[static_cast<size_t>(step_task.value)];
    const bool reusable =
        tensor.dtype() == value.dtype && tensor.shape() == *value.shape && tensor.bytes().use_count() == 1;
    if (!reusable) tensor = TRY(Tensor::allocate_for_overwrite(value.dtype, *value.shape));
    const BorderTask& task = step_task.task;
    if (value.dtype == DType::kI32) {
      int32_t* const sums = tensor.mutable_values<int32_t>().data();
      return for_pixels(task.extent, [&](PixelRange range) { kernels().export_sums(task, arena, sums, range); });
    }
    int8_t* const codes = tensor.mutable_values<int8_t>().data();
    return for_pixels(task.extent, [&](PixelRange range) { kernels().export_codes(task, arena, codes, range); });
  }

  Status operator()(const NodeStep& node_step) const {
    const Node& node = plan.graph->nodes[static_cast<size_t>(node_step.node)];
    std::vector<Tensor> operands;
    for (const ValueId id : node.inputs) operands.push_back(id == kNoValue ? Tensor() : dense(id));
    std::vector<Tensor> results;
    const Node* writer = &node;
    if (node_step.activation >= 0) {
      writer = &plan.graph->nodes[static_cast<size_t>(node_step.activation)];
      results = TRY(run_with_activation(node, *writer, operands));
    } else {
      results = TRY(hooks.run_node ? hooks.run_node(node, operands) : run_node(node, operands));
    }
    const std::vector<ValueId>& outputs = writer->outputs;
    if (results.size() != outputs.size()) {
      return internal_error("node '{}': the kernel of {} gave {} outputs, the node has {}", writer->name,
                            op_info(writer->op).name, results.size(), outputs.size());
    }
    for (size_t i = 0; i < results.size(); ++i) {
      if (outputs[i] != kNoValue) workspace.tensors[static_cast<size_t>(outputs[i])] = std::move(results[i]);
    }
    return {};
  }
};

// Float steps may keep references to what they got, so only codes and sums that the plan itself wrote may stay for the
// next run.
bool may_stay(const Plan& plan, ValueId id) {
  const DType dtype = plan.graph->value(id).dtype;
  return dtype == DType::kI8 || dtype == DType::kI32;
}
bool stays(const Plan& plan, const Workspace& workspace, ValueId id) {
  return may_stay(plan, id) && workspace.tensors[static_cast<size_t>(id)].bytes().use_count() == 1;
}

// The dense tensors that a step writes.
std::vector<ValueId> dense_outputs(const Plan& plan, const PlanStep& step) {
  if (const auto* const border = std::get_if<ExportStep>(&step.task)) return {border->value};
  const auto* const node = std::get_if<NodeStep>(&step.task);
  if (node == nullptr) return {};
  std::vector<ValueId> ids =
      plan.graph->nodes[static_cast<size_t>(node->activation >= 0 ? node->activation : node->node)].outputs;
  std::erase(ids, kNoValue);
  return ids;
}

}  // namespace

Result<Workspace> make_workspace(const Plan& plan) {
  Workspace workspace;
  workspace.arena = TRY(allocate_plan_memory(plan.arena_bytes));
  workspace.tensors.resize(plan.graph->values.size());
  return workspace;
}

Result<int64_t> dense_tensor_bytes(const Plan& plan) {
  int64_t live = 0;
  const auto add = [&](ValueId id) -> Status {
    live = TRY(checked_add(live, TRY(value_bytes(plan.graph->value(id)))));
    return {};
  };
  for (const ValueId id : plan.graph->inputs) TRY(add(id));
  int64_t most = live;
  for (const PlanStep& step : plan.steps) {
    for (const ValueId id : dense_outputs(plan, step)) TRY(add(id));
    most = std::max(most, live);
    for (const ValueId id : step.released) {
      if (!may_stay(plan, id)) live -= TRY(value_bytes(plan.graph->value(id)));
    }
  }
  return most;
}

Status run(const Plan& plan, Workspace& workspace, std::span<const Tensor> inputs, std::span<Tensor> outputs,
           const RunHooks& hooks) {
  const Graph& graph = *plan.graph;
  if (outputs.size() != graph.outputs.size()) {
    return usage_error("{} output tensors, the graph has {} outputs", outputs.size(), graph.outputs.size());
  }
  TRY(check_inputs(graph, inputs));
  const auto slot = [&](ValueId id) -> Tensor& { return workspace.tensors[static_cast<size_t>(id)]; };
  // The output that a value is written to: the first of those that name it.
  const auto is_written = [&](size_t output) {
    const ValueId id = graph.outputs[output];
    return &dense_tensor(plan, workspace, inputs, id) == &slot(id) &&
           std::find(graph.outputs.begin(), graph.outputs.end(), id) - graph.outputs.begin() ==
               static_cast<std::ptrdiff_t>(output);
  };
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (is_written(i)) std::swap(slot(graph.outputs[i]), outputs[i]);
  }

  auto* const arena = const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(workspace.arena.data()));
  for (const PlanStep& step : plan.steps) {
    if (hooks.before_step) hooks.before_step(step);
    TRY(std::visit(StepRun{plan, workspace, inputs, hooks, step.halos, arena}, step.task));
    if (hooks.after_step) hooks.after_step(step);
    for (const ValueId id : step.released) {
      if (!stays(plan, workspace, id)) slot(id) = {};
    }
  }

  for (size_t i = outputs.size(); i-- > 0;) {
    const ValueId id = graph.outputs[i];
    if (is_written(i)) {
      std::swap(slot(id), outputs[i]);
    } else {
      outputs[i] = dense_tensor(plan, workspace, inputs, id);
    }
  }
  return {};
}

}  // namespace sixtops::cpu::engine
