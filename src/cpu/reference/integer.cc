#include "cpu/reference/integer.h"

#include <limits>

#include "base/error.h"
#include "cpu/reference/broadcast_offset.h"
#include "graph/requantize.h"

namespace sixtops::cpu::reference {
namespace {

int64_t entry(const Ints& list, int64_t channel) { return list[list.size() == 1 ? 0 : static_cast<size_t>(channel)]; }

Status check_length(const char* what, size_t length, int64_t channels) {
  if (length == 1 || static_cast<int64_t>(length) == channels) return {};
  return invalid_data("{} has {} entries, expected 1 or one for each of {} channels", what, length, channels);
}

// The output of an elementwise integer op: sum(a, b) at every position of the broadcast shape.
template <typename Sum>
Result<Outputs> combine(const Arguments& arguments, const Sum& sum) {
  TRY(expect_dtype(arguments, 0, DType::kI8));
  TRY(expect_dtype(arguments, 1, DType::kI8));
  const Tensor& a = arguments.input(0);
  const Tensor& b = arguments.input(1);
  const Shape shape = TRY(broadcast(a.shape(), b.shape()));
  const int64_t channels = shape.size() > 1 ? shape[1] : 1;
  Requantizer requantizer = TRY(Requantizer::make(arguments, channels));
  Tensor output = TRY(arguments.allocate(DType::kI8, shape));

  const BroadcastOffset a_offset(a.shape(), shape);
  const BroadcastOffset b_offset(b.shape(), shape);
  const int64_t plane = shape.size() > 1 ? row_major_strides(shape)[1] : 1;
  const auto a_codes = a.values<int8_t>();
  const auto b_codes = b.values<int8_t>();
  const auto codes = output.mutable_values<int8_t>();
  for (int64_t i = 0; i < output.element_count(); ++i) {
    const int8_t a_code = a_codes[static_cast<size_t>(a_offset(i))];
    const int8_t b_code = b_codes[static_cast<size_t>(b_offset(i))];
    codes[static_cast<size_t>(i)] = requantizer(sum(a_code, b_code), 0, i / plane % channels);
  }
  TRY(requantizer.status());
  return Outputs{output};
}

Result<Ints> pair(const Node& node, const char* name) {
  const Ints& values = node.get_ints(name);
  if (values.size() != 2) return invalid_data("{} has {} entries, expected one an operand", name, values.size());
  return values;
}

}  // namespace

Status expect_dtype(const Arguments& arguments, size_t index, DType dtype) {
  if (arguments.input(index).dtype() == dtype) return {};
  return invalid_data("operand {} is {}, expected {}", index, dtype_name(arguments.input(index).dtype()),
                      dtype_name(dtype));
}

Result<Requantizer> Requantizer::make(const Arguments& arguments, int64_t channels, int bias_input) {
  const Node& node = arguments.node;
  Requantizer result;
  result.multiplier_ = node.get_ints("multiplier");
  result.shift_ = static_cast<int>(node.get_int("shift"));
  result.zero_point_ = static_cast<int>(node.get_int("output_zero_point"));
  result.weight_offset_ = {0};
  result.bias_ = {0};
  if (node.has("weight_offset") && !node.get_ints("weight_offset").empty()) {
    result.weight_offset_ = node.get_ints("weight_offset");
  }
  if (bias_input >= 0 && arguments.has(static_cast<size_t>(bias_input))) {
    TRY(expect_dtype(arguments, static_cast<size_t>(bias_input), DType::kI32));
    result.bias_ = values_as<int64_t>(arguments.input(static_cast<size_t>(bias_input)));
  } else if (node.has("operand_bias")) {
    result.bias_ = {node.get_int("operand_bias")};
  }
  TRY(check_length("multiplier", result.multiplier_.size(), channels));
  TRY(check_length("weight_offset", result.weight_offset_.size(), channels));
  TRY(check_length("the bias", result.bias_.size(), channels));
  return result;
}

int32_t Requantizer::accumulator(int64_t products, int64_t window, int64_t channel) {
  const int64_t sum = products + entry(weight_offset_, channel) * window + entry(bias_, channel);
  if (sum != saturate<int32_t>(sum)) worst_ = sum;
  return saturate<int32_t>(sum);
}

int8_t Requantizer::operator()(int64_t products, int64_t window, int64_t channel) {
  const int32_t sum = accumulator(products, window, channel);
  return requantize(sum, static_cast<int16_t>(entry(multiplier_, channel)), shift_, zero_point_);
}

Status Requantizer::status() const {
  if (worst_ == 0) return {};
  return invalid_data("an accumulator of {} does not fit 32 bits; convert the model again", worst_);
}

Result<Outputs> integer_add(const Arguments& arguments) {
  const Ints weight = TRY(pair(arguments.node, "operand_multiplier"));
  return combine(arguments, [&](int64_t a, int64_t b) { return weight[0] * a + weight[1] * b; });
}

Result<Outputs> integer_multiply(const Arguments& arguments) {
  const Ints zero_point = TRY(pair(arguments.node, "input_zero_points"));
  return combine(arguments, [&](int64_t a, int64_t b) { return (a - zero_point[0]) * (b - zero_point[1]); });
}

}  // namespace sixtops::cpu::reference
