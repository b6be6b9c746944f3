// Concat and Split along one axis.
#include <algorithm>
#include <numeric>

#include "base/checked.h"
#include "base/error.h"
#include "cpu/reference/broadcast.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/strided_copy.h"

namespace sixtops::cpu::reference {
namespace {

// The extents of the parts of a Split: as given, or equal ones, of which the last may be smaller.
Result<Ints> split_extents(const Arguments& arguments, int64_t extent) {
  const auto count = static_cast<int64_t>(arguments.node.outputs.size());
  Ints parts;
  if (const std::optional<Ints> given = arguments.parameter_ints("split", 1)) {
    parts = *given;
  } else {
    const int64_t each = (extent + count - 1) / count;
    for (int64_t i = 0; i < count; ++i) parts.push_back(std::clamp<int64_t>(extent - i * each, 0, each));
  }
  int64_t sum = 0;
  for (const int64_t part : parts) {
    if (part < 0) return invalid_data("a part of {} elements", part);
    sum = TRY(checked_add(sum, part));
  }
  if (static_cast<int64_t>(parts.size()) != count) return invalid_data("{} parts for {} outputs", parts.size(), count);
  if (sum != extent) return invalid_data("parts of {} elements together, the axis has {}", sum, extent);
  return parts;
}

}  // namespace

namespace kernels {

Result<Outputs> Concat(const Arguments& arguments) {
  const Tensor& first = arguments.input(0);
  const auto axis = static_cast<size_t>(TRY(normalize_axis(arguments.node.get_int("axis"), first.rank())));
  sixtops::Shape shape = first.shape();
  shape[axis] = 0;
  for (const Tensor& part : arguments.inputs) {
    TRY(check_same_dtype(first, part));
    sixtops::Shape other = part.shape();
    if (other.size() == shape.size()) other[axis] = shape[axis];
    if (other != shape) {
      return invalid_data("shapes {} and {} differ beside axis {}", shape_text(first.shape()), shape_text(part.shape()),
                          axis);
    }
    shape[axis] = TRY(checked_add(shape[axis], part.shape()[axis]));
  }
  Tensor y = TRY(arguments.allocate(first.dtype(), std::move(shape)));
  StridedView view = dense_view(y);
  for (const Tensor& part : arguments.inputs) {
    copy_strided(part.shape(), part, dense_view(part), y, view);
    view.offset += part.shape()[axis] * view.strides[axis];
  }
  return Outputs{std::move(y)};
}

Result<Outputs> Split(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const auto axis = static_cast<size_t>(TRY(normalize_axis(arguments.node.get_int("axis"), x.rank())));
  Outputs outputs;
  StridedView view = dense_view(x);
  for (const int64_t extent : TRY(split_extents(arguments, x.shape()[axis]))) {
    sixtops::Shape shape = x.shape();
    shape[axis] = extent;
    outputs.push_back(TRY(arguments.allocate(x.dtype(), shape)));
    copy_strided(shape, x, view, outputs.back());
    view.offset += extent * view.strides[axis];
  }
  return outputs;
}

}  // namespace kernels
}  // namespace sixtops::cpu::reference
