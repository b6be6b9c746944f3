// Regions: neighbours in node order that compute in one precision. A device takes a region as a whole.
#pragma once

#include <cstddef>
#include <vector>

#include "graph/graph.h"

namespace sixtops::runtime {

struct Region {
  Precision precision = Precision::kFloat32;
  size_t first_node = 0;
  size_t node_count = 0;
};

// Every node of the graph, in order.
std::vector<Region> find_regions(const Graph& graph);

}  // namespace sixtops::runtime
