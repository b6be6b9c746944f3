// Float convolutions: line by line for depthwise layers, product_kernel.h for the others.
#pragma once

#include <optional>

#include "cpu/engine/float/activation.h"
#include "cpu/engine/kernels.h"
#include "cpu/reference/convolution_terms.h"

namespace sixtops::cpu::engine {

// Whether data, weights and the optional bias are f32, the bias with one value a channel.
bool is_float_layer(const Arguments& arguments, int64_t channels);

// What float_convolution takes: is_float_layer with at least one input channel, and no kernel that is dilated over so
// much padding that storing it would take absurd memory.
bool is_float_product(const Arguments& arguments, const reference::ConvolutionTerms& terms);

// With `after`, the result is the activation's. REQUIRES: terms belong to the node; is_float_product.
Result<Outputs> float_convolution(const Arguments& arguments, const reference::ConvolutionTerms& terms,
                                  const std::optional<Activation>& after);

}  // namespace sixtops::cpu::engine
