// Mathematical functions of one element.
#include <cmath>
#include <type_traits>

#include "cpu/reference/kernels.h"
#include "cpu/reference/map.h"

namespace sixtops::cpu::reference::kernels {

#define FLOAT_FUNCTION(NAME, EXPRESSION)                             \
  Result<Outputs> NAME(const Arguments& arguments) {                 \
    return map_floats(arguments, [](auto x) { return EXPRESSION; }); \
  }

FLOAT_FUNCTION(Acos, std::acos(x))
FLOAT_FUNCTION(Acosh, std::acosh(x))
FLOAT_FUNCTION(Asin, std::asin(x))
FLOAT_FUNCTION(Asinh, std::asinh(x))
FLOAT_FUNCTION(Atan, std::atan(x))
FLOAT_FUNCTION(Atanh, std::atanh(x))
FLOAT_FUNCTION(Ceil, std::ceil(x))
FLOAT_FUNCTION(Cos, std::cos(x))
FLOAT_FUNCTION(Cosh, std::cosh(x))
FLOAT_FUNCTION(Erf, std::erf(x))
FLOAT_FUNCTION(Exp, std::exp(x))
FLOAT_FUNCTION(Floor, std::floor(x))
FLOAT_FUNCTION(Log, std::log(x))
FLOAT_FUNCTION(Reciprocal, 1 / x)
FLOAT_FUNCTION(Round, std::nearbyint(x))  // half to even
FLOAT_FUNCTION(Sin, std::sin(x))
FLOAT_FUNCTION(Sinh, std::sinh(x))
FLOAT_FUNCTION(Sqrt, std::sqrt(x))
FLOAT_FUNCTION(Tan, std::tan(x))
FLOAT_FUNCTION(Tanh, std::tanh(x))

#undef FLOAT_FUNCTION

Result<Outputs> Abs(const Arguments& arguments) {
  return visit_number(arguments.input(0).dtype(), [&]<typename T>(T) {
    return map<T, T>(arguments, [](T x) {
      if constexpr (std::is_floating_point_v<T>)
        return std::fabs(x);
      else
        return x > 0 ? x : wrapping_subtract<T>(0, x);
    });
  });
}

Result<Outputs> Neg(const Arguments& arguments) {
  const DType dtype = arguments.input(0).dtype();
  if (is_float(dtype)) return map_floats(arguments, [](auto x) { return -x; });
  if (!is_signed_integer(dtype)) return invalid_data("element type {}, expected a signed one", dtype_name(dtype));
  return visit_integer(
      dtype, [&]<typename T>(T) { return map<T, T>(arguments, [](T x) { return wrapping_subtract<T>(0, x); }); });
}

Result<Outputs> Sign(const Arguments& arguments) {
  return visit_number(arguments.input(0).dtype(), [&]<typename T>(T) {
    // NaN stays NaN: it is neither above, nor below, nor equal to 0.
    return map<T, T>(arguments, [](T x) { return x > T{0} ? T{1} : x < T{0} ? static_cast<T>(-1) : x; });
  });
}

Result<Outputs> IsNaN(const Arguments& arguments) {
  return visit_float(arguments.input(0).dtype(),
                     [&]<typename T>(T) { return map<T, bool>(arguments, [](T x) { return std::isnan(x); }); });
}

Result<Outputs> IsInf(const Arguments& arguments) {
  const bool negative = arguments.node.get_int("detect_negative") != 0;
  const bool positive = arguments.node.get_int("detect_positive") != 0;
  return visit_float(arguments.input(0).dtype(), [&]<typename T>(T) {
    return map<T, bool>(arguments, [=](T x) { return std::isinf(x) && (x > 0 ? positive : negative); });
  });
}

Result<Outputs> Not(const Arguments& arguments) {
  const DType dtype = arguments.input(0).dtype();
  if (dtype != DType::kBool) return invalid_data("element type {}, expected bool", dtype_name(dtype));
  return map<bool, bool>(arguments, [](bool x) { return !x; });
}

Result<Outputs> BitwiseNot(const Arguments& arguments) {
  return visit_integer(arguments.input(0).dtype(),
                       [&]<typename T>(T) { return map<T, T>(arguments, [](T x) { return static_cast<T>(~x); }); });
}

}  // namespace sixtops::cpu::reference::kernels
