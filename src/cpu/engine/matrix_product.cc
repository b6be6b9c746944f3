// Gemm and MatMul, float and integer form.
#include "cpu/reference/matrix_product.h"

#include <algorithm>
#include <memory>

#include "base/thread_pool.h"
#include "cpu/engine/float/sgemm.h"
#include "cpu/engine/integer/layer.h"
#include "cpu/engine/integer/requantize_line.h"
#include "cpu/engine/kernels.h"
#include "cpu/reference/broadcast_offset.h"
#include "cpu/reference/integer.h"
#include "cpu/reference/kernels.h"

namespace sixtops::cpu::engine {
namespace {

using reference::MatrixProduct;

bool fits_blas(std::initializer_list<int64_t> extents) {
  return std::all_of(extents.begin(), extents.end(), [](int64_t n) { return n >= 1 && n <= INT32_MAX; });
}

bool is_float(const Arguments& arguments) {
  for (size_t i = 0; i < arguments.inputs.size(); ++i) {
    if (arguments.has(i) && arguments.input(i).dtype() != DType::kF32) return false;
  }
  return true;
}

// y += a · b, split over the longer side of y.
void parallel_sgemm(int64_t rows, int64_t columns, int64_t depth, const Matrix& a, const Matrix& b, float* y) {
  if (rows >= columns) {
    ThreadPool::process().parallel_for(rows, [&](int64_t begin, int64_t end) {
      const Matrix part = {a.data + (a.transposed ? begin : begin * a.stride), a.stride, a.transposed};
      sgemm(end - begin, columns, depth, part, b, 1.0F, y + begin * columns, columns);
    });
  } else {
    ThreadPool::process().parallel_for(columns, [&](int64_t begin, int64_t end) {
      const Matrix part = {b.data + (b.transposed ? begin * b.stride : begin), b.stride, b.transposed};
      sgemm(rows, end - begin, depth, a, part, 1.0F, y + begin, columns);
    });
  }
}

// Codes [rows, depth] times the layer's weights. Rows are converted, multiplied and requantized a block at a time.
void integer_product(const IntegerLayer& layer, const int8_t* codes, int64_t rows, int8_t* y) {
  constexpr int64_t kBlockRows = 64;
  ThreadPool::process().parallel_for(rows, [&](int64_t first, int64_t last) {
    const auto size = [&](int64_t columns) {
      return static_cast<size_t>(std::min(kBlockRows, last - first) * columns);
    };
    const std::unique_ptr<float[]> a(new float[size(layer.depth)]);
    const std::unique_ptr<float[]> products(new float[size(layer.channels)]);
    const std::unique_ptr<int32_t[]> accumulators(new int32_t[size(layer.channels)]);
    for (int64_t begin = first; begin < last; begin += kBlockRows) {
      const int64_t block = std::min(kBlockRows, last - begin);
      std::transform(codes + begin * layer.depth, codes + (begin + block) * layer.depth, a.get(),
                     [](int8_t code) { return static_cast<float>(code); });
      for (int64_t row = 0; row < block; ++row) {
        std::copy(layer.bias.begin(), layer.bias.end(), accumulators.get() + row * layer.channels);
      }
      for (int64_t k = 0; k < layer.depth; k += layer.chunk) {
        sgemm(block, layer.channels, std::min(layer.chunk, layer.depth - k), {a.get() + k, layer.depth},
              {layer.weights.data() + k, layer.depth, true}, 0.0F, products.get(), layer.channels);
        add_products(products.get(), block * layer.channels, accumulators.get());
      }
      for (int64_t row = 0; row < block; ++row) {
        requantize_line(accumulators.get() + row * layer.channels, layer.channels, layer.scale.data(), layer.zero_point,
                        y + (begin + row) * layer.channels);
      }
    }
  });
}

Result<Outputs> float_matmul(const Arguments& arguments, const MatrixProduct& product) {
  Tensor output = TRY(arguments.allocate(DType::kF32, product.output));
  const float* const a = arguments.input(0).values<float>().data();
  const float* const b = arguments.input(1).values<float>().data();
  float* const y = output.mutable_values<float>().data();
  if (arguments.has(2)) {
    const auto bias = arguments.input(2).values<float>();
    for (int64_t i = 0; i < output.element_count(); i += product.columns) std::copy(bias.begin(), bias.end(), y + i);
  }
  const Matrix first = {a, product.depth};
  const Matrix second = {b, product.columns};
  if (arguments.input(1).rank() <= 2) {
    parallel_sgemm(output.element_count() / product.columns, product.columns, product.depth, first, second, y);
    return Outputs{output};
  }
  ThreadPool::process().parallel_for(static_cast<int64_t>(product.a_begin.size()), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      sgemm(product.rows, product.columns, product.depth, {a + product.a_begin[static_cast<size_t>(i)], product.depth},
            {b + product.b_begin[static_cast<size_t>(i)], product.columns}, 1.0F,
            y + i * product.rows * product.columns, product.columns);
    }
  });
  return Outputs{output};
}

}  // namespace

