// Channels of very different size get grids of their own where the network's structure allows it.
//
// One grid a tensor leaves channels that are a hundred times smaller than the largest with a code or two. Between a
// convolution and the depthwise layer behind it nothing mixes channels, so the pair can be split into groups of
// channels of similar size, each with its own grids and table; the pointwise layer that reads both absorbs the groups'
// scales:
//
//   conv → act → depthwise → act → pointwise
//   = { conv_g → act → depthwise_g → act } for each group g → concat → pointwise with its input channels reordered
//
// The float network computes the same; multiply-accumulates stay as they are.
#pragma once

#include "quantize/quantize.h"

namespace sixtops::quantize {

// Sizes are the largest magnitudes on the samples. Changes nothing where channels lie within a factor of eight,
// and no node that options.keep_float names.
Status split_channels(Graph& graph, const std::vector<Sample>& samples, const QuantizeOptions& options);

}  // namespace sixtops::quantize
