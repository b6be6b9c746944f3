// ArgMax and ArgMin: where the largest or smallest element of each row lies. A NaN wins over all numbers.
#include "base/error.h"
#include "cpu/reference/axis_rows.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/total_order.h"
#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference {
namespace {

// beats(a, b): a is chosen over b.
template <typename Beats>
Result<Outputs> arg_reduce(const Arguments& arguments, Beats beats) {
  const Tensor& x = arguments.input(0);
  const auto axis = static_cast<size_t>(TRY(normalize_axis(arguments.node.get_int("axis"), x.rank())));
  const bool last = arguments.node.get_int("select_last_index") != 0;
  const AxisRows rows = rows_along(x.shape(), axis);
  Shape shape = x.shape();
  if (arguments.node.get_int("keepdims") != 0) {
    shape[axis] = 1;
  } else {
    shape.erase(shape.begin() + static_cast<int64_t>(axis));
  }
  Tensor y = TRY(arguments.allocate(DType::kI64, std::move(shape)));
  if (y.empty()) return Outputs{y};
  if (rows.extent == 0) return invalid_data("axis {} of shape {} has no element", axis, shape_text(x.shape()));
  const std::span<int64_t> indices = y.mutable_values<int64_t>();
  return visit_number(x.dtype(), [&]<typename T>(T) {
    for (int64_t row = 0; row < rows.count; ++row) {
      const T* from = x.values<T>().data() + rows.start(row);
      int64_t best = 0;
      for (int64_t i = 1; i < rows.extent; ++i) {
        const T challenger = from[i * rows.stride];
        const T holder = from[best * rows.stride];
        if (last ? !beats(holder, challenger) : beats(challenger, holder)) best = i;
      }
      indices[static_cast<size_t>(row)] = best;
    }
    return Result<Outputs>(Outputs{y});
  });
}

}  // namespace

namespace kernels {

Result<Outputs> ArgMax(const Arguments& arguments) {
  return arg_reduce(arguments, [](auto a, auto b) { return a > b || (is_nan(a) && !is_nan(b)); });
}

Result<Outputs> ArgMin(const Arguments& arguments) {
  return arg_reduce(arguments, [](auto a, auto b) { return a < b || (is_nan(a) && !is_nan(b)); });
}

}  // namespace kernels
}  // namespace sixtops::cpu::reference
