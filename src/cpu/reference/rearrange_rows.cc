// Ops on rows: ReverseSequence turns their beginnings around, Trilu keeps a triangle of each matrix.
#include <algorithm>

#include "base/error.h"
#include "cpu/reference/element_bytes.h"
#include "cpu/reference/indices.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/strided_copy.h"

namespace sixtops::cpu::reference::kernels {

Result<Outputs> ReverseSequence(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const auto batch_axis = static_cast<size_t>(arguments.node.get_int("batch_axis"));
  const auto time_axis = static_cast<size_t>(arguments.node.get_int("time_axis"));
  if (x.rank() < 2 || batch_axis == time_axis) {
    return invalid_data("batch axis {} and time axis {} of an input of shape {}", batch_axis, time_axis,
                        shape_text(x.shape()));
  }
  const Ints lengths = values_as<int64_t>(arguments.input(1));
  const int64_t batches = x.shape()[batch_axis];
  if (static_cast<int64_t>(lengths.size()) != batches) {
    return invalid_data("{} sequence lengths for {} batches", lengths.size(), batches);
  }
  Tensor y = TRY(arguments.allocate(x.dtype(), x.shape()));
  copy_strided(x.shape(), x, dense_view(x), y);
  sixtops::Shape extents = x.shape();
  extents[batch_axis] = 1;
  for (int64_t batch = 0; batch < batches; ++batch) {
    const int64_t length = lengths[static_cast<size_t>(batch)];
    if (length < 0 || length > x.shape()[time_axis]) {
      return invalid_data("sequence length {}, the time axis has {}", length, x.shape()[time_axis]);
    }
    extents[time_axis] = length;
    StridedView to = dense_view(y);
    to.offset = batch * to.strides[batch_axis];
    StridedView from = to;
    from.offset += (length - 1) * from.strides[time_axis];
    from.strides[time_axis] *= -1;
    copy_strided(extents, x, from, y, to);
  }
  return Outputs{std::move(y)};
}

Result<Outputs> Trilu(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  if (x.rank() < 2) return invalid_data("input of shape {}, expected matrices", shape_text(x.shape()));
  const Ints given = arguments.parameter_ints("k", 1).value_or(Ints{0});
  if (given.size() != 1) return invalid_data("{} diagonals, expected one", given.size());
  const int64_t rows = x.shape()[x.shape().size() - 2];
  const int64_t columns = x.shape().back();
  const int64_t diagonal = std::clamp(given[0], -rows, columns);
  const bool upper = arguments.node.get_int("upper") != 0;
  Tensor y = TRY(arguments.allocate(x.dtype(), x.shape()));
  if (y.empty()) return Outputs{y};
  const auto size = static_cast<int64_t>(dtype_size(x.dtype()));
  for (int64_t row = 0; row < x.element_count() / columns; ++row) {
    const int64_t i = row % rows;
    const int64_t begin = upper ? std::clamp<int64_t>(i + diagonal, 0, columns) : 0;
    const int64_t end = upper ? columns : std::clamp<int64_t>(i + diagonal + 1, 0, columns);
    const int64_t offset = (row * columns + begin) * size;
    std::memcpy(writable_bytes(y) + offset, x.bytes().data() + offset, static_cast<size_t>((end - begin) * size));
  }
  return Outputs{std::move(y)};
}

}  // namespace sixtops::cpu::reference::kernels