Result<Outputs> matmul(const Arguments& arguments) {
  const MatrixProduct product = TRY(MatrixProduct::make(arguments.input(0).shape(), arguments.input(1).shape()));
  const int64_t outputs = TRY(element_count(product.output));
  if (!fits_blas({product.rows, product.columns, product.depth, outputs})) return reference::kernels::MatMul(arguments);
  if (reference::is_integer_form(arguments.node)) {
    if (arguments.input(1).rank() > 2 || arguments.input(1).dtype() != DType::kI8)
      return reference::kernels::MatMul(arguments);
    const auto layer = IntegerLayer::make(arguments, arguments.input(1).values<int8_t>(), product.columns,
                                          product.depth, 1, product.columns);
    if (!layer) return reference::kernels::MatMul(arguments);
    Tensor output = TRY(arguments.allocate_for_overwrite(DType::kI8, product.output));
    integer_product(*layer, arguments.input(0).values<int8_t>().data(), outputs / product.columns,
                    output.mutable_values<int8_t>().data());
    return Outputs{output};
  }
  const bool bias_fits = !arguments.has(2) || arguments.input(2).element_count() == product.columns;
  if (!is_float(arguments) || !bias_fits) return reference::kernels::MatMul(arguments);
  return float_matmul(arguments, product);
}

Result<Outputs> gemm(const Arguments& arguments) {
  const Node& node = arguments.node;
  const Shape& a_shape = arguments.input(0).shape();
  const Shape& b_shape = arguments.input(1).shape();
  const bool a_transposed = node.get_int("transA") != 0;
  const bool b_transposed = node.get_int("transB") != 0;
  if (a_shape.size() != 2 || b_shape.size() != 2) return reference::kernels::Gemm(arguments);
  const int64_t rows = a_shape[a_transposed ? 1 : 0];
  const int64_t depth = a_shape[a_transposed ? 0 : 1];
  const int64_t columns = b_shape[b_transposed ? 0 : 1];
  if (b_shape[b_transposed ? 1 : 0] != depth || !fits_blas({rows, depth, columns})) {
    return reference::kernels::Gemm(arguments);
  }
  if (reference::is_integer_form(node)) {
    if (a_transposed || arguments.input(1).dtype() != DType::kI8) return reference::kernels::Gemm(arguments);
    const auto layer = IntegerLayer::make(arguments, arguments.input(1).values<int8_t>(), columns, depth,
                                          b_transposed ? depth : 1, b_transposed ? 1 : columns);
    if (!layer) return reference::kernels::Gemm(arguments);
    Tensor output = TRY(arguments.allocate_for_overwrite(DType::kI8, {rows, columns}));
    integer_product(*layer, arguments.input(0).values<int8_t>().data(), rows, output.mutable_values<int8_t>().data());
    return Outputs{output};
  }
  const Shape shape = {rows, columns};
  const Shape c_shape = arguments.has(2) ? arguments.input(2).shape() : Shape{};
  const Result<Shape> common = broadcast(c_shape, shape);
  if (!is_float(arguments) || node.get_float("alpha") != 1.0F || !common.ok() || *common != shape) {
    return reference::kernels::Gemm(arguments);
  }
  Tensor output = TRY(arguments.allocate(DType::kF32, shape));
  const auto y = output.mutable_values<float>();
  if (arguments.has(2)) {
    const auto c = arguments.input(2).values<float>();
    const reference::BroadcastOffset offset(c_shape, shape);
    for (size_t i = 0; i < y.size(); ++i) {
      y[i] = node.get_float("beta") * c[static_cast<size_t>(offset(static_cast<int64_t>(i)))];
    }
  }
  parallel_sgemm(rows, columns, depth, {arguments.input(0).values<float>().data(), a_shape[1], a_transposed},
                 {arguments.input(1).values<float>().data(), b_shape[1], b_transposed}, y.data());
  return Outputs{output};
}

}  // namespace sixtops::cpu::engine
