// MatMul, float and integer form, with the optional bias of the last axis.
#include "cpu/reference/integer.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/matrix_product.h"
#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference {
namespace {

Result<Outputs> plain_matmul(const Arguments& arguments, const MatrixProduct& product) {
  TRY(expect_dtype(arguments, 1, arguments.input(0).dtype()));
  if (arguments.has(2)) TRY(expect_dtype(arguments, 2, arguments.input(0).dtype()));
  if (arguments.has(2) && arguments.input(2).element_count() != product.columns) {
    return invalid_data("{} biases for {} columns", arguments.input(2).element_count(), product.columns);
  }
  return visit_number(arguments.input(0).dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(dtype_of<T>, product.output));
    const auto a = arguments.input(0).values<T>();
    const auto b = arguments.input(1).values<T>();
    const auto y = output.mutable_values<T>();
    product.for_each_output<Sum<T>>(
        [&](size_t i, size_t j) { return static_cast<Sum<T>>(a[i]) * static_cast<Sum<T>>(b[j]); },
        [&](Sum<T> sum, int64_t, int64_t, int64_t column, size_t index) {
          if (arguments.has(2)) sum += static_cast<Sum<T>>(arguments.input(2).values<T>()[static_cast<size_t>(column)]);
          y[index] = static_cast<T>(sum);
        });
    return Outputs{output};
  });
}

struct CodeSums {
  int64_t products = 0;
  int64_t window = 0;
  CodeSums& operator+=(const CodeSums& other) {
    products += other.products;
    window += other.window;
    return *this;
  }
};

Result<Outputs> integer_matmul(const Arguments& arguments, const MatrixProduct& product) {
  TRY(expect_dtype(arguments, 0, DType::kI8));
  TRY(expect_dtype(arguments, 1, DType::kI8));
  Requantizer requantizer = TRY(Requantizer::make(arguments, product.columns, 2));
  Tensor output = TRY(arguments.allocate(DType::kI8, product.output));
  const auto a = arguments.input(0).values<int8_t>();
  const auto b = arguments.input(1).values<int8_t>();
  const auto y = output.mutable_values<int8_t>();
  product.for_each_output<CodeSums>(
      [&](size_t i, size_t j) {
        return CodeSums{int64_t{a[i]} * b[j], a[i]};
      },
      [&](CodeSums sums, int64_t, int64_t, int64_t column, size_t index) {
        y[index] = requantizer(sums.products, sums.window, column);
      });
  TRY(requantizer.status());
  return Outputs{output};
}

}  // namespace

Result<Outputs> kernels::MatMul(const Arguments& arguments) {
  const MatrixProduct product = TRY(MatrixProduct::make(arguments.input(0).shape(), arguments.input(1).shape()));
  return is_integer_form(arguments.node) ? integer_matmul(arguments, product) : plain_matmul(arguments, product);
}

}  // namespace sixtops::cpu::reference
