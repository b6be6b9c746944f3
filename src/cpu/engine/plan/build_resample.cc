// Resize by weights or by any factor, and Pad, of pictures: pixels on another grid.
#include <algorithm>
#include <cmath>

#include "cpu/engine/plan/compiler.h"
#include "cpu/reference/indexed_copy.h"
#include "cpu/reference/pad_rule.h"
#include "graph/resize_geometry.h"

namespace sixtops::cpu::engine {
namespace {

using reference::AxisTaps;

AxisTaps padded_axis(std::string_view mode, int64_t pad_begin, int64_t input, int64_t output) {
  const reference::PadRule rule = reference::find_pad_rule(mode);
  AxisTaps axis;
  for (int64_t o = 0; o < output; ++o) {
    const int64_t source = rule(o - pad_begin, input);
    if (source != reference::kOutside) axis.taps.push_back({source, 1});
    axis.begin.push_back(axis.taps.size());
  }
  return axis;
}

bool set_pad(const Node& node, const Shape& from, const Shape& to, ResampleTask& task) {
  const size_t rank = from.size();
  const Ints pads = node.has("pads") ? node.get_ints("pads") : Ints{};
  const bool listed = node.has("axes") || node.has_input(2) || node.has_input(3);
  if (listed || pads.size() != 2 * rank) return false;
  for (const size_t axis : {size_t{0}, size_t{1}}) {
    if (pads[axis] != 0 || pads[axis + rank] != 0) return false;
  }
  const std::string_view mode = node.get_text("mode");
  if (rank == 4) task.rows = padded_axis(mode, pads[2], from[2], to[2]);
  task.columns = padded_axis(mode, pads[rank - 1], from.back(), to.back());
  const float value = node.has("value") ? node.get_float("value") : 0;
  if (value != std::floor(value) || value < -128 || value > 127) return false;
  task.fill = static_cast<uint8_t>(static_cast<int>(value) + kCodeToByte);
  return true;
}

bool set_resize(const Node& node, const Shape& from, ResampleTask& task) {
  const std::string& mode = node.get_text("mode");
  if (mode != "nearest" && mode != "linear") return false;
  if (node.get_text("coordinate_transformation_mode") == "tf_crop_and_resize") return false;
  const auto axes = resolve_resize(node, from, {}, node.has("scales") ? node.get_floats("scales") : Floats{},
                                   node.has("sizes") ? node.get_ints("sizes") : Ints{});
  if (!axes.ok() || axes->size() != from.size()) return false;
  for (const size_t axis : {size_t{0}, size_t{1}}) {
    if (!reference::find_taps(node, (*axes)[axis]).is_identity(from[axis])) return false;
  }
  const auto growth = [](const ResizedAxis& axis) {
    return static_cast<double>(axis.output) / static_cast<double>(axis.input);
  };
  if (from.size() == 4) {
    task.rows = reference::find_taps(node, (*axes)[2]);
    task.columns_first = growth(axes->back()) < growth((*axes)[2]);
  }
  task.columns = reference::find_taps(node, axes->back());
  return true;
}

}  // namespace

Result<bool> build_resample(Compiler& compiler, int index) {
  const Graph& graph = compiler.graph();
  const Node& node = graph.nodes[static_cast<size_t>(index)];
  const Value& data = graph.value(node.inputs[0]);
  const auto& shape = graph.value(node.outputs[0]).shape;
  const auto picture = shape ? picture_shape(*shape) : std::nullopt;
  if (!picture || !data.shape || data.dtype != DType::kI8 || data.shape->size() < 3) return false;
  ResampleTask task;
  task.rows = padded_axis("constant", 0, 1, 1);
  if (!(node.op == Op::kPad ? set_pad(node, *data.shape, *shape, task) : set_resize(node, *data.shape, task)))
    return false;
  const std::optional<View> given = compiler.view(node.inputs[0]);
  if (!given) return false;
  const View input = is_shifted(*given) ? compiler.copied(*given) : *given;
  task.extent = picture->extent;

  const int buffer = compiler.add_buffer(make_buffer(picture->extent, picture->channels, 1));
  const View output = whole_view(buffer, compiler.buffers()[static_cast<size_t>(buffer)]);
  Draft draft;
  draft.reads = buffers_of(input);
  draft.writes = buffer;
  draft.nodes = {index};
  draft.kernel = "resample";
  draft.lower = [=](Lowering& lowering) -> Result<StepTask> {
    ResampleTask lowered = task;
    lowered.blocks = lowering.copy_blocks(input, output, lowered.geometries);
    return StepTask(std::move(lowered));
  };
  compiler.add(std::move(draft));
  compiler.set_view(node.outputs[0], output);
  return true;
}

}  // namespace sixtops::cpu::engine
