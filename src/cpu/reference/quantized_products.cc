// ConvInteger, QLinearConv, MatMulInteger, QLinearMatMul: sums of products of codes as ONNX defines them, with scales
// in floating point. The passes absorb them into integer nodes; these kernels say what they mean.
#include <cmath>

#include "cpu/reference/broadcast_offset.h"
#include "cpu/reference/convolution_terms.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/matrix_product.h"
#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference {
namespace {

// The codes of one operand less the zero points in another, which may be left out. A list of several zero points
// stands for the axis `axis` of the codes.
Result<Ints> centred_codes(const Arguments& arguments, size_t codes, size_t zero_points, size_t axis) {
  Ints values = values_as<int64_t>(arguments.input(codes));
  if (!arguments.has(zero_points)) return values;
  const Tensor& zero = arguments.input(zero_points);
  const Shape& shape = arguments.input(codes).shape();
  Shape zero_shape = zero.shape();
  if (zero.element_count() == 1) zero_shape.clear();
  if (zero_shape.size() == 1 && axis < shape.size()) zero_shape.resize(shape.size() - axis, 1);
  if (TRY(broadcast(zero_shape, shape)) != shape) {
    return invalid_data("zero points of shape {} for codes of shape {}", shape_text(zero.shape()), shape_text(shape));
  }
  const BroadcastOffset zero_at(zero_shape, shape);
  const Ints zeros = values_as<int64_t>(zero);
  for (size_t i = 0; i < values.size(); ++i) values[i] -= zeros[static_cast<size_t>(zero_at(static_cast<int64_t>(i)))];
  return values;
}

// One number, or one for each of `count` channels.
class PerChannel {
 public:
  static Result<PerChannel> make(const Arguments& arguments, size_t index, int64_t count) {
    PerChannel result;
    if (arguments.has(index)) result.values_ = values_as<double>(arguments.input(index));
    const auto length = static_cast<int64_t>(result.values_.size());
    if (length == 1 || length == count) return result;
    return invalid_data("operand {} has {} elements, expected 1 or {}", index, length, count);
  }
  double operator[](int64_t channel) const { return values_[values_.size() == 1 ? 0 : static_cast<size_t>(channel)]; }

 private:
  std::vector<double> values_ = {0.0};
};

// store(channel, output index, sum), padding as zero.
template <typename Store>
void sum_convolution(const ConvolutionTerms& terms, const Ints& x, const Ints& w, const Store& store) {
  int64_t sum = 0;
  terms.for_each_output([&] { sum = 0; },
                        [&](int64_t element, int64_t weight) {
                          if (element == ConvolutionTerms::kOutside) return;
                          sum += x[static_cast<size_t>(element)] * w[static_cast<size_t>(weight)];
                        },
                        [&](int64_t channel, int64_t index) { store(channel, static_cast<size_t>(index), sum); });
}

// store(row, column, output index, sum)
template <typename Store>
void sum_matrix(const MatrixProduct& product, const Ints& a, const Ints& b, const Store& store) {
  product.for_each_output<int64_t>(
      [&](size_t i, size_t j) { return a[i] * b[j]; },
      [&](int64_t sum, int64_t, int64_t row, int64_t column, size_t index) { store(row, column, index, sum); });
}

// Calls f with int8_t or uint8_t.
template <typename F>
Result<Outputs> visit_code(DType dtype, F&& f) {
  if (dtype == DType::kI8) return f(int8_t{});
  if (dtype == DType::kU8) return f(uint8_t{});
  return invalid_data("codes of type {}, expected i8 or u8", dtype_name(dtype));
}

template <typename Code>
Code to_code(double real, double zero_point) {
  return saturating_cast<Code>(std::nearbyint(real) + zero_point);
}

size_t rank_from_end(const Tensor& tensor, size_t axis) {
  return static_cast<size_t>(std::max<int64_t>(0, tensor.rank() - static_cast<int64_t>(axis)));
}

}  // namespace

