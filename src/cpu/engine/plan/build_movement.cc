// Ops that move codes and are nothing but another view of them.
#include <algorithm>
#include <bit>

#include "cpu/engine/plan/compiler.h"
#include "cpu/reference/resize_taps.h"
#include "graph/resize_geometry.h"
#include "graph/slice_geometry.h"

namespace sixtops::cpu::engine {
namespace {

std::optional<PictureShape> picture_of(const Graph& graph, ValueId id) {
  const Value& value = graph.value(id);
  return value.shape && value.dtype == DType::kI8 ? picture_shape(*value.shape) : std::nullopt;
}

bool is_channel_axis(const Graph& graph, ValueId id, int64_t axis) {
  const auto& shape = graph.value(id).shape;
  return shape && (axis == 1 || axis + static_cast<int64_t>(shape->size()) == 1);
}

// Same images, channels and pixels under another shape.
bool alias(Compiler& compiler, const Node& node) {
  const auto from = picture_of(compiler.graph(), node.inputs[0]);
  const auto to = picture_of(compiler.graph(), node.outputs[0]);
  if (!from || !to || !(*from == *to)) return false;
  const auto view = compiler.view(node.inputs[0]);
  if (view) compiler.set_view(node.outputs[0], *view);
  return view.has_value();
}

bool concatenate(Compiler& compiler, const Node& node) {
  const Graph& graph = compiler.graph();
  if (!picture_of(graph, node.outputs[0]) || !is_channel_axis(graph, node.outputs[0], node.get_int("axis")))
    return false;
  for (const ValueId input : node.inputs) {
    if (!picture_of(graph, input) || graph.constant(input) != nullptr || !compiler.is_available(input)) return false;
  }
  View result;
  for (const ValueId input : node.inputs) {
    const auto view = compiler.view(input);
    if (!view) return false;
    result.extent = view->extent;
    result.parts.insert(result.parts.end(), view->parts.begin(), view->parts.end());
  }
  compiler.set_view(node.outputs[0], result);
  return true;
}

bool split(Compiler& compiler, const Node& node) {
  const Graph& graph = compiler.graph();
  if (!picture_of(graph, node.inputs[0]) || !is_channel_axis(graph, node.inputs[0], node.get_int("axis"))) return false;
  for (const ValueId output : node.outputs) {
    if (output == kNoValue || !picture_of(graph, output)) return false;
  }
  const auto view = compiler.view(node.inputs[0]);
  if (!view) return false;
  int64_t first = 0;
  for (const ValueId output : node.outputs) {
    const int64_t channels = picture_of(graph, output)->channels;
    compiler.set_view(output, slice_channels(*view, first, channels));
    first += channels;
  }
  return true;
}

bool slice(Compiler& compiler, const Node& node) {
  const Graph& graph = compiler.graph();
  const auto from = picture_of(graph, node.inputs[0]);
  const auto to = picture_of(graph, node.outputs[0]);
  if (!from || !to || !node.has("starts") || !node.has("ends")) return false;
  const Shape& shape = *graph.value(node.inputs[0]).shape;
  const Result<std::vector<SlicedAxis>> axes = resolve_slice(shape, node.get_ints("starts"), node.get_ints("ends"),
                                                             node.has("axes") ? node.get_ints("axes") : Ints{},
                                                             node.has("steps") ? node.get_ints("steps") : Ints{});
  if (!axes.ok() || !(*axes)[0].whole(shape[0]) || (*axes)[1].step != 1) return false;
  if (std::any_of(axes->begin(), axes->end(), [](const SlicedAxis& axis) { return axis.step < 1; })) return false;
  const SlicedAxis rows = shape.size() == 4 ? (*axes)[2] : SlicedAxis{0, 1, 1};
  const SlicedAxis columns = shape.size() > 2 ? axes->back() : SlicedAxis{0, 1, 1};
  const auto view = compiler.view(node.inputs[0]);
  if (!view) return false;
  View result = slice_channels(*view, (*axes)[1].begin, (*axes)[1].count);
  result.extent = to->extent;
  const bool whole = rows.whole(from->extent.height) && columns.whole(from->extent.width);
  for (Part& part : result.parts) {
    if (whole) break;
    if (part.shift != 0) return false;
    part.first_y += rows.begin * part.step_y;
    part.first_x += columns.begin * part.step_x;
    part.step_y *= rows.step;
    part.step_x *= columns.step;
  }
  compiler.set_view(node.outputs[0], result);
  return true;
}

// The power of two that a nearest Resize repeats every element of an axis by, or -1.
int doubling(const Node& node, const ResizedAxis& axis) {
  if (axis.output % axis.input != 0 || !std::has_single_bit(static_cast<uint64_t>(axis.output / axis.input))) return -1;
  const int shift = std::countr_zero(static_cast<uint64_t>(axis.output / axis.input));
  const reference::AxisTaps taps = reference::find_taps(node, axis);
  if (taps.outputs() != static_cast<size_t>(axis.output)) return -1;
  for (size_t o = 0; o < taps.outputs(); ++o) {
    if (taps.is_outside(o) || taps.taps[taps.begin[o]].index != static_cast<int64_t>(o >> shift)) return -1;
  }
  return shift;
}

bool upsample(Compiler& compiler, const Node& node) {
  const Graph& graph = compiler.graph();
  const auto from = picture_of(graph, node.inputs[0]);
  const auto to = picture_of(graph, node.outputs[0]);
  if (!from || !to || node.get_text("mode") != "nearest" || node.get_int("antialias") != 0) return false;
  const Shape& shape = *graph.value(node.inputs[0]).shape;
  const auto axes = resolve_resize(node, shape, {}, node.has("scales") ? node.get_floats("scales") : Floats{},
                                   node.has("sizes") ? node.get_ints("sizes") : Ints{});
  if (!axes.ok() || axes->size() != 4) return false;
  const int shift = doubling(node, (*axes)[3]);
  if (shift < 0 || doubling(node, (*axes)[2]) != shift || doubling(node, (*axes)[0]) != 0 ||
      doubling(node, (*axes)[1]) != 0) {
    return false;
  }
  auto view = compiler.view(node.inputs[0]);
  if (!view) return false;
  // A shift counts from the buffer's first pixel.
  const auto is_plain = [](const Part& part) {
    return part.first_y == 0 && part.first_x == 0 && part.step_y == 1 && part.step_x == 1;
  };
  if (!std::all_of(view->parts.begin(), view->parts.end(), is_plain)) view = compiler.copied(*view);
  for (Part& part : view->parts) part.shift += shift;
  view->extent = to->extent;
  compiler.set_view(node.outputs[0], *view);
  return true;
}

}  // namespace

Result<bool> build_movement(Compiler& compiler, int index) {
  const Node& node = compiler.graph().nodes[static_cast<size_t>(index)];
  switch (node.op) {
    case Op::kConcat:
      return concatenate(compiler, node);
    case Op::kSplit:
      return split(compiler, node);
    case Op::kSlice:
      return slice(compiler, node);
    case Op::kResize:
      return upsample(compiler, node);
    case Op::kIdentity:
    case Op::kReshape:
    case Op::kFlatten:
    case Op::kSqueeze:
    case Op::kUnsqueeze:
      return alias(compiler, node);
    default:
      return false;
  }
}

}  // namespace sixtops::cpu::engine
