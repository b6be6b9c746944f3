// Det: determinants of square matrices, by elimination with row pivots in double.
#include <cmath>

#include "base/error.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference {
namespace {

// m is row-major n x n, and is used up.
double determinant(std::vector<double>& m, size_t n) {
  double result = 1;
  for (size_t column = 0; column < n; ++column) {
    size_t pivot = column;
    for (size_t row = column + 1; row < n; ++row) {
      if (std::fabs(m[row * n + column]) > std::fabs(m[pivot * n + column])) pivot = row;
    }
    if (m[pivot * n + column] == 0) return 0;
    if (pivot != column) {
      for (size_t i = column; i < n; ++i) std::swap(m[pivot * n + i], m[column * n + i]);
      result = -result;
    }
    result *= m[column * n + column];
    for (size_t row = column + 1; row < n; ++row) {
      const double factor = m[row * n + column] / m[column * n + column];
      for (size_t i = column; i < n; ++i) m[row * n + i] -= factor * m[column * n + i];
    }
  }
  return result;
}

}  // namespace

namespace kernels {

Result<Outputs> Det(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const sixtops::Shape& shape = x.shape();
  if (x.rank() < 2 || shape.back() != shape[shape.size() - 2]) {
    return invalid_data("input of shape {}, expected square matrices", shape_text(shape));
  }
  const auto n = static_cast<size_t>(shape.back());
  return visit_float(x.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor y = TRY(arguments.allocate(x.dtype(), sixtops::Shape(shape.begin(), shape.end() - 2)));
    const std::span<const T> from = x.values<T>();
    const std::span<T> to = y.mutable_values<T>();
    for (size_t i = 0; i < to.size(); ++i) {
      const std::span<const T> matrix = from.subspan(i * n * n, n * n);
      std::vector<double> copy(matrix.begin(), matrix.end());
      to[i] = static_cast<T>(determinant(copy, n));
    }
    return Outputs{std::move(y)};
  });
}

}  // namespace kernels
}  // namespace sixtops::cpu::reference
