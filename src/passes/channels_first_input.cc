// A picture input whose channels come last and that the network transposes first of all becomes an input with channels
// first: logical layout is NCHW everywhere behind the importers.
//
// This changes what the caller hands over, and is the only pass that does so besides absorb_qdq. Left alone: inputs
// that anything else reads, and extents that are no colour channels.
#include <algorithm>

#include "passes/graph_editor.h"
#include "passes/passes.h"

namespace sixtops::passes {
namespace {

const Ints kChannelsFirst = {0, 3, 1, 2};

bool is_transposed_picture(const GraphEditor& editor, ValueId input) {
  const std::optional<Shape>& shape = editor.graph().value(input).shape;
  if (!shape || shape->size() != 4 || editor.is_output(input)) return false;
  if (shape->back() != 1 && shape->back() != 3) return false;
  const std::vector<int>& readers = editor.readers(input);
  return !readers.empty() && std::all_of(readers.begin(), readers.end(), [&](int reader) {
    const Node& node = editor.node(reader);
    return node.op == Op::kTranspose && node.has("perm") && node.get_ints("perm") == kChannelsFirst &&
           !editor.is_output(node.outputs[0]);
  });
}

}  // namespace

Status channels_first_input(Graph& graph, const PassOptions&) {
  GraphEditor editor(graph);
  for (const ValueId input : graph.inputs) {
    if (!is_transposed_picture(editor, input)) continue;
    const Shape last = *graph.value(input).shape;
    graph.value(input).shape = Shape{last[0], last[3], last[1], last[2]};
    for (const int reader : std::vector<int>(editor.readers(input)))
      editor.replace(editor.node(reader).outputs[0], input);
  }
  return editor.finish();
}

}  // namespace sixtops::passes
