// The lines of a tensor along one axis, or along an axis and all behind it: what softmax, normalizations and per-axis
// parameters walk over.
#pragma once

#include <cstdint>

#include "base/status.h"
#include "graph/shape.h"

namespace sixtops::cpu::reference {

// Element `i` of line (outer, inner) lies at (outer · extent + i) · inner_count + inner.
struct AxisLines {
  int64_t outer_count = 1;
  int64_t extent = 1;
  int64_t inner_count = 1;

  // REQUIRES: the shape belongs to a tensor, so that products of its extents fit.
  static Result<AxisLines> along(const Shape& shape, int64_t axis) {
    const auto at = static_cast<size_t>(TRY(normalize_axis(axis, static_cast<int>(shape.size()))));
    AxisLines lines;
    for (size_t i = 0; i < at; ++i) lines.outer_count *= shape[i];
    lines.extent = shape[at];
    for (size_t i = at + 1; i < shape.size(); ++i) lines.inner_count *= shape[i];
    return lines;
  }

  // One line for each index of the axes before `axis`.
  static Result<AxisLines> from(const Shape& shape, int64_t axis) {
    AxisLines lines = TRY(along(shape, axis));
    lines.extent *= lines.inner_count;
    lines.inner_count = 1;
    return lines;
  }

  int64_t index(int64_t outer, int64_t i, int64_t inner) const { return (outer * extent + i) * inner_count + inner; }
  // Where along the axis an element lies.
  int64_t coordinate(int64_t element) const { return element / inner_count % extent; }

  // Calls visit(outer, inner) for every line.
  template <typename F>
  void for_each(const F& visit) const {
    for (int64_t outer = 0; outer < outer_count; ++outer) {
      for (int64_t inner = 0; inner < inner_count; ++inner) visit(outer, inner);
    }
  }
};

}  // namespace sixtops::cpu::reference
