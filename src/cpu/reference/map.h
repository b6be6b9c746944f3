// A function of one element applied to a whole tensor.
#pragma once

#include <algorithm>

#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference {

template <typename From, typename To, typename F>
Result<Outputs> map(const Arguments& arguments, F f) {
  const Tensor& x = arguments.input(0);
  Tensor y = TRY(arguments.allocate(dtype_of<To>, x.shape()));
  const std::span<const From> from = x.values<From>();
  std::transform(from.begin(), from.end(), y.mutable_values<To>().begin(), f);
  return Outputs{std::move(y)};
}

// f works on float and double.
template <typename F>
Result<Outputs> map_floats(const Arguments& arguments, F f) {
  return visit_float(arguments.input(0).dtype(), [&]<typename T>(T) { return map<T, T>(arguments, f); });
}

}  // namespace sixtops::cpu::reference
