// Cuts a graph at tensors that the user names: --outputs a,b.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"

namespace sixtops::passes {

// The named tensors become the outputs, in that order; what only other outputs needed is gone, inputs included. To be
// used before any other pass, while tensors have the names of the source file. kUsage names a tensor that does not
// exist, with those of similar name, or that is an input, a constant or named twice.
Status cut_at(Graph& graph, const std::vector<std::string>& names);

}  // namespace sixtops::passes
