// Which elements of an axis a Slice takes: what shape rule, kernel and passes share.
//
// Formulas: ONNX operator Slice, newest opset. Thread safety: pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/shape.h"

namespace sixtops {

// Elements begin, begin + step, ...: `count` of them, all inside of the axis.
struct SlicedAxis {
  int64_t begin = 0;
  int64_t step = 1;
  int64_t count = 0;  // kUnknownExtent when the axis is

  bool whole(int64_t extent) const { return begin == 0 && step == 1 && count == extent; }
};

// One an axis of `shape`. axes and steps may be empty: all axes from the first on, steps of 1. kInvalidData when the
// lists do not fit each other or the rank, an axis comes twice, or a step is 0.
Result<std::vector<SlicedAxis>> resolve_slice(const Shape& shape, std::span<const int64_t> starts,
                                              std::span<const int64_t> ends, std::span<const int64_t> axes,
                                              std::span<const int64_t> steps);

}  // namespace sixtops
