// CumSum: running sums along an axis, floats in double and rounded element by element.
#include "base/error.h"
#include "cpu/reference/axis_rows.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference::kernels {

Result<Outputs> CumSum(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const Ints given = arguments.parameter_ints("axis", 1).value_or(Ints{});
  if (given.size() != 1) return invalid_data("{} axes, expected one", given.size());
  const auto axis = static_cast<size_t>(TRY(normalize_axis(given[0], x.rank())));
  const bool exclusive = arguments.node.get_int("exclusive") != 0;
  const bool reverse = arguments.node.get_int("reverse") != 0;
  const AxisRows rows = rows_along(x.shape(), axis);
  return visit_number(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor y = TRY(arguments.allocate(x.dtype(), x.shape()));
    for (int64_t row = 0; row < rows.count && rows.extent > 0; ++row) {
      const T* const from = x.values<T>().data() + rows.start(row);
      T* const to = y.mutable_values<T>().data() + rows.start(row);
      Sum<T> sum = 0;
      for (int64_t i = 0; i < rows.extent; ++i) {
        const int64_t position = (reverse ? rows.extent - 1 - i : i) * rows.stride;
        if (exclusive) to[position] = static_cast<T>(sum);
        sum += static_cast<Sum<T>>(from[position]);
        if (!exclusive) to[position] = static_cast<T>(sum);
      }
    }
    return Outputs{std::move(y)};
  });
}

}  // namespace sixtops::cpu::reference::kernels
