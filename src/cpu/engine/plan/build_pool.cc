// MaxPool and AveragePool of codes, and their global forms.
#include <cmath>
#include <limits>

#include "cpu/engine/plan/compiler.h"
#include "cpu/engine/plan/requantization.h"
#include "cpu/reference/integer.h"
#include "graph/window.h"

namespace sixtops::cpu::engine {
namespace {

bool is_global(const Node& node) { return node.op == Op::kGlobalMaxPool || node.op == Op::kGlobalAveragePool; }
bool is_average(const Node& node) { return node.op == Op::kAveragePool || node.op == Op::kGlobalAveragePool; }

PoolAxis axis_of(const Window& window) {
  return {window.input, window.kernel, window.stride, window.dilation, window.pad_begin};
}

// Rows and columns of the windows; false for other than one or two spatial axes.
bool set_axes(const Node& node, const Shape& shape, const Extent& input, PoolTask& task) {
  if (is_global(node)) {
    task.rows.input = task.rows.kernel = input.height;
    task.columns.input = task.columns.kernel = input.width;
    return true;
  }
  const Result<std::vector<Window>> windows = resolve_windows(node, shape, {});
  if (!windows.ok() || windows->empty() || windows->size() > 2) return false;
  task.columns = axis_of(windows->back());
  if (windows->size() == 2) task.rows = axis_of(windows->front());
  return true;
}

// The parameters of an average; false when a list does not fit or a sum could leave int32.
bool set_average(const Node& node, int64_t channels, PoolTask& task) {
  task.average = true;
  const Ints& multipliers = node.get_ints("multiplier");
  if (multipliers.size() != 1 && static_cast<int64_t>(multipliers.size()) != channels) return false;
  const double taps = static_cast<double>(task.rows.kernel) * static_cast<double>(task.columns.kernel);
  const double largest = 256 * taps + std::abs(static_cast<double>(node.get_int("operand_bias")));
  if (largest > std::numeric_limits<int32_t>::max()) return false;
  const int64_t pad_code = is_global(node) ? 0 : node.get_int("pad_code");
  task.pad = static_cast<int32_t>(pad_code + 128);
  task.bias = static_cast<int32_t>(node.get_int("operand_bias") - 128 * task.rows.kernel * task.columns.kernel);
  task.requantization = {static_cast<int32_t>(node.get_int("output_zero_point")) + 128, true};
  for (const int64_t multiplier : multipliers) {
    task.scale.push_back(requantization_scale(multiplier, static_cast<int>(node.get_int("shift"))));
    task.requantization.in_float = task.requantization.in_float && requantizes_in_float(largest, task.scale.back());
  }
  // Kernels read whole vectors of scales.
  if (task.scale.size() > 1) task.scale.resize((task.scale.size() + kLineBytes - 1) / kLineBytes * kLineBytes);
  return true;
}

}  // namespace

Result<bool> build_pool(Compiler& compiler, int index) {
  const Graph& graph = compiler.graph();
  const Node& node = graph.nodes[static_cast<size_t>(index)];
  if (is_average(node) && !reference::is_integer_form(node)) return false;
  if (node.has_output(1)) return false;
  const Value& data = graph.value(node.inputs[0]);
  const auto& shape = graph.value(node.outputs[0]).shape;
  const auto picture = shape ? picture_shape(*shape) : std::nullopt;
  const auto from = data.shape && data.dtype == DType::kI8 ? picture_shape(*data.shape) : std::nullopt;
  PoolTask task;
  if (!picture || !from || !set_axes(node, *data.shape, from->extent, task)) return false;
  if (is_average(node) && !set_average(node, picture->channels, task)) return false;
  const std::optional<View> input = compiler.view(node.inputs[0]);
  if (!input) return false;
  const std::vector<Part> lines = aligned_lines(compiler, *input);

  task.extent = picture->extent;
  const int buffer = compiler.add_buffer(make_buffer(picture->extent, picture->channels, 1));
  const View output = whole_view(buffer, compiler.buffers()[static_cast<size_t>(buffer)]);
  Draft draft;
  for (const Part& part : lines) draft.reads.push_back(part.buffer);
  draft.writes = buffer;
  draft.nodes = {index};
  draft.kernel = isa_name(compiler.kernels().isa);
  draft.lower = [=](Lowering& lowering) -> Result<StepTask> {
    PoolTask lowered = task;
    for (size_t plane = 0; plane < lines.size(); ++plane) {
      const Line from_line = lowering.line(lines[plane], lowered.geometries);
      const int64_t channels = output.parts[plane].channels;
      lowered.blocks.push_back({static_cast<int>((channels + kVectorChannels - 1) / kVectorChannels), from_line,
                                from_line, lowering.line(output.parts[plane], lowered.geometries)});
    }
    return StepTask(std::move(lowered));
  };
  compiler.add(std::move(draft));
  compiler.set_view(node.outputs[0], output);
  return true;
}

}  // namespace sixtops::cpu::engine
