// How much each channel of a tensor matters to the network's outputs, as far as the weights tell.
//
// From the outputs backwards: a layer hands to input channel c the sum over its output channels o of weight(o) · w[o,
// c]². A search for a range that weighs channels by this does not give all its codes to channels that are large but
// hardly read: in networks with depthwise layers, where no layer mixes large channels with small ones, it is the
// difference between a working network and a broken one.
#pragma once

#include <vector>

#include "graph/graph.h"

namespace sixtops::quantize {

// By value id: one weight a channel (axis 1), mean 1; empty where the readers tell nothing.
std::vector<std::vector<double>> find_channel_weights(const Graph& graph);

}  // namespace sixtops::quantize
