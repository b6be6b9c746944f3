#include "runtime/region.h"

namespace sixtops::runtime {

std::vector<Region> find_regions(const Graph& graph) {
  std::vector<Region> regions;
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const Precision precision = graph.nodes[n].precision;
    if (regions.empty() || regions.back().precision != precision) regions.push_back({precision, n, 0});
    ++regions.back().node_count;
  }
  return regions;
}

}  // namespace sixtops::runtime
