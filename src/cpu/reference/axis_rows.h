// A tensor seen as rows along one axis: what arg-reductions, sorting and running sums work on.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/shape.h"

namespace sixtops::cpu::reference {

// Element i of row r lies at start(r) + i · stride.
struct AxisRows {
  int64_t count = 0;   // rows
  int64_t extent = 0;  // elements in each
  int64_t stride = 1;

  int64_t start(int64_t row) const { return row / stride * stride * extent + row % stride; }
};

// REQUIRES: axis is an axis of the shape.
inline AxisRows rows_along(const Shape& shape, size_t axis) {
  AxisRows rows{1, shape[axis], row_major_strides(shape)[axis]};
  for (size_t i = 0; i < shape.size(); ++i) rows.count *= i == axis ? 1 : shape[i];
  return rows;
}

}  // namespace sixtops::cpu::reference
