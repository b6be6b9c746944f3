// Add, Sub, Mul, Div of two float tensors, and the integer forms of the first three.
#include <array>

#include "base/thread_pool.h"
#include "cpu/engine/broadcast_lines.h"
#include "cpu/engine/integer/requantize_line.h"
#include "cpu/engine/kernels.h"
#include "cpu/engine/vector_clones.h"
#include "cpu/reference/integer.h"

namespace sixtops::cpu::engine {
namespace {

template <typename From, typename To, typename F>
[[gnu::always_inline]] inline void combine(const From* a, int64_t a_step, const From* b, int64_t b_step, int64_t count,
                                           To* y, F f) {
  if (a_step == 1 && b_step == 1) {
    for (int64_t i = 0; i < count; ++i) y[i] = f(a[i], b[i]);
  } else if (a_step == 1) {
    const From second = *b;
    for (int64_t i = 0; i < count; ++i) y[i] = f(a[i], second);
  } else {
    const From first = *a;
    for (int64_t i = 0; i < count; ++i) y[i] = f(first, b[i]);
  }
}

SIXTOPS_VECTOR_CLONES
void float_line(Op op, const float* a, int64_t a_step, const float* b, int64_t b_step, int64_t count, float* y) {
  switch (op) {
    case Op::kAdd:
      return combine(a, a_step, b, b_step, count, y, [](float p, float q) { return p + q; });
    case Op::kSub:
      return combine(a, a_step, b, b_step, count, y, [](float p, float q) { return p - q; });
    case Op::kMul:
      return combine(a, a_step, b, b_step, count, y, [](float p, float q) { return p * q; });
    default:
      return combine(a, a_step, b, b_step, count, y, [](float p, float q) { return p / q; });
  }
}

// What an integer form sums: weight[0] · a + weight[1] · b + bias, or (a - weight[0]) · (b - weight[1]).
struct CodeSum {
  bool is_product = false;
  std::array<int32_t, 2> weight = {};
  int32_t bias = 0;
};

SIXTOPS_VECTOR_CLONES
void code_line(const CodeSum& sum, const int8_t* a, int64_t a_step, const int8_t* b, int64_t b_step, int64_t count,
               int32_t* y) {
  const int32_t p = sum.weight[0];
  const int32_t q = sum.weight[1];
  const int32_t bias = sum.bias;
  if (sum.is_product) {
    combine(a, a_step, b, b_step, count, y, [=](int32_t x, int32_t z) { return (x - p) * (z - q); });
  } else {
    combine(a, a_step, b, b_step, count, y, [=](int32_t x, int32_t z) { return x * p + z * q + bias; });
  }
}

// Calls body(first, last, line) for stretches of lines, split over the pool by elements: some tensors are one line.
template <typename F>
void for_each_stretch(const BroadcastLines& lines, const F& body) {
  ThreadPool::process().parallel_for(lines.line_count * lines.length, [&](int64_t begin, int64_t end) {
    while (begin < end) {
      const int64_t line = begin / lines.length;
      const int64_t stop = std::min(end, (line + 1) * lines.length);
      body(begin, stop, line);
      begin = stop;
    }
  });
}

Result<Outputs> float_arithmetic(const Arguments& arguments, const BroadcastLines& lines, const Shape& shape) {
  Tensor output = TRY(arguments.allocate_for_overwrite(DType::kF32, shape));
  const float* const a = arguments.input(0).values<float>().data();
  const float* const b = arguments.input(1).values<float>().data();
  float* const y = output.mutable_values<float>().data();
  for_each_stretch(lines, [&](int64_t begin, int64_t end, int64_t line) {
    const int64_t skip = begin - line * lines.length;
    float_line(arguments.node.op, a + lines.begin(0, line) + skip * lines.step[0], lines.step[0],
               b + lines.begin(1, line) + skip * lines.step[1], lines.step[1], end - begin, y + begin);
  });
  return Outputs{output};
}

// Nothing when a sum could leave int32, or channels have multipliers of their own.
std::optional<CodeSum> read_sum(const Node& node) {
  if (node.get_ints("multiplier").size() != 1) return std::nullopt;
  const bool is_product = node.op == Op::kMul;
  const Ints& list = node.get_ints(is_product ? "input_zero_points" : "operand_multiplier");
  const int64_t bias = is_product ? 0 : node.get_int("operand_bias");
  constexpr int64_t kLargestSum = 2 * 128 * 128;
  if (list.size() != 2 || std::abs(bias) > INT32_MAX - kLargestSum) return std::nullopt;
  return CodeSum{
      is_product, {static_cast<int32_t>(list[0]), static_cast<int32_t>(list[1])}, static_cast<int32_t>(bias)};
}

Result<Outputs> code_arithmetic(const Arguments& arguments, const CodeSum& sum, const BroadcastLines& lines,
                                const Shape& shape) {
  const Node& node = arguments.node;
  Tensor output = TRY(arguments.allocate_for_overwrite(DType::kI8, shape));
  const int8_t* const a = arguments.input(0).values<int8_t>().data();
  const int8_t* const b = arguments.input(1).values<int8_t>().data();
  int8_t* const y = output.mutable_values<int8_t>().data();
  const double scale =
      requantize_scale(static_cast<int16_t>(node.get_ints("multiplier")[0]), static_cast<int>(node.get_int("shift")));
  const int zero_point = static_cast<int>(node.get_int("output_zero_point"));
  for_each_stretch(lines, [&](int64_t begin, int64_t end, int64_t line) {
    constexpr int64_t kPiece = 1024;
    int32_t accumulators[kPiece];
    for (int64_t i = begin; i < end; i += kPiece) {
      const int64_t count = std::min(kPiece, end - i);
      const int64_t skip = i - line * lines.length;
      code_line(sum, a + lines.begin(0, line) + skip * lines.step[0], lines.step[0],
                b + lines.begin(1, line) + skip * lines.step[1], lines.step[1], count, accumulators);
      requantize_line(accumulators, count, scale, zero_point, y + i);
    }
  });
  return Outputs{output};
}

}  // namespace

Result<Outputs> arithmetic(const Arguments& arguments) {
  const Node& node = arguments.node;
  const Tensor& a = arguments.input(0);
  const Tensor& b = arguments.input(1);
  const bool is_integer = node.op != Op::kDiv && reference::is_integer_form(node);
  const DType dtype = is_integer ? DType::kI8 : DType::kF32;
  const auto lines = BroadcastLines::make(a.shape(), b.shape());
  if (a.dtype() == dtype && b.dtype() == dtype && lines) {
    const Shape shape = TRY(broadcast(a.shape(), b.shape()));
    if (!is_integer) return float_arithmetic(arguments, *lines, shape);
    if (const auto sum = read_sum(node)) return code_arithmetic(arguments, *sum, *lines, shape);
  }
  return reference::find_kernel(node.op)(arguments);
}

}  // namespace sixtops::cpu::engine