// x, w, zero point of x, zero point of w
Result<Outputs> kernels::ConvInteger(const Arguments& arguments) {
  const ConvolutionTerms terms =
      TRY(ConvolutionTerms::make(arguments.node, arguments.input(0).shape(), arguments.input(1).shape()));
  const Ints x = TRY(centred_codes(arguments, 0, 2, 0));
  const Ints w = TRY(centred_codes(arguments, 1, 3, 0));
  Tensor output = TRY(arguments.allocate(DType::kI32, terms.output_shape()));
  sum_convolution(terms, x, w, [&](int64_t, size_t index, int64_t sum) {
    output.mutable_values<int32_t>()[index] = static_cast<int32_t>(sum);
  });
  return Outputs{output};
}

// x, scale, zero point, w, scale, zero point, scale of y, zero point of y, bias
Result<Outputs> kernels::QLinearConv(const Arguments& arguments) {
  const ConvolutionTerms terms =
      TRY(ConvolutionTerms::make(arguments.node, arguments.input(0).shape(), arguments.input(3).shape()));
  const Ints x = TRY(centred_codes(arguments, 0, 2, 0));
  const Ints w = TRY(centred_codes(arguments, 3, 5, 0));
  const PerChannel x_scale = TRY(PerChannel::make(arguments, 1, 1));
  const PerChannel w_scale = TRY(PerChannel::make(arguments, 4, terms.channels));
  const PerChannel y_scale = TRY(PerChannel::make(arguments, 6, 1));
  const PerChannel y_zero = TRY(PerChannel::make(arguments, 7, 1));
  const PerChannel bias = TRY(PerChannel::make(arguments, 8, terms.channels));
  return visit_code(arguments.input(7).dtype(), [&]<typename Code>(Code) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(dtype_of<Code>, terms.output_shape()));
    sum_convolution(terms, x, w, [&](int64_t channel, size_t index, int64_t sum) {
      const double scale = x_scale[0] * w_scale[channel] / y_scale[0];
      output.mutable_values<Code>()[index] =
          to_code<Code>((static_cast<double>(sum) + bias[channel]) * scale, y_zero[0]);
    });
    return Outputs{output};
  });
}

// a, b, zero points of a (one, or one a row), zero points of b (one, or one a column)
Result<Outputs> kernels::MatMulInteger(const Arguments& arguments) {
  const MatrixProduct product = TRY(MatrixProduct::make(arguments.input(0).shape(), arguments.input(1).shape()));
  const Ints a = TRY(centred_codes(arguments, 0, 2, rank_from_end(arguments.input(0), 2)));
  const Ints b = TRY(centred_codes(arguments, 1, 3, rank_from_end(arguments.input(1), 1)));
  Tensor output = TRY(arguments.allocate(DType::kI32, product.output));
  sum_matrix(product, a, b, [&](int64_t, int64_t, size_t index, int64_t sum) {
    output.mutable_values<int32_t>()[index] = static_cast<int32_t>(sum);
  });
  return Outputs{output};
}

// a, scale, zero point, b, scale, zero point, scale of y, zero point of y
Result<Outputs> kernels::QLinearMatMul(const Arguments& arguments) {
  const MatrixProduct product = TRY(MatrixProduct::make(arguments.input(0).shape(), arguments.input(3).shape()));
  const Ints a = TRY(centred_codes(arguments, 0, 2, rank_from_end(arguments.input(0), 2)));
  const Ints b = TRY(centred_codes(arguments, 3, 5, rank_from_end(arguments.input(3), 1)));
  const PerChannel a_scale = TRY(PerChannel::make(arguments, 1, product.rows));
  const PerChannel b_scale = TRY(PerChannel::make(arguments, 4, product.columns));
  const PerChannel y_scale = TRY(PerChannel::make(arguments, 6, 1));
  const PerChannel y_zero = TRY(PerChannel::make(arguments, 7, 1));
  return visit_code(arguments.input(7).dtype(), [&]<typename Code>(Code) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(dtype_of<Code>, product.output));
    sum_matrix(product, a, b, [&](int64_t row, int64_t column, size_t index, int64_t sum) {
      output.mutable_values<Code>()[index] =
          to_code<Code>(static_cast<double>(sum) * (a_scale[row] * b_scale[column] / y_scale[0]), y_zero[0]);
    });
    return Outputs{output};
  });
}

}  // namespace sixtops::cpu::reference
