// More pictures a run: the batch of a network that was exported for one.
#pragma once

#include "graph/graph.h"

namespace sixtops::passes {

inline constexpr int64_t kMaxBatch = 1024;  // more is a mistake

// The first axis of every input, which has to be 1, becomes `batch`, and so does the first extent of reshapes between
// inputs and outputs. To be used before any other pass, which then infer the other shapes. kUsage names an input with
// another first axis.
Status set_batch(Graph& graph, int64_t batch);

}  // namespace sixtops::passes
