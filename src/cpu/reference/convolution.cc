// Conv and ConvTranspose, float and integer form.
#include "cpu/reference/convolution_terms.h"
#include "cpu/reference/integer.h"
#include "cpu/reference/kernels.h"
#include "cpu/reference/visit_number.h"

namespace sixtops::cpu::reference {
namespace {

Result<Outputs> float_convolution(const Arguments& arguments, const ConvolutionTerms& terms) {
  TRY(expect_dtype(arguments, 1, arguments.input(0).dtype()));
  std::vector<double> bias(static_cast<size_t>(terms.channels), 0.0);
  if (arguments.has(2)) bias = values_as<double>(arguments.input(2));
  if (static_cast<int64_t>(bias.size()) != terms.channels) {
    return invalid_data("{} biases for {} output channels", bias.size(), terms.channels);
  }
  return visit_float(arguments.input(0).dtype(), [&]<typename T>(T) -> Result<Outputs> {
    Tensor output = TRY(arguments.allocate(dtype_of<T>, terms.output_shape()));
    const auto x = arguments.input(0).values<T>();
    const auto w = arguments.input(1).values<T>();
    const auto y = output.mutable_values<T>();
    double sum = 0;
    terms.for_each_output([&] { sum = 0; },
                          [&](int64_t element, int64_t weight) {
                            if (element == ConvolutionTerms::kOutside) return;
                            sum +=
                                static_cast<double>(x[static_cast<size_t>(element)]) * w[static_cast<size_t>(weight)];
                          },
                          [&](int64_t channel, int64_t index) {
                            y[static_cast<size_t>(index)] = static_cast<T>(sum + bias[static_cast<size_t>(channel)]);
                          });
    return Outputs{output};
  });
}

// T: int8_t for codes, int32_t for the sums themselves.
template <typename T>
Result<Outputs> integer_convolution(const Arguments& arguments, const ConvolutionTerms& terms) {
  TRY(expect_dtype(arguments, 0, DType::kI8));
  TRY(expect_dtype(arguments, 1, DType::kI8));
  Requantizer requantizer = TRY(Requantizer::make(arguments, terms.channels, 2));
  Tensor output = TRY(arguments.allocate(dtype_of<T>, terms.output_shape()));
  const auto x = arguments.input(0).values<int8_t>();
  const auto w = arguments.input(1).values<int8_t>();
  const auto y = output.mutable_values<T>();
  const int64_t pad_code = arguments.node.get_int("pad_code");
  int64_t products = 0;
  int64_t window = 0;
  terms.for_each_output([&] { products = window = 0; },
                        [&](int64_t element, int64_t weight) {
                          const int64_t code = element == ConvolutionTerms::kOutside
                                                   ? pad_code
                                                   : int64_t{x[static_cast<size_t>(element)]};
                          products += code * w[static_cast<size_t>(weight)];
                          window += code;
                        },
                        [&](int64_t channel, int64_t index) {
                          if constexpr (std::is_same_v<T, int32_t>) {
                            y[static_cast<size_t>(index)] = requantizer.accumulator(products, window, channel);
                          } else {
                            y[static_cast<size_t>(index)] = requantizer(products, window, channel);
                          }
                        });
  TRY(requantizer.status());
  return Outputs{output};
}

Result<Outputs> convolution(const Arguments& arguments, const ConvolutionTerms& terms) {
  if (!is_integer_form(arguments.node)) return float_convolution(arguments, terms);
  return gives_accumulators(arguments.node) ? integer_convolution<int32_t>(arguments, terms)
                                            : integer_convolution<int8_t>(arguments, terms);
}

}  // namespace

Result<Outputs> kernels::Conv(const Arguments& arguments) {
  return convolution(
      arguments, TRY(ConvolutionTerms::make(arguments.node, arguments.input(0).shape(), arguments.input(1).shape())));
}

Result<Outputs> kernels::ConvTranspose(const Arguments& arguments) {
  return convolution(arguments, TRY(ConvolutionTerms::make_transposed(arguments.node, arguments.input(0).shape(),
                                                                      arguments.input(1).shape())));
}

}  // namespace sixtops::cpu::reference
