// Shapes: extents, outermost first. In an imported graph an extent may be unknown; a static graph has none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"

namespace sixtops {

using Shape = std::vector<int64_t>;

inline constexpr int64_t kUnknownExtent = -1;

// More axes than any real network has; bounds recursion and tables on untrusted models.
inline constexpr int kMaxRank = 16;

bool is_static(const Shape& shape);  // no unknown extent

// Product of the extents. kResource when it does not fit 63 bits; REQUIRES is_static.
Result<int64_t> element_count(const Shape& shape);

std::string shape_text(const Shape& shape);  // "1x3x640x640", "?x3", "scalar"

// Element strides of the dense row-major layout.
std::vector<int64_t> row_major_strides(const Shape& shape);

// NumPy broadcasting of two shapes. An unknown extent beside 1 or another unknown one stays unknown; beside a number
// above 1 it takes that number. kInvalidData names both shapes when they do not fit.
Result<Shape> broadcast(const Shape& a, const Shape& b);

// Axis in [-rank, rank) → [0, rank).
Result<int> normalize_axis(int64_t axis, int rank);

}  // namespace sixtops
