// What the shape rules share.
#pragma once

#include <algorithm>
#include <vector>

#include "base/checked.h"
#include "base/error.h"
#include "graph/shape_rules.h"

namespace sixtops::shape_rules {

using Types = std::vector<ValueType>;

inline Shape unknown_extents(size_t rank) { return Shape(rank, kUnknownExtent); }

// Two statements about one extent: the known one wins. kInvalidData when both are known and differ.
inline Result<int64_t> agree(int64_t a, int64_t b, std::string_view what) {
  if (a >= 0 && b >= 0 && a != b) return invalid_data("{} is {} and {} at once", what, a, b);
  return std::max(a, b);
}

inline Status expect_rank(const Shape* shape, size_t rank, std::string_view what) {
  if (shape == nullptr || shape->size() == rank) return {};
  return invalid_data("{} of shape {}, expected rank {}", what, shape_text(*shape), rank);
}

// A product of extents: unknown when a factor is, unless another is 0.
inline Result<int64_t> extent_product(std::span<const int64_t> extents) {
  if (std::find(extents.begin(), extents.end(), 0) != extents.end()) return 0;
  int64_t product = 1;
  for (const int64_t extent : extents) {
    if (extent < 0) return kUnknownExtent;
    product = TRY(checked_multiply(product, extent));
  }
  return product;
}

// The node's axis attribute as an index of the shape.
inline Result<size_t> axis_of(const ShapeArguments& arguments, const Shape& shape) {
  return static_cast<size_t>(TRY(normalize_axis(arguments.node.get_int("axis"), static_cast<int>(shape.size()))));
}

// Axes as a mark for each of `rank`. kInvalidData when one is outside or comes twice.
inline Result<std::vector<bool>> mark_axes(const Ints& axes, size_t rank) {
  std::vector<bool> marks(rank, false);
  for (const int64_t axis : axes) {
    const auto index = static_cast<size_t>(TRY(normalize_axis(axis, static_cast<int>(rank))));
    if (marks[index]) return invalid_data("axis {} comes twice", axis);
    marks[index] = true;
  }
  return marks;
}

// The node's text attribute as an element type; `fallback` where it is empty.
inline DType dtype_attribute(const ShapeArguments& arguments, std::string_view name, DType fallback) {
  return parse_dtype(arguments.node.get_text(name)).value_or(fallback);
}

}  // namespace sixtops::shape_rules
