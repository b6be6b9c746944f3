// The time of each layer as a table for people.
#pragma once

#include <span>
#include <string>

#include "runtime/session.h"

namespace sixtops::runtime {

// A row a node in the order of the run (nodes that one kernel computed together are one row, under the first one's
// name), then the sum, then a ranking by operator.
std::string layer_table(const Graph& graph, std::span<const LayerTime> times);

}  // namespace sixtops::runtime
