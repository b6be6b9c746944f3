#include "passes/cut_outputs.h"

#include <algorithm>

#include "base/error.h"
#include "base/near_names.h"
#include "passes/graph_editor.h"

namespace sixtops::passes {
namespace {

// Inputs that nothing reads any more go, with their descriptions.
void drop_unread_inputs(Graph& graph) {
  const Uses uses = find_uses(graph);
  for (size_t i = graph.inputs.size(); i-- > 0;) {
    const auto id = static_cast<size_t>(graph.inputs[i]);
    if (!uses.readers[id].empty() || uses.is_output[id]) continue;
    const auto at = static_cast<std::ptrdiff_t>(i);
    graph.inputs.erase(graph.inputs.begin() + at);
    if (!graph.input_descriptions.empty()) graph.input_descriptions.erase(graph.input_descriptions.begin() + at);
  }
}

}  // namespace

Status cut_at(Graph& graph, const std::vector<std::string>& names) {
  const Uses uses = find_uses(graph);
  std::vector<ValueId> outputs;
  for (const std::string& name : names) {
    const ValueId id = graph.find_value(name);
    if (id == kNoValue) {
      std::vector<std::string> candidates;
      for (const Value& value : graph.values) {
        if (!value.constant) candidates.push_back(value.name);
      }
      return usage_error("there is no tensor '{}' to cut at{}", name, suggest_names(name, candidates));
    }
    if (uses.producer[static_cast<size_t>(id)] == Uses::kNobody) {
      return usage_error("tensor '{}' is an input or a constant, not a result to cut at", name);
    }
    if (std::find(outputs.begin(), outputs.end(), id) != outputs.end()) {
      return usage_error("tensor '{}' is named twice as an output", name);
    }
    outputs.push_back(id);
  }
  graph.outputs = std::move(outputs);
  TRY(GraphEditor(graph).finish());
  drop_unread_inputs(graph);
  return {};
}

}  // namespace sixtops::passes
