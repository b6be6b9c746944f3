// A function of two elements applied to two tensors of one element type that broadcast to a common shape.
#pragma once

#include <array>

#include "cpu/reference/strided_loop.h"
#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference {

// kInvalidData when the operands differ in element type.
Status check_same_dtype(const Tensor& a, const Tensor& b);

template <typename From, typename To, typename F>
Result<Outputs> broadcast_map(const Arguments& arguments, const Tensor& a, const Tensor& b, F f) {
  Tensor y = TRY(arguments.allocate(dtype_of<To>, TRY(broadcast(a.shape(), b.shape()))));
  const std::array<Strides, 3> strides = {row_major_strides(y.shape()), broadcast_strides(a.shape(), y.shape()),
                                          broadcast_strides(b.shape(), y.shape())};
  To* const to = y.mutable_values<To>().data();
  const From* const from_a = a.values<From>().data();
  const From* const from_b = b.values<From>().data();
  for_each_run(y.shape(), strides, [&](const Run& run) {
    for (int64_t i = 0; i < run.length; ++i) {
      to[run.offset[0] + i] = f(from_a[run.offset[1] + i * run.step[1]], from_b[run.offset[2] + i * run.step[2]]);
    }
  });
  return Outputs{std::move(y)};
}

// Both operands of the node.
template <typename From, typename To, typename F>
Result<Outputs> broadcast_map(const Arguments& arguments, F f) {
  TRY(check_same_dtype(arguments.input(0), arguments.input(1)));
  return broadcast_map<From, To>(arguments, arguments.input(0), arguments.input(1), f);
}

}  // namespace sixtops::cpu::reference
