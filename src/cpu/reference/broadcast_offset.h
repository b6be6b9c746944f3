// Where the element of a broadcast operand lies that belongs to an element of the result.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/shape.h"

namespace sixtops::cpu::reference {

class BroadcastOffset {
 public:
  // REQUIRES: `operand` broadcasts to `result` (graph/shape.h).
  BroadcastOffset(const Shape& operand, const Shape& result)
      : same_(operand == result), result_(result), result_strides_(row_major_strides(result)), strides_(result.size()) {
    const std::vector<int64_t> dense = row_major_strides(operand);
    const size_t missing = result.size() - operand.size();
    for (size_t axis = 0; axis < operand.size(); ++axis) {
      strides_[missing + axis] = operand[axis] == 1 ? 0 : dense[axis];
    }
  }

  // index: row-major position in the result.
  int64_t operator()(int64_t index) const {
    if (same_) return index;
    int64_t offset = 0;
    for (size_t axis = 0; axis < strides_.size(); ++axis) {
      offset += index / result_strides_[axis] % result_[axis] * strides_[axis];
    }
    return offset;
  }

 private:
  bool same_;
  Shape result_;
  std::vector<int64_t> result_strides_;
  std::vector<int64_t> strides_;
};

}  // namespace sixtops::cpu::reference
