// Ops that order the axes, or parts of them, anew: Transpose, DepthToSpace, SpaceToDepth.
#include <algorithm>

#include "base/checked.h"
#include "base/error.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/strided_copy.h"

namespace sixtops::cpu::reference {
namespace {

// Reads x as if it had the shape `parts`, orders those axes by `order`, and writes the result as `shape`.
// REQUIRES: parts has as many elements as x; order is a permutation.
Result<Outputs> permute(const Arguments& arguments, const Shape& parts, const Ints& order, Shape shape) {
  const Tensor& x = arguments.input(0);
  const Strides strides = row_major_strides(parts);
  Shape extents;
  StridedView view;
  for (const int64_t axis : order) {
    extents.push_back(parts[static_cast<size_t>(axis)]);
    view.strides.push_back(strides[static_cast<size_t>(axis)]);
  }
  Tensor y = TRY(arguments.allocate(x.dtype(), std::move(shape)));
  copy_strided(extents, x, view, y);
  return Outputs{std::move(y)};
}

Status check_picture_rank(const Tensor& x) {
  if (x.rank() == 4) return Status();
  return invalid_data("input of shape {}, expected N x C x H x W", shape_text(x.shape()));
}

}  // namespace

namespace kernels {

Result<Outputs> Transpose(const Arguments& arguments) {
  const sixtops::Shape& shape = arguments.input(0).shape();
  Ints order;
  if (arguments.node.has("perm")) {
    order = arguments.node.get_ints("perm");
  } else {
    for (size_t i = shape.size(); i-- > 0;) order.push_back(static_cast<int64_t>(i));
  }
  Ints sorted = order;
  std::sort(sorted.begin(), sorted.end());
  bool is_permutation = sorted.size() == shape.size();
  for (size_t i = 0; i < sorted.size(); ++i) is_permutation = is_permutation && sorted[i] == static_cast<int64_t>(i);
  if (!is_permutation) return invalid_data("attribute 'perm' is no permutation of the {} axes", shape.size());
  sixtops::Shape permuted;
  for (const int64_t axis : order) permuted.push_back(shape[static_cast<size_t>(axis)]);
  return permute(arguments, shape, order, permuted);
}

Result<Outputs> DepthToSpace(const Arguments& arguments) {
  TRY(check_picture_rank(arguments.input(0)));
  const sixtops::Shape& x = arguments.input(0).shape();
  const int64_t block = arguments.node.get_int("blocksize");
  if (x[1] % block != 0 || x[1] / block % block != 0) {
    return invalid_data("{} channels do not divide into blocks of {} x {}", x[1], block, block);
  }
  const int64_t channels = x[1] / block / block;
  const sixtops::Shape y = {x[0], channels, TRY(checked_multiply(x[2], block)), TRY(checked_multiply(x[3], block))};
  if (arguments.node.get_text("mode") == "DCR") {
    return permute(arguments, {x[0], block, block, channels, x[2], x[3]}, {0, 3, 4, 1, 5, 2}, y);
  }
  return permute(arguments, {x[0], channels, block, block, x[2], x[3]}, {0, 1, 4, 2, 5, 3}, y);
}

Result<Outputs> SpaceToDepth(const Arguments& arguments) {
  TRY(check_picture_rank(arguments.input(0)));
  const sixtops::Shape& x = arguments.input(0).shape();
  const int64_t block = arguments.node.get_int("blocksize");
  if (x[2] % block != 0 || x[3] % block != 0) {
    return invalid_data("{} x {} pixels do not divide into blocks of {} x {}", x[2], x[3], block, block);
  }
  const int64_t rows = x[2] / block;
  const int64_t columns = x[3] / block;
  const int64_t channels = TRY(checked_multiply(TRY(checked_multiply(x[1], block)), block));
  return permute(arguments, {x[0], x[1], rows, block, columns, block}, {0, 3, 5, 1, 2, 4},
                 {x[0], channels, rows, columns});
}

}  // namespace kernels
}  // namespace sixtops::cpu::reference
