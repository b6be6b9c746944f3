// Gemm, float and integer form.
#include "cpu/reference/broadcast_offset.h"
#include "cpu/reference/integer.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference {
namespace {

// Either operand may lie transposed; the strides say how.
struct GemmShape {
  int64_t rows, depth, columns;
  int64_t a_row, a_depth;
  int64_t b_depth, b_column;
  Shape output() const { return {rows, columns}; }
};

Result<GemmShape> gemm_shape(const Node& node, const Shape& a, const Shape& b) {
  if (a.size() != 2 || b.size() != 2) {
    return invalid_data("operands of shapes {} and {}, expected two matrices", shape_text(a), shape_text(b));
  }
  GemmShape shape{a[0], a[1], b[1], a[1], 1, b[1], 1};
  int64_t b_depth = b[0];
  if (node.get_int("transA") != 0) {
    std::swap(shape.rows, shape.depth);
    std::swap(shape.a_row, shape.a_depth);
  }
  if (node.get_int("transB") != 0) {
    std::swap(shape.columns, b_depth);
    std::swap(shape.b_depth, shape.b_column);
  }
  if (b_depth != shape.depth) {
    return invalid_data("a matrix product of shapes {} and {}: the inner extents {} and {} differ", shape_text(a),
                        shape_text(b), shape.depth, b_depth);
  }
  return shape;
}

Result<Outputs> float_gemm(const Arguments& arguments, const GemmShape& shape) {
  const Tensor& a = arguments.input(0);
  TRY(expect_dtype(arguments, 1, a.dtype()));
  std::vector<double> c = {0.0};
  Shape c_shape;
  if (arguments.has(2)) {
    c = values_as<double>(arguments.input(2));
    c_shape = arguments.input(2).shape();
  }
  if (TRY(broadcast(c_shape, shape.output())) != shape.output()) {
    return invalid_data("the third operand of shape {} does not broadcast to {}", shape_text(c_shape),
                        shape_text(shape.output()));
  }
  const BroadcastOffset c_offset(c_shape, shape.output());
  const double alpha = arguments.node.get_float("alpha");
  const double beta = arguments.node.get_float("beta");
  return visit_number(a.dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(dtype_of<T>, shape.output()));
    const auto a_values = a.values<T>();
    const auto b_values = arguments.input(1).values<T>();
    const auto y = output.mutable_values<T>();
    for (int64_t i = 0; i < output.element_count(); ++i) {
      double sum = 0;
      for (int64_t k = 0; k < shape.depth; ++k) {
        sum +=
            static_cast<double>(a_values[static_cast<size_t>(i / shape.columns * shape.a_row + k * shape.a_depth)]) *
            static_cast<double>(b_values[static_cast<size_t>(k * shape.b_depth + i % shape.columns * shape.b_column)]);
      }
      y[static_cast<size_t>(i)] = saturating_cast<T>(alpha * sum + beta * c[static_cast<size_t>(c_offset(i))]);
    }
    return Outputs{output};
  });
}

Result<Outputs> integer_gemm(const Arguments& arguments, const GemmShape& shape) {
  TRY(expect_dtype(arguments, 0, DType::kI8));
  TRY(expect_dtype(arguments, 1, DType::kI8));
  Requantizer requantizer = TRY(Requantizer::make(arguments, shape.columns, 2));
  Tensor output = TRY(arguments.allocate(DType::kI8, shape.output()));
  const auto a = arguments.input(0).values<int8_t>();
  const auto b = arguments.input(1).values<int8_t>();
  const auto y = output.mutable_values<int8_t>();
  for (int64_t i = 0; i < output.element_count(); ++i) {
    const int64_t column = i % shape.columns;
    int64_t products = 0;
    int64_t window = 0;
    for (int64_t k = 0; k < shape.depth; ++k) {
      const int8_t code = a[static_cast<size_t>(i / shape.columns * shape.a_row + k * shape.a_depth)];
      products += code * b[static_cast<size_t>(k * shape.b_depth + column * shape.b_column)];
      window += code;
    }
    y[static_cast<size_t>(i)] = requantizer(products, window, column);
  }
  TRY(requantizer.status());
  return Outputs{output};
}

}  // namespace

Result<Outputs> kernels::Gemm(const Arguments& arguments) {
  const GemmShape shape = TRY(gemm_shape(arguments.node, arguments.input(0).shape(), arguments.input(1).shape()));
  return is_integer_form(arguments.node) ? integer_gemm(arguments, shape) : float_gemm(arguments, shape);
}

}  // namespace sixtops::cpu::reference
