// Float convolutions: direct for depthwise layers, matrix products for the others.
#pragma once

#include "cpu/engine/kernels.h"
#include "cpu/reference/convolution_terms.h"

namespace sixtops::cpu::engine {

// REQUIRES: terms belong to the node and have at least one input channel; x, w and the optional bias are f32 and of
// fitting lengths.
Result<Outputs> float_convolution(const Arguments& arguments, const reference::ConvolutionTerms& terms);

}  // namespace sixtops::cpu::engine
