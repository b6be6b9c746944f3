// Float convolutions: direct for depthwise layers, matrix products for the others.
#pragma once

#include "cpu/engine/kernels.h"
#include "cpu/reference/convolution_terms.h"

namespace sixtops::cpu::engine {

// Whether data, weights and the optional bias are f32, the bias with one value a channel.
bool is_float_layer(const Arguments& arguments, int64_t channels);

// REQUIRES: terms belong to the node and have at least one input channel; is_float_layer.
Result<Outputs> float_convolution(const Arguments& arguments, const reference::ConvolutionTerms& terms);

}  // namespace sixtops::cpu::engine
