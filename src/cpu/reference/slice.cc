// Slice: every step-th element of a range, forwards or backwards.
#include "base/error.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/strided_copy.h"
#include "graph/slice_geometry.h"

namespace sixtops::cpu::reference::kernels {

Result<Outputs> Slice(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const std::optional<Ints> starts = arguments.parameter_ints("starts", 1);
  const std::optional<Ints> ends = arguments.parameter_ints("ends", 2);
  if (!starts || !ends) return invalid_data("no starts or no ends are given");
  const Ints axes = arguments.parameter_ints("axes", 3).value_or(Ints{});
  const Ints steps = arguments.parameter_ints("steps", 4).value_or(Ints{});
  const std::vector<SlicedAxis> sliced = TRY(resolve_slice(x.shape(), *starts, *ends, axes, steps));
  const Strides dense = row_major_strides(x.shape());
  sixtops::Shape shape;
  StridedView view;
  for (size_t i = 0; i < sliced.size(); ++i) {
    const bool moves = sliced[i].count > 1;  // a step that is never taken may be anything
    shape.push_back(sliced[i].count);
    view.offset += sliced[i].begin * dense[i];
    view.strides.push_back(moves ? sliced[i].step * dense[i] : 0);
  }
  Tensor y = TRY(arguments.allocate(x.dtype(), std::move(shape)));
  copy_strided(y.shape(), x, view, y);
  return Outputs{std::move(y)};
}

}  // namespace sixtops::cpu::reference::kernels
