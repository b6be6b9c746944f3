#include "cpu/engine/plan/run.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/error.h"
#include "base/thread_pool.h"
#include "cpu/engine/float/fused_activation.h"
#include "cpu/engine/run_node.h"
#include "cpu/interpreter.h"

namespace sixtops::cpu::engine {
namespace {

// Kernels may compute neighbours of a row together, so threads take whole groups of this many pixels.
int64_t pixel_group(const Extent& extent) { return extent.width % 4 == 0 ? 4 : extent.width % 2 == 0 ? 2 : 1; }

// Fewer pixels than this are not split; blocks of channels are, where a task has several.
constexpr int64_t kFewPixels = 64;

template <typename Body>
void for_pixels(const Extent& extent, const Body& body) {
  const int64_t group = pixel_group(extent);
  ThreadPool::process().parallel_for(extent.pixels() / group, [&](int64_t begin, int64_t end) {
    body(PixelRange{begin * group, end * group});
  });
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
  uint8_t* arena;

  const KernelSet& kernels() const { return *plan.kernels; }

  const Tensor& dense(ValueId id) const { return dense_tensor(plan, workspace, inputs, id); }

  Status operator()(const ConvolutionTask& task) const {
    const std::span<const ConvolutionBlock> blocks = task.blocks;
    if (task.extent.pixels() < kFewPixels && blocks.size() > 1) {
      ThreadPool::process().parallel_for(static_cast<int64_t>(blocks.size()), [&](int64_t begin, int64_t end) {
        kernels().convolve(task, blocks.subspan(static_cast<size_t>(begin), static_cast<size_t>(end - begin)), arena,
                           {0, task.extent.pixels()});
      });
    } else {
      for_pixels(task.extent, [&](PixelRange range) { kernels().convolve(task, blocks, arena, range); });
    }
    return {};
  }
  Status operator()(const DepthwiseTask& task) const {
    for_pixels(task.extent, [&](PixelRange range) { kernels().depthwise(task, arena, range); });
    return {};
  }
  Status operator()(const TableTask& task) const {
    for_pixels(task.extent, [&](PixelRange range) { kernels().table(task, arena, range); });
    return {};
  }
  Status operator()(const AdditionTask& task) const {
    for_pixels(task.extent, [&](PixelRange range) { kernels().add(task, arena, range); });
    return {};
  }
  Status operator()(const ProductTask& task) const {
    for_pixels(task.extent, [&](PixelRange range) { kernels().multiply(task, arena, range); });
    return {};
  }
  Status operator()(const PoolTask& task) const {
    for_pixels(task.extent, [&](PixelRange range) { kernels().pool(task, arena, range); });
    return {};
  }
  Status operator()(const CopyTask& task) const {
    for_pixels(task.extent, [&](PixelRange range) { copy_lines(task, arena, range); });
    return {};
  }
  Status operator()(const ResampleTask& task) const {
    for_pixels(task.extent, [&](PixelRange range) { resample_lines(task, arena, range); });
    return {};
  }

  Status operator()(const ImportStep& import) const {
    const int8_t* const codes = dense(import.value).values<int8_t>().data();
    for_pixels(import.task.extent, [&](PixelRange range) { kernels().import_codes(import.task, codes, arena, range); });
    return {};
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
      for_pixels(task.extent, [&](PixelRange range) { kernels().export_sums(task, arena, sums, range); });
    } else {
      int8_t* const codes = tensor.mutable_values<int8_t>().data();
      for_pixels(task.extent, [&](PixelRange range) { kernels().export_codes(task, arena, codes, range); });
    }
    return {};
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

void fill_lines(const std::vector<uint8_t>& line, uint8_t* to, int64_t bytes) {
  for (int64_t at = 0; at < bytes; at += static_cast<int64_t>(line.size())) {
    std::memcpy(to + at, line.data(), line.size());
  }
}

void fill(const HaloTask& halo, uint8_t* arena) {
  uint8_t* const base = arena + halo.base;
  fill_lines(halo.line, base - halo.front_bytes, halo.front_bytes);
  const int64_t width = halo.extent.width * halo.geometry.column;
  for (int64_t image = 0; image < halo.extent.images; ++image) {
    for (int64_t y = 0; y < halo.extent.height; ++y) {
      const bool last_row = y == halo.extent.height - 1;
      const bool last = last_row && image == halo.extent.images - 1;
      const int64_t end =
          (last_row ? halo.geometry.image - y * halo.geometry.row : halo.geometry.row) + (last ? halo.end_bytes : 0);
      fill_lines(halo.line, base + image * halo.geometry.image + y * halo.geometry.row + width, end - width);
    }
  }
}

// Float steps may keep references to what they got, so only codes and sums that the plan itself wrote stay for the next
// run.
bool stays(const Plan& plan, const Workspace& workspace, ValueId id) {
  const DType dtype = plan.graph->value(id).dtype;
  return (dtype == DType::kI8 || dtype == DType::kI32) &&
         workspace.tensors[static_cast<size_t>(id)].bytes().use_count() == 1;
}

}  // namespace

Result<Workspace> make_workspace(const Plan& plan) {
  Workspace workspace;
  workspace.arena = TRY(allocate_plan_memory(plan.arena_bytes));
  workspace.tensors.resize(plan.graph->values.size());
  return workspace;
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
    TRY(std::visit(StepRun{plan, workspace, inputs, hooks, arena}, step.task));
    for (const HaloTask& halo : step.halos) fill(halo, arena);
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
