#include "cpu/engine/float/convolution.h"

#include "cpu/engine/integer/convolution.h"
#include "cpu/reference/integer.h"
#include "cpu/reference/kernels.h"

namespace sixtops::cpu::engine {
namespace {

using reference::ConvolutionTerms;

// The matrix library counts in int32.
bool fits_blas(const ConvolutionTerms& terms) {
  const int64_t depth = terms.group_inputs * terms.taps.tap_count();
  return depth >= 1 && depth <= INT32_MAX && terms.group_channels <= INT32_MAX &&
         terms.taps.window_count() <= INT32_MAX;
}

}  // namespace

Result<Outputs> convolution(const Arguments& arguments) {
  const ConvolutionTerms terms =
      TRY(ConvolutionTerms::make(arguments.node, arguments.input(0).shape(), arguments.input(1).shape()));
  if (!fits_blas(terms)) return reference::kernels::Conv(arguments);
  if (!reference::is_integer_form(arguments.node)) {
    if (is_float_product(arguments, terms)) return float_convolution(arguments, terms, std::nullopt);
  } else if (arguments.input(1).dtype() == DType::kI8) {
    const int64_t depth = terms.group_inputs * terms.taps.tap_count();
    const auto layer =
        IntegerLayer::make(arguments, arguments.input(1).values<int8_t>(), terms.channels, depth, depth, 1);
    if (layer) return integer_convolution(arguments, terms, *layer);
  }
  return reference::kernels::Conv(arguments);
}

}  // namespace sixtops::cpu::engine
