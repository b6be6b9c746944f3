// Integer convolutions: direct for depthwise layers, exact float matrix products for the others.
#pragma once

#include "cpu/engine/integer/layer.h"
#include "cpu/reference/convolution_terms.h"

namespace sixtops::cpu::engine {

// REQUIRES: terms and layer belong to the node.
Result<Outputs> integer_convolution(const Arguments& arguments, const reference::ConvolutionTerms& terms,
                                    const IntegerLayer& layer);

}  // namespace sixtops::cpu::engine
