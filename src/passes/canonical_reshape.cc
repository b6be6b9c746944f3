// Reshape, Flatten, Squeeze and Unsqueeze of known shape become Reshape with the result's extents; of a chain of them
// only the last is left. A Transpose that moves nothing but axes of extent 1 is a Reshape too.
#include <algorithm>

#include "passes/graph_editor.h"
#include "passes/passes.h"

namespace sixtops::passes {
namespace {

bool only_moves_units(const Shape& shape, const Ints& perm) {
  int64_t last = -1;
  for (const int64_t axis : perm) {
    if (shape[static_cast<size_t>(axis)] == 1) continue;
    if (axis < last) return false;
    last = axis;
  }
  return true;
}

bool keeps_order(const Graph& graph, const Node& node) {
  switch (node.op) {
    case Op::kReshape:
    case Op::kFlatten:
    case Op::kSqueeze:
    case Op::kUnsqueeze:
      return true;
    case Op::kTranspose:
      return node.has("perm") && only_moves_units(*graph.value(node.inputs[0]).shape, node.get_ints("perm"));
    default:
      return false;
  }
}

bool is_known(const Value& value) { return value.shape && is_static(*value.shape); }

}  // namespace

Status canonical_reshape(Graph& graph, const PassOptions&) {
  GraphEditor editor(graph);
  for (int n = 0; n < editor.node_count(); ++n) {
    const Node& node = editor.node(n);
    if (!node.has_input(0) || !is_known(graph.value(node.inputs[0])) || !is_known(graph.value(node.outputs[0])) ||
        !keeps_order(graph, node)) {
      continue;
    }
    // The producer, if it is one of these, is a Reshape already.
    const Node* inner = editor.producer(node.inputs[0], Op::kReshape);
    const bool merges = inner != nullptr && is_known(graph.value(inner->inputs[0]));
    const Shape& shape = *graph.value(node.outputs[0]).shape;
    Attributes attributes;
    attributes.set("shape", shape);
    if (std::find(shape.begin(), shape.end(), 0) != shape.end()) attributes.set("allowzero", int64_t{1});
    editor.rewrite(n, Op::kReshape, {merges ? inner->inputs[0] : node.inputs[0]}, std::move(attributes));
  }
  return editor.finish();
}

}  // namespace sixtops::passes
