// Ops that give the same data another shape.
#include <algorithm>
#include <numeric>

#include "base/checked.h"
#include "base/error.h"
#include "cpu/reference/kernels.h"

namespace sixtops::cpu::reference {
namespace {

Result<Outputs> with_shape(const Arguments& arguments, Shape shape) {
  TRY(arguments.check_output(arguments.input(0).dtype(), shape));
  return Outputs{TRY(arguments.input(0).reshaped(std::move(shape)))};
}

// Resolves 0 (as the input) and -1 (whatever is left) of a Reshape.
Result<Shape> resolve_reshape(const Tensor& x, Shape shape, bool zero_is_extent) {
  int64_t* rest = nullptr;
  int64_t known = 1;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == 0 && !zero_is_extent) {
      if (i >= x.shape().size()) return invalid_data("axis {} shall be as the input's, which has rank {}", i, x.rank());
      shape[i] = x.shape()[i];
    }
    if (shape[i] == -1) {
      if (rest != nullptr) return invalid_data("shape {} has two unknown extents", shape_text(shape));
      rest = &shape[i];
    } else if (shape[i] < 0) {
      return invalid_data("extent {} in the new shape", shape[i]);
    } else {
      known = TRY(checked_multiply(known, shape[i]));
    }
  }
  if (rest != nullptr) {
    if (known == 0 || x.element_count() % known != 0) {
      return invalid_data("{} elements do not fit shape {}", x.element_count(), shape_text(shape));
    }
    *rest = x.element_count() / known;
  }
  return shape;
}

// Marks the axes given; nothing when none are.
Result<std::optional<std::vector<bool>>> marked_axes(const Arguments& arguments, int rank) {
  const std::optional<Ints> axes = arguments.parameter_ints("axes", 1);
  if (!axes) return std::optional<std::vector<bool>>();
  std::vector<bool> marked(static_cast<size_t>(rank), false);
  for (const int64_t given : *axes) {
    const auto axis = static_cast<size_t>(TRY(normalize_axis(given, rank)));
    if (marked[axis]) return invalid_data("axis {} is given twice", axis);
    marked[axis] = true;
  }
  return std::optional(marked);
}

}  // namespace

namespace kernels {

Result<Outputs> Reshape(const Arguments& arguments) {
  const std::optional<Ints> shape = arguments.parameter_ints("shape", 1);
  if (!shape) return invalid_data("no shape is given");
  const bool zero_is_extent = arguments.node.get_int("allowzero") != 0;
  return with_shape(arguments, TRY(resolve_reshape(arguments.input(0), *shape, zero_is_extent)));
}

Result<Outputs> Flatten(const Arguments& arguments) {
  const sixtops::Shape& shape = arguments.input(0).shape();
  const auto rank = static_cast<int64_t>(shape.size());
  const int64_t axis = arguments.node.get_int("axis");
  if (axis < -rank || axis > rank) return invalid_data("axis {} is outside of rank {}", axis, rank);
  const auto split = shape.begin() + (axis < 0 ? axis + rank : axis);
  const int64_t rows = TRY(element_count(sixtops::Shape(shape.begin(), split)));
  const int64_t columns = TRY(element_count(sixtops::Shape(split, shape.end())));
  return with_shape(arguments, {rows, columns});
}

Result<Outputs> Squeeze(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const std::optional<std::vector<bool>> marked = TRY(marked_axes(arguments, x.rank()));
  sixtops::Shape shape;
  for (size_t i = 0; i < x.shape().size(); ++i) {
    const int64_t extent = x.shape()[i];
    if (marked && (*marked)[i] && extent != 1) return invalid_data("axis {} has extent {}, expected 1", i, extent);
    if (marked ? !(*marked)[i] : extent != 1) shape.push_back(extent);
  }
  return with_shape(arguments, shape);
}

Result<Outputs> Unsqueeze(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const std::optional<Ints> axes = arguments.parameter_ints("axes", 1);
  if (!axes) return invalid_data("no axes are given");
  if (axes->size() + x.shape().size() > kMaxRank) {
    return unsupported("an output of {} axes, at most {} are supported", axes->size() + x.shape().size(), kMaxRank);
  }
  const int rank = x.rank() + static_cast<int>(axes->size());
  const std::optional<std::vector<bool>> inserted = TRY(marked_axes(arguments, rank));
  sixtops::Shape shape;
  auto next = x.shape().begin();
  for (const bool is_new : *inserted) shape.push_back(is_new ? 1 : *next++);
  return with_shape(arguments, shape);
}

}  // namespace kernels
}  // namespace sixtops::cpu::reference
