// Walks several operands together through one index space, each operand with element strides of its own.
//
// Broadcasting is a stride of 0, a transposition a permutation of strides, a reduction a stride of 0 on the output.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "graph/shape.h"

namespace sixtops::cpu::reference {

inline constexpr size_t kMaxOperands = 4;

using Strides = std::vector<int64_t>;  // elements, one an axis; may be negative

// A row of the innermost axis: element i of operand k lies at offset[k] + i · step[k].
struct Run {
  std::array<int64_t, kMaxOperands> offset = {};
  std::array<int64_t, kMaxOperands> step = {};
  int64_t length = 0;
};

// Calls `visit` for every row, in row-major order of `extents`. Axes that all operands lay out densely are walked as
// one, so rows are as long as they can be. Not at all when an extent is 0; once, with length 1, for a scalar.
// REQUIRES: at most kMaxOperands operands, each with a stride for every axis of `extents`.
void for_each_run(const Shape& extents, std::span<const Strides> operands,
                  const std::function<void(const Run&)>& visit);

// Strides that read `shape` as if it were broadcast to `to`. REQUIRES: broadcast(shape, to) == to
Strides broadcast_strides(const Shape& shape, const Shape& to);

}  // namespace sixtops::cpu::reference
