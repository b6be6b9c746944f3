// Takes out nodes that hand on their first operand unchanged: Identity, casts to the same type, movement that moves
// nothing, arithmetic with a neutral constant.
//
// A node stays where both its ends have a name that users know (graph input to graph output).
#include <algorithm>
#include <cmath>

#include "graph/resize_geometry.h"
#include "passes/graph_editor.h"
#include "passes/passes.h"
#include "passes/pattern.h"

namespace sixtops::passes {
namespace {

bool all_equal(const Ints& list, int64_t value) {
  return std::all_of(list.begin(), list.end(), [value](int64_t entry) { return entry == value; });
}

bool is_identity_order(const Ints& perm) {
  for (size_t i = 0; i < perm.size(); ++i) {
    if (perm[i] != static_cast<int64_t>(i)) return false;
  }
  return true;
}

bool keeps_every_pixel(const Graph& graph, const Node& node) {
  if (node.inputs.size() > 1 || node.get_text("coordinate_transformation_mode") == "tf_crop_and_resize") return false;
  const Floats scales = node.has("scales") ? node.get_floats("scales") : Floats{};
  const Ints sizes = node.has("sizes") ? node.get_ints("sizes") : Ints{};
  const Result<std::vector<ResizedAxis>> axes =
      resolve_resize(node, *graph.value(node.inputs[0]).shape, {}, scales, sizes);
  return axes.ok() && std::all_of(axes->begin(), axes->end(), [](const ResizedAxis& axis) { return axis.scale == 1; });
}

bool is_unit_window(const Node& node) {
  return !node.get_ints("kernel_shape").empty() && all_equal(node.get_ints("kernel_shape"), 1) &&
         all_equal(node.get_ints("strides"), 1) && all_equal(node.get_ints("pads"), 0);
}

// Whether the node's answer is its first operand, whose type and shape it has.
bool is_identity(const Graph& graph, const Node& node) {
  switch (node.op) {
    case Op::kIdentity:
    case Op::kCast:
    // The same elements in the same order, or a stretch to the shape that is there.
    case Op::kReshape:
    case Op::kFlatten:
    case Op::kSqueeze:
    case Op::kUnsqueeze:
    case Op::kExpand:
    case Op::kTile:
    case Op::kSplit:
    case Op::kDepthToSpace:
    case Op::kSpaceToDepth:
      return true;
    case Op::kConcat:
    case Op::kMax:
    case Op::kMin:
      return node.inputs.size() == 1;
    case Op::kTranspose:
      return node.has("perm") && is_identity_order(node.get_ints("perm"));
    case Op::kSlice:
      // Of equal extents only a slice with negative steps differs from its source.
      return node.inputs.size() == 1 &&
             (!node.has("steps") || std::all_of(node.get_ints("steps").begin(), node.get_ints("steps").end(),
                                                [](int64_t step) { return step > 0; }));
    case Op::kPad:
      return node.has("pads") && all_equal(node.get_ints("pads"), 0);
    case Op::kResize:
      return keeps_every_pixel(graph, node);
    case Op::kMaxPool:
    case Op::kAveragePool:
      return is_unit_window(node);
    case Op::kClip:
      return node.inputs.size() == 1 && !node.has("min") && !node.has("max");
    case Op::kAdd:
    case Op::kSub:
      return uniform_constant(graph, node.inputs[1]) == 0.0;
    case Op::kMul:
    case Op::kDiv:
    case Op::kPow:
      return uniform_constant(graph, node.inputs[1]) == 1.0;
    case Op::kReduceMax:
    case Op::kReduceMean:
    case Op::kReduceMin:
    case Op::kReduceProd:
    case Op::kReduceSum:
      return true;  // over axes of extent 1, else the shape would differ
    default:
      return false;
  }
}

bool same_type(const Value& a, const Value& b) {
  return a.dtype == b.dtype && a.shape && a.shape == b.shape && is_static(*a.shape);
}

}  // namespace

Status eliminate_identity(Graph& graph, const PassOptions&) {
  GraphEditor editor(graph);
  for (int n = 0; n < editor.node_count(); ++n) {
    const Node& node = editor.node(n);
    if (node.outputs.size() != 1 || !node.has_input(0) || node.precision == Precision::kInt8) continue;
    const bool is_named = node.op == Op::kIdentity;
    const Value& source = graph.value(node.inputs[0]);
    const Value& result = graph.value(node.outputs[0]);
    if (!is_named && !same_type(source, result)) continue;
    if (is_identity(graph, node)) editor.replace(node.outputs[0], node.inputs[0]);
  }
  return editor.finish();
}

}  // namespace sixtops::passes
