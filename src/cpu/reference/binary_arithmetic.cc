// Arithmetic of two tensors. Integers wrap around, their division truncates, and a zero divisor is an error.
#include <algorithm>
#include <cmath>
#include <type_traits>

#include "cpu/reference/broadcast.h"
#include "cpu/reference/integer.h"
#include "cpu/reference/kernels.h"

namespace sixtops::cpu::reference {
namespace {

template <typename T>
Status check_divisor(const Tensor& divisor) {
  const std::span<const T> values = divisor.values<T>();
  if (std::find(values.begin(), values.end(), T{0}) == values.end()) return Status();
  return invalid_data("division of {} by zero", dtype_name(divisor.dtype()));
}

// The smallest integer divided by -1 wraps to itself, where the machine would trap.
template <typename T>
T divide(T a, T b) {
  if constexpr (std::is_signed_v<T>) {
    if (b == -1) return wrapping_subtract<T>(0, a);
  }
  return static_cast<T>(a / b);
}

template <typename T>
T remainder(T a, T b) {
  if constexpr (std::is_signed_v<T>) {
    if (b == -1) return 0;
  }
  return static_cast<T>(a % b);
}

// The result has the sign of the divisor, as in Python.
template <typename T>
T floor_modulo(T a, T b) {
  T rest;
  if constexpr (std::is_floating_point_v<T>)
    rest = std::fmod(a, b);
  else
    rest = remainder(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? static_cast<T>(rest + b) : rest;
}

// Folds the operands of a variadic node pairwise with f.
template <typename F>
Result<Outputs> fold(const Arguments& arguments, F f) {
  Tensor result = arguments.input(0);
  for (size_t i = 1; i < arguments.inputs.size(); ++i) {
    TRY(check_same_dtype(result, arguments.input(i)));
    const Outputs next = TRY(visit_number(result.dtype(), [&]<typename T>(T) {
      return broadcast_map<T, T>(arguments, result, arguments.input(i), [f](T a, T b) { return f(a, b); });
    }));
    result = next[0];
  }
  return Outputs{result};
}

}  // namespace

namespace kernels {

Result<Outputs> Add(const Arguments& arguments) {
  if (is_integer_form(arguments.node)) return integer_add(arguments);
  return visit_number(arguments.input(0).dtype(),
                      [&]<typename T>(T) { return broadcast_map<T, T>(arguments, wrapping_add<T>); });
}

Result<Outputs> Sub(const Arguments& arguments) {
  if (is_integer_form(arguments.node)) return integer_add(arguments);
  return visit_number(arguments.input(0).dtype(),
                      [&]<typename T>(T) { return broadcast_map<T, T>(arguments, wrapping_subtract<T>); });
}

Result<Outputs> Mul(const Arguments& arguments) {
  if (is_integer_form(arguments.node)) return integer_multiply(arguments);
  return visit_number(arguments.input(0).dtype(),
                      [&]<typename T>(T) { return broadcast_map<T, T>(arguments, wrapping_multiply<T>); });
}

Result<Outputs> Div(const Arguments& arguments) {
  TRY(check_same_dtype(arguments.input(0), arguments.input(1)));
  return visit_number(arguments.input(0).dtype(), [&]<typename T>(T) -> Result<Outputs> {
    if constexpr (std::is_floating_point_v<T>) {
      return broadcast_map<T, T>(arguments, [](T a, T b) { return a / b; });
    } else {
      TRY(check_divisor<T>(arguments.input(1)));
      return broadcast_map<T, T>(arguments, divide<T>);
    }
  });
}

Result<Outputs> Mod(const Arguments& arguments) {
  TRY(check_same_dtype(arguments.input(0), arguments.input(1)));
  const bool truncated = arguments.node.get_int("fmod") != 0;
  return visit_number(arguments.input(0).dtype(), [&]<typename T>(T) -> Result<Outputs> {
    if (!truncated) {
      if constexpr (std::is_integral_v<T>) TRY(check_divisor<T>(arguments.input(1)));
      return broadcast_map<T, T>(arguments, floor_modulo<T>);
    }
    if constexpr (std::is_floating_point_v<T>) {
      return broadcast_map<T, T>(arguments, [](T a, T b) { return std::fmod(a, b); });
    } else {
      TRY(check_divisor<T>(arguments.input(1)));
      return broadcast_map<T, T>(arguments, remainder<T>);
    }
  });
}

Result<Outputs> Max(const Arguments& arguments) {
  return fold(arguments, [](auto a, auto b) { return nan_max(a, b); });
}

Result<Outputs> Min(const Arguments& arguments) {
  return fold(arguments, [](auto a, auto b) { return nan_min(a, b); });
}

Result<Outputs> PRelu(const Arguments& arguments) {
  const sixtops::Shape& shape = arguments.input(0).shape();
  if (TRY(broadcast(shape, arguments.input(1).shape())) != shape) {
    return invalid_data("slope of shape {} does not broadcast to {}", shape_text(arguments.input(1).shape()),
                        shape_text(shape));
  }
  return visit_number(arguments.input(0).dtype(), [&]<typename T>(T) {
    return broadcast_map<T, T>(arguments, [](T x, T slope) { return x < T{0} ? wrapping_multiply(slope, x) : x; });
  });
}

}  // namespace kernels
}  // namespace sixtops::cpu::reference
