// The time of each layer as a table for people.
#pragma once

#include <span>
#include <string>

#include "runtime/session.h"

namespace sixtops::runtime {

// A row a node in the order of the run, then the sum, then a ranking by operator. Node names that a graph repeats, and
// those of fused groups, show the first node of that name.
std::string layer_table(const Graph& graph, std::span<const LayerTime> times);

}  // namespace sixtops::runtime
