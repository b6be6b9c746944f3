#include "graph/shape.h"

#include <algorithm>

#include "base/checked.h"
#include "base/error.h"

namespace sixtops {

bool is_static(const Shape& shape) {
  return std::all_of(shape.begin(), shape.end(), [](int64_t extent) { return extent >= 0; });
}

Result<int64_t> element_count(const Shape& shape) {
  int64_t count = 1;
  bool empty = false;
  for (const int64_t extent : shape) {
    if (extent < 0) return internal_error("element count of the dynamic shape {}", shape_text(shape));
    empty = empty || extent == 0;
    if (extent > 0) count = TRY(checked_multiply(count, extent));
  }
  return empty ? 0 : count;
}

std::string shape_text(const Shape& shape) {
  if (shape.empty()) return "scalar";
  std::string text;
  for (const int64_t extent : shape) {
    if (!text.empty()) text += 'x';
    text += extent < 0 ? "?" : std::to_string(extent);
  }
  return text;
}

std::vector<int64_t> row_major_strides(const Shape& shape) {
  std::vector<int64_t> strides(shape.size());
  int64_t stride = 1;
  for (size_t i = shape.size(); i-- > 0;) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}

Result<Shape> broadcast(const Shape& a, const Shape& b) {
  const size_t rank = std::max(a.size(), b.size());
  Shape result(rank);
  for (size_t i = 0; i < rank; ++i) {
    const int64_t x = i + a.size() < rank ? 1 : a[i + a.size() - rank];
    const int64_t y = i + b.size() < rank ? 1 : b[i + b.size() - rank];
    if (x == y || y == 1) {
      result[i] = x;
    } else if (x == 1) {
      result[i] = y;
    } else if (x < 0 || y < 0) {
      result[i] = std::max(x, y);
    } else {
      return invalid_data("shapes {} and {} do not broadcast", shape_text(a), shape_text(b));
    }
  }
  return result;
}

Result<int> normalize_axis(int64_t axis, int rank) {
  if (axis < -rank || axis >= rank) return invalid_data("axis {} is outside of rank {}", axis, rank);
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

}  // namespace sixtops
