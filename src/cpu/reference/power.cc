// Pow: base and exponent may differ in element type; the result has the base's.
#include <cmath>
#include <type_traits>

#include "cpu/reference/broadcast.h"
#include "cpu/reference/kernels.h"

namespace sixtops::cpu::reference {
namespace {

// By squaring, wrapping around. REQUIRES: exponent >= 0
template <typename T>
T integer_power(T base, int64_t exponent) {
  T result = 1;
  for (; exponent > 0; exponent >>= 1) {
    if ((exponent & 1) != 0) result = wrapping_multiply(result, base);
    base = wrapping_multiply(base, base);
  }
  return result;
}

Result<Outputs> pow_of_integers(const Arguments& arguments) {
  const Tensor& base = arguments.input(0);
  const Tensor& exponent = arguments.input(1);
  const Tensor wide_base = TRY(cast(base, DType::kI64));  // wraps to the same value modulo 2^64 and narrower
  const Tensor wide_exponent = TRY(cast(exponent, DType::kI64));
  for (const int64_t value : wide_exponent.values<int64_t>()) {
    if (value < 0) return invalid_data("an integer to the power of {}, expected no negative exponent", value);
  }
  const Outputs power =
      TRY((broadcast_map<int64_t, int64_t>(arguments, wide_base, wide_exponent, integer_power<int64_t>)));
  return Outputs{TRY(cast(power[0], base.dtype()))};
}

}  // namespace

namespace kernels {

Result<Outputs> Pow(const Arguments& arguments) {
  const Tensor& base = arguments.input(0);
  const Tensor& exponent = arguments.input(1);
  if (!is_float(base.dtype()) && !is_float(exponent.dtype())) return pow_of_integers(arguments);
  TRY(arguments.check_output(base.dtype(), TRY(broadcast(base.shape(), exponent.shape()))));
  if (base.dtype() == DType::kF32 && exponent.dtype() == DType::kF32) {
    return broadcast_map<float, float>(arguments, [](float x, float y) { return std::pow(x, y); });
  }
  const Tensor wide_base = TRY(cast(base, DType::kF64));
  const Tensor wide_exponent = TRY(cast(exponent, DType::kF64));
  const auto pow = [](double x, double y) { return std::pow(x, y); };
  const Outputs power = TRY((broadcast_map<double, double>(arguments, wide_base, wide_exponent, pow)));
  return Outputs{TRY(cast(power[0], base.dtype()))};
}

}  // namespace kernels
}  // namespace sixtops::cpu::reference
