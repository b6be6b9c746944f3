// QuantizeLinear to int8 and DequantizeLinear of int8 and int32, as lines of one scale and zero point.
#include <algorithm>
#include <optional>

#include "base/thread_pool.h"
#include "cpu/engine/kernels.h"
#include "cpu/engine/vector_clones.h"
#include "cpu/reference/axis_lines.h"
#include "cpu/reference/kernels.h"

namespace sixtops::cpu::engine {
namespace {

// Line i has entry i % scale.size().
struct CodeLines {
  Floats scale;
  Ints zero_point;
  int64_t line_count = 1;
  int64_t length = 1;
};

// Nothing when parameters are missing or do not fit the tensor, and when the lines would be single elements.
std::optional<CodeLines> code_lines(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const std::optional<Floats> scale = arguments.parameter_floats("scale", 1);
  if (!scale || scale->empty()) return std::nullopt;
  CodeLines lines{*scale, arguments.parameter_ints("zero_point", 2).value_or(Ints(scale->size(), 0)), 1,
                  x.element_count()};
  if (lines.zero_point.size() != scale->size()) return std::nullopt;
  // Float arithmetic on whole numbers below is exact.
  constexpr int64_t kLargestZeroPoint = 1 << 20;
  for (const int64_t zero : lines.zero_point) {
    if (std::abs(zero) > kLargestZeroPoint) return std::nullopt;
  }
  if (scale->size() == 1) return lines;
  const auto axis = reference::AxisLines::along(x.shape(), arguments.node.get_int("axis"));
  if (!axis.ok() || axis->extent != static_cast<int64_t>(scale->size()) || axis->inner_count < 2) return std::nullopt;
  lines.length = axis->inner_count;
  lines.line_count = axis->outer_count * axis->extent;
  return lines;
}

SIXTOPS_VECTOR_CLONES
void quantize_line(const float* x, int64_t count, float scale, float zero_point, int8_t* y) {
  // Adding 1.5 · 2^23 rounds a float below 2^22 half to even; larger quotients saturate before.
  constexpr float kRoundToInteger = 0x1.8p23F;
  constexpr float kLimit = 0x1p21F;
  for (int64_t i = 0; i < count; ++i) {
    float value = x[i] / scale;
    value = value != value ? 0.0F : value;
    value = value > kLimit ? kLimit : value;
    value = value < -kLimit ? -kLimit : value;
    value = (value + kRoundToInteger) - kRoundToInteger + zero_point;
    value = value > 127.0F ? 127.0F : value;
    value = value < -128.0F ? -128.0F : value;
    y[i] = static_cast<int8_t>(static_cast<int32_t>(value));
  }
}

template <typename Code>
[[gnu::always_inline]] inline void multiply_codes(const Code* x, int64_t count, float scale, int32_t zero_point,
                                                  float* y) {
  for (int64_t i = 0; i < count; ++i) y[i] = static_cast<float>(x[i] - zero_point) * scale;
}
SIXTOPS_VECTOR_CLONES
void dequantize_line(const int8_t* x, int64_t count, float scale, int32_t zero_point, float* y) {
  multiply_codes(x, count, scale, zero_point, y);
}
// Sums are without zero point: their difference to one could leave int32.
SIXTOPS_VECTOR_CLONES
void dequantize_line(const int32_t* x, int64_t count, float scale, int32_t, float* y) {
  multiply_codes(x, count, scale, 0, y);
}

// Calls body(begin, count, scale, zero point) for parts of lines, split over the pool by elements.
template <typename F>
void for_each_line(const CodeLines& lines, const F& body) {
  ThreadPool::process().parallel_for(lines.line_count * lines.length, [&](int64_t begin, int64_t end) {
    while (begin < end) {
      const int64_t line = begin / lines.length;
      const int64_t stop = std::min(end, (line + 1) * lines.length);
      const size_t entry = static_cast<size_t>(line) % lines.scale.size();
      body(begin, stop - begin, lines.scale[entry], static_cast<int32_t>(lines.zero_point[entry]));
      begin = stop;
    }
  });
}

template <typename Code>
Result<Outputs> dequantize(const Arguments& arguments, const CodeLines& lines) {
  Tensor output = TRY(arguments.allocate_for_overwrite(DType::kF32, arguments.input(0).shape()));
  const Code* const x = arguments.input(0).values<Code>().data();
  float* const y = output.mutable_values<float>().data();
  for_each_line(lines, [&](int64_t begin, int64_t count, float scale, int32_t zero_point) {
    dequantize_line(x + begin, count, scale, zero_point, y + begin);
  });
  return Outputs{output};
}

}  // namespace

Result<Outputs> quantize_linear(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  const auto lines = code_lines(arguments);
  if (!lines || x.dtype() != DType::kF32 || arguments.node.get_text("to") != dtype_name(DType::kI8)) {
    return reference::kernels::QuantizeLinear(arguments);
  }
  Tensor output = TRY(arguments.allocate_for_overwrite(DType::kI8, x.shape()));
  const float* const from = x.values<float>().data();
  int8_t* const to = output.mutable_values<int8_t>().data();
  for_each_line(*lines, [&](int64_t begin, int64_t count, float scale, int32_t zero_point) {
    quantize_line(from + begin, count, scale, static_cast<float>(zero_point), to + begin);
  });
  return Outputs{output};
}

Result<Outputs> dequantize_linear(const Arguments& arguments) {
  const DType dtype = arguments.input(0).dtype();
  if (const auto lines = code_lines(arguments)) {
    if (dtype == DType::kI8) return dequantize<int8_t>(arguments, *lines);
    const bool centred = std::all_of(lines->zero_point.begin(), lines->zero_point.end(), [](auto z) { return z == 0; });
    if (dtype == DType::kI32 && centred) return dequantize<int32_t>(arguments, *lines);
  }
  return reference::kernels::DequantizeLinear(arguments);
}

}  // namespace sixtops::cpu::engine
