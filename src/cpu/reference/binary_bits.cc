// Logic on bool and on the bits of integers.
#include <functional>
#include <limits>
#include <type_traits>

#include "cpu/reference/broadcast.h"
#include "cpu/reference/kernels.h"

namespace sixtops::cpu::reference {
namespace {

template <typename F>
Result<Outputs> logic(const Arguments& arguments, F f) {
  const DType dtype = arguments.input(0).dtype();
  if (dtype != DType::kBool) return invalid_data("element type {}, expected bool", dtype_name(dtype));
  return broadcast_map<bool, bool>(arguments, f);
}

template <typename F>
Result<Outputs> bitwise(const Arguments& arguments, F f) {
  return visit_integer(arguments.input(0).dtype(), [&]<typename T>(T) {
    return broadcast_map<T, T>(arguments, [f](T a, T b) { return static_cast<T>(f(a, b)); });
  });
}

}  // namespace

namespace kernels {

Result<Outputs> And(const Arguments& arguments) { return logic(arguments, std::logical_and<>{}); }
Result<Outputs> Or(const Arguments& arguments) { return logic(arguments, std::logical_or<>{}); }
Result<Outputs> Xor(const Arguments& arguments) { return logic(arguments, std::not_equal_to<>{}); }

Result<Outputs> BitwiseAnd(const Arguments& arguments) { return bitwise(arguments, std::bit_and<>{}); }
Result<Outputs> BitwiseOr(const Arguments& arguments) { return bitwise(arguments, std::bit_or<>{}); }
Result<Outputs> BitwiseXor(const Arguments& arguments) { return bitwise(arguments, std::bit_xor<>{}); }

Result<Outputs> BitShift(const Arguments& arguments) {
  const bool left = arguments.node.get_text("direction") == "LEFT";
  return visit_integer(arguments.input(0).dtype(), [&]<typename T>(T) {
    using Unsigned = std::make_unsigned_t<T>;
    return broadcast_map<T, T>(arguments, [left](T value, T shift) {
      // Out of range, a negative one too: every bit is gone.
      if (static_cast<Unsigned>(shift) >= std::numeric_limits<Unsigned>::digits) return T{0};
      const uint64_t bits = static_cast<Unsigned>(value);
      return static_cast<T>(left ? bits << shift : bits >> shift);
    });
  });
}

}  // namespace kernels
}  // namespace sixtops::cpu::reference
