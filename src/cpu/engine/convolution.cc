#include "cpu/engine/float/convolution.h"

#include "cpu/engine/float/convolution_transpose.h"
#include "cpu/engine/integer/convolution.h"
#include "cpu/reference/integer.h"
#include "cpu/reference/kernels.h"

namespace sixtops::cpu::engine {
namespace {

using reference::ConvolutionTerms;

bool is_float(const Arguments& arguments, int64_t channels) {
  const auto is_f32 = [&](size_t i) { return arguments.input(i).dtype() == DType::kF32; };
  return is_f32(0) && is_f32(1) && (!arguments.has(2) || (is_f32(2) && arguments.input(2).element_count() == channels));
}

// The matrix library counts in int32.
bool fits_blas(const ConvolutionTerms& terms) {
  const int64_t depth = terms.group_inputs * terms.taps.tap_count();
  const int64_t spread = terms.group_channels * terms.taps.tap_count();
  return depth >= 1 && depth <= INT32_MAX && spread <= INT32_MAX && terms.taps.window_count() <= INT32_MAX &&
         terms.taps.plane_size() <= INT32_MAX;
}

}  // namespace

Result<Outputs> convolution(const Arguments& arguments) {
  const ConvolutionTerms terms =
      TRY(ConvolutionTerms::make(arguments.node, arguments.input(0).shape(), arguments.input(1).shape()));
  if (!fits_blas(terms)) return reference::kernels::Conv(arguments);
  if (reference::is_integer_form(arguments.node)) {
    const int64_t depth = terms.group_inputs * terms.taps.tap_count();
    if (const auto layer = IntegerLayer::make(arguments, terms.channels, depth, depth, 1)) {
      return integer_convolution(arguments, terms, *layer);
    }
  } else if (is_float(arguments, terms.channels)) {
    return float_convolution(arguments, terms);
  }
  return reference::kernels::Conv(arguments);
}

Result<Outputs> convolution_transpose(const Arguments& arguments) {
  const ConvolutionTerms terms =
      TRY(ConvolutionTerms::make_transposed(arguments.node, arguments.input(0).shape(), arguments.input(1).shape()));
  if (fits_blas(terms) && !reference::is_integer_form(arguments.node) && is_float(arguments, terms.channels)) {
    return float_convolution_transpose(arguments, terms);
  }
  return reference::kernels::ConvTranspose(arguments);
}

}  // namespace sixtops::cpu::engine
