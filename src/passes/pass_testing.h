// For tests of passes: text in, text out.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "graph/shape_rules.h"
#include "graph/text.h"
#include "graph/verify.h"
#include "passes/passes.h"
#include "testing/text_graph.h"

namespace sixtops::passes {

// The statements of a graph (all of its text form but the first line) after shape inference and the pass, or the
// error. What the text says of the types of node outputs does not matter.
inline std::string rewritten(Status (*pass)(Graph&, const PassOptions&), std::string_view statements,
                             const PassOptions& options = {}) {
  constexpr std::string_view kHeader = "graph \"t\"\n";
  Graph graph = testing::graph_of(std::string(kHeader) + std::string(statements));
  if (const Status status = infer_shapes(graph); !status.ok()) return status.message();
  if (const Status status = pass(graph, options); !status.ok()) return status.message();
  if (const Status status = verify(graph, VerifyLevel::kImported); !status.ok()) return status.message();
  return format_graph(graph).substr(kHeader.size());
}

// Expects that the pass leaves the graph alone; the statements have to be in the form that format_graph prints.
inline void expect_unchanged(Status (*pass)(Graph&, const PassOptions&), const std::string& statements) {
  EXPECT_EQ(rewritten(pass, statements), statements);
}

}  // namespace sixtops::passes
