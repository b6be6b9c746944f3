// Copies a box of elements between two tensors, each of which lays it out with strides of its own.
#pragma once

#include "cpu/reference/strided_loop.h"
#include "graph/tensor.h"

namespace sixtops::cpu::reference {

// Where the box lies: its first element, and the way to the next one along each axis.
struct StridedView {
  int64_t offset = 0;
  Strides strides;
};

// The whole tensor as it lies.
StridedView dense_view(const Tensor& tensor);

// REQUIRES: equal element sizes; every element of both boxes lies inside of its tensor; `to` may be written.
void copy_strided(const Shape& extents, const Tensor& from, const StridedView& from_view, Tensor& to,
                  const StridedView& to_view);

// Fills all of `to`, in order.
void copy_strided(const Shape& extents, const Tensor& from, const StridedView& from_view, Tensor& to);

}  // namespace sixtops::cpu::reference
