// One calibration for several input shapes: an integer network, moved to other shapes of the same network.
#pragma once

#include "graph/graph.h"

namespace sixtops::quantize {

// `integer` is what quantize() made of `calibrated`; `other` is the same float network for other input shapes, from the
// same passes. The answer is `integer` at the shapes of `other`: weights, grids and tables stay, what follows from the
// shapes (targets of reshapes, sizes of windows and averages, grids of the detection tail) is that of `other`.
// kUnsupported names the first node in which the two float networks differ by more than that.
Result<Graph> at_other_shapes(const Graph& integer, const Graph& calibrated, const Graph& other);

}  // namespace sixtops::quantize
