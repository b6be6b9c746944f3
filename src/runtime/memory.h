// What a graph needs in memory, counted from static shapes before anything runs.
#pragma once

#include <cstdint>

#include "graph/graph.h"

namespace sixtops::runtime {

// Bytes of all constants; those that share a buffer count once.
int64_t constant_bytes(const Graph& graph);

struct MemoryNeed {
  int64_t constants = 0;
  int64_t tensors = 0;  // the most that live at once
  int64_t borders = 0;  // of these, inputs and outputs, as far as their sizes are known
};

Result<MemoryNeed> memory_need(const Graph& graph);

}  // namespace sixtops::runtime
