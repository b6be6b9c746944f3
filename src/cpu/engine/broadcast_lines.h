// Two operands of an elementwise op as lines: the common shapes of broadcasting without index arithmetic an element.
#pragma once

#include <cstdint>
#include <optional>

#include "graph/shape.h"

namespace sixtops::cpu::engine {

// The result is line_count lines of `length` elements. In line i, operand k begins at
// (i % period[k]) · stride[k] and advances by step[k] (0 or 1) elements.
struct BroadcastLines {
  int64_t line_count = 1;
  int64_t length = 1;
  int64_t period[2] = {1, 1};
  int64_t stride[2] = {0, 0};
  int64_t step[2] = {1, 1};

  int64_t begin(size_t operand, int64_t line) const { return line % period[operand] * stride[operand]; }

  // Nothing unless one operand has the result's shape, and the other's extents above 1 stand side by side: equal
  // shapes, a scalar, one value a channel, one vector a row, ...
  static std::optional<BroadcastLines> make(const Shape& a, const Shape& b);
};

}  // namespace sixtops::cpu::engine
