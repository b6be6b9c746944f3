// Softmax, LogSoftmax, Hardmax.
#include <algorithm>
#include <cmath>

#include "cpu/reference/axis_lines.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference {
namespace {

// Calls line(values) for each line along the axis; what it leaves in `values` is the output.
template <typename F>
Result<Outputs> map_lines(const Arguments& arguments, const F& line) {
  const Tensor& x = arguments.input(0);
  const AxisLines lines = TRY(AxisLines::along(x.shape(), arguments.node.get_int("axis")));
  return visit_float(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(x.dtype(), x.shape()));
    const auto from = x.values<T>();
    const auto to = output.mutable_values<T>();
    std::vector<double> values(static_cast<size_t>(lines.extent));
    lines.for_each([&](int64_t outer, int64_t inner) {
      if (values.empty()) return;
      for (int64_t i = 0; i < lines.extent; ++i) {
        values[static_cast<size_t>(i)] = from[static_cast<size_t>(lines.index(outer, i, inner))];
      }
      line(values);
      for (int64_t i = 0; i < lines.extent; ++i) {
        to[static_cast<size_t>(lines.index(outer, i, inner))] = static_cast<T>(values[static_cast<size_t>(i)]);
      }
    });
    return Outputs{output};
  });
}

double sum_of_exponentials(const std::vector<double>& values, double largest) {
  double sum = 0;
  for (const double value : values) sum += std::exp(value - largest);
  return sum;
}

}  // namespace

Result<Outputs> kernels::Softmax(const Arguments& arguments) {
  return map_lines(arguments, [](std::vector<double>& values) {
    const double largest = *std::max_element(values.begin(), values.end());
    const double sum = sum_of_exponentials(values, largest);
    for (double& value : values) value = std::exp(value - largest) / sum;
  });
}

Result<Outputs> kernels::LogSoftmax(const Arguments& arguments) {
  return map_lines(arguments, [](std::vector<double>& values) {
    const double largest = *std::max_element(values.begin(), values.end());
    const double log_sum = std::log(sum_of_exponentials(values, largest));
    for (double& value : values) value = value - largest - log_sum;
  });
}

// 1 at the first largest value, 0 elsewhere.
Result<Outputs> kernels::Hardmax(const Arguments& arguments) {
  return map_lines(arguments, [](std::vector<double>& values) {
    const auto largest = std::max_element(values.begin(), values.end());
    const auto at = static_cast<size_t>(largest - values.begin());
    std::fill(values.begin(), values.end(), 0.0);
    values[at] = 1;
  });
}

}  // namespace sixtops::cpu::reference
