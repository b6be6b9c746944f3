// Ops that repeat data: Expand, Tile.
#include "base/checked.h"
#include "base/error.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/strided_copy.h"

namespace sixtops::cpu::reference::kernels {

Result<Outputs> Expand(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const std::optional<Ints> shape = arguments.parameter_ints("shape", 1);
  if (!shape) return invalid_data("no shape is given");
  if (!is_static(*shape)) return invalid_data("shape {} has a negative extent", shape_text(*shape));
  Tensor y = TRY(arguments.allocate(x.dtype(), TRY(broadcast(x.shape(), *shape))));
  copy_strided(y.shape(), x, {0, broadcast_strides(x.shape(), y.shape())}, y);
  return Outputs{std::move(y)};
}

Result<Outputs> Tile(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const std::optional<Ints> repeats = arguments.parameter_ints("repeats", 1);
  if (!repeats) return invalid_data("no repeats are given");
  if (repeats->size() != x.shape().size()) {
    return invalid_data("{} repeats for an input of rank {}", repeats->size(), x.rank());
  }
  const Strides dense = row_major_strides(x.shape());
  sixtops::Shape shape;
  sixtops::Shape extents;  // two an axis: repetition, and element within one
  StridedView view;
  for (size_t i = 0; i < repeats->size(); ++i) {
    const int64_t times = (*repeats)[i];
    if (times < 0) return invalid_data("axis {} is repeated {} times", i, times);
    shape.push_back(TRY(checked_multiply(x.shape()[i], times)));
    extents.insert(extents.end(), {times, x.shape()[i]});
    view.strides.insert(view.strides.end(), {0, dense[i]});
  }
  Tensor y = TRY(arguments.allocate(x.dtype(), std::move(shape)));
  copy_strided(extents, x, view, y);
  return Outputs{std::move(y)};
}

}  // namespace sixtops::cpu::reference::kernels
