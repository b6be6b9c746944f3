// Graphs written as text in tests.
#pragma once

#include <string>
#include <string_view>

#include "graph/graph.h"

namespace sixtops::testing {

// The graph of a text form; a test failure and an empty graph when it cannot be read.
Graph graph_of(std::string_view text);

// Types that shape inference finds for the outputs of the last node, "f32[1x2], i64[?]", or its error. `statements` are
// those of the text form without the graph line; what they say of node outputs does not matter.
std::string inferred(std::string_view statements);

}  // namespace sixtops::testing
