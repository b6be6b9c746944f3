// TopK: the k largest or smallest elements of each row, in order; of equal ones the first.
#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "cpu/reference/axis_rows.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/total_order.h"
#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference::kernels {

Result<Outputs> TopK(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const Ints given = arguments.parameter_ints("k", 1).value_or(Ints{});
  if (given.size() != 1) return invalid_data("{} values for k, expected one", given.size());
  const int64_t k = given[0];
  const auto axis = static_cast<size_t>(TRY(normalize_axis(arguments.node.get_int("axis"), x.rank())));
  const bool largest = arguments.node.get_int("largest") != 0;
  const AxisRows from = rows_along(x.shape(), axis);
  if (k < 0 || k > from.extent) return invalid_data("the best {} of {} elements", k, from.extent);
  sixtops::Shape shape = x.shape();
  shape[axis] = k;
  Tensor values = TRY(arguments.allocate(x.dtype(), shape));
  Tensor indices = TRY(arguments.allocate(DType::kI64, shape));
  if (values.empty()) return Outputs{std::move(values), std::move(indices)};
  const AxisRows to = rows_along(shape, axis);
  return visit_number(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    std::vector<int64_t> order(static_cast<size_t>(from.extent));
    for (int64_t row = 0; row < from.count; ++row) {
      const T* const source = x.values<T>().data() + from.start(row);
      const auto comes_first = [&](int64_t i, int64_t j) {
        const T a = source[i * from.stride];
        const T b = source[j * from.stride];
        if (is_below(a, b)) return !largest;
        return is_below(b, a) ? largest : i < j;
      };
      std::iota(order.begin(), order.end(), 0);
      std::partial_sort(order.begin(), order.begin() + k, order.end(), comes_first);
      for (int64_t i = 0; i < k; ++i) {
        const auto position = static_cast<size_t>(to.start(row) + i * to.stride);
        indices.mutable_values<int64_t>()[position] = order[static_cast<size_t>(i)];
        values.mutable_values<T>()[position] = source[order[static_cast<size_t>(i)] * from.stride];
      }
    }
    return Outputs{std::move(values), std::move(indices)};
  });
}

}  // namespace sixtops::cpu::reference::kernels
