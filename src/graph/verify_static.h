// The part of graph/verify.h that only a static graph has to pass.
#pragma once

#include "graph/graph.h"

namespace sixtops {

// REQUIRES: the graph passes the imported level.
Status verify_static(const Graph& graph);

}  // namespace sixtops
