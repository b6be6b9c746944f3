#include "testing/text_graph.h"

#include <gtest/gtest.h>

#include "graph/shape_rules.h"
#include "graph/text.h"

namespace sixtops::testing {

Graph graph_of(std::string_view text) {
  Result<Graph> graph = parse_graph(text);
  if (graph.ok()) return std::move(graph).value();
  ADD_FAILURE() << graph.status().message() << "\n" << text;
  return {};
}

std::string inferred(std::string_view statements) {
  Graph graph = graph_of("graph \"t\"\n" + std::string(statements) + "\noutput %y");
  if (graph.nodes.empty()) return "no graph";
  if (const Status status = infer_shapes(graph); !status.ok()) return status.message();
  std::string text;
  for (const ValueId id : graph.nodes.back().outputs) {
    if (id == kNoValue) continue;
    const Value& value = graph.value(id);
    if (!text.empty()) text += ", ";
    text += std::string(dtype_name(value.dtype)) + '[' + (value.shape ? shape_text(*value.shape) : "..") + ']';
  }
  return text;
}

}  // namespace sixtops::testing
