// Float transposed convolutions: a matrix product gives what every input element adds at every tap, then the taps are
// added up where they meet.
#pragma once

#include "cpu/engine/kernels.h"
#include "cpu/reference/convolution_terms.h"

namespace sixtops::cpu::engine {

// REQUIRES: as float_convolution, with the terms of a transposed convolution.
Result<Outputs> float_convolution_transpose(const Arguments& arguments, const reference::ConvolutionTerms& terms);

}  // namespace sixtops::cpu::engine
