// Activations of one float value, as vectorizable loops split over the pool.
#include "cpu/engine/float/activation.h"

#include <limits>

#include "base/thread_pool.h"
#include "cpu/engine/float/exponential.h"
#include "cpu/engine/vector_clones.h"

namespace sixtops::cpu::engine {
namespace {

template <typename F>
[[gnu::always_inline]] inline void map(const float* x, int64_t count, float* y, F f) {
  for (int64_t i = 0; i < count; ++i) y[i] = f(x[i]);
}

[[gnu::always_inline]] inline float clip(float x, float low, float high) {
  x = x < low ? low : x;
  return x > high ? high : x;
}

SIXTOPS_VECTOR_CLONES
void map_line(const Activation& a, const float* x, int64_t count, float* y) {
  const float alpha = a.alpha;
  const float beta = a.beta;
  switch (a.op) {
    case Op::kSigmoid:
      return map(x, count, y, [](float v) { return 1.0F / (1.0F + exponential(-v)); });
    case Op::kSilu:
      return map(x, count, y, [](float v) { return v / (1.0F + exponential(-v)); });
    case Op::kExp:
      return map(x, count, y, [](float v) { return exponential(v); });
    case Op::kRelu:
      return map(x, count, y, [](float v) { return v < 0.0F ? 0.0F : v; });
    case Op::kLeakyRelu:
      return map(x, count, y, [=](float v) { return v < 0.0F ? v * alpha : v; });
    case Op::kClip:
      return map(x, count, y, [=](float v) { return clip(v, alpha, beta); });
    case Op::kHardSigmoid:
      return map(x, count, y, [=](float v) { return clip(alpha * v + beta, 0.0F, 1.0F); });
    default:  // HardSwish
      return map(x, count, y, [](float v) { return v * clip(v * (1.0F / 6.0F) + 0.5F, 0.0F, 1.0F); });
  }
}

// The bounds of a Clip: attributes, or scalar operands.
float bound(const Arguments& arguments, const char* name, size_t index, float fallback) {
  const auto values = arguments.parameter_floats(name, index);
  return values && values->size() == 1 ? (*values)[0] : fallback;
}

}  // namespace

bool is_activation(Op op) {
  switch (op) {
    case Op::kSigmoid:
    case Op::kSilu:
    case Op::kExp:
    case Op::kRelu:
    case Op::kLeakyRelu:
    case Op::kClip:
    case Op::kHardSigmoid:
    case Op::kHardSwish:
      return true;
    default:
      return false;
  }
}

Activation read_activation(const Arguments& arguments) {
  const Node& node = arguments.node;
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  switch (node.op) {
    case Op::kLeakyRelu:
      return {node.op, node.get_float("alpha"), 0};
    case Op::kHardSigmoid:
      return {node.op, node.get_float("alpha"), node.get_float("beta")};
    case Op::kClip:
      return {node.op, bound(arguments, "min", 1, -kInfinity), bound(arguments, "max", 2, kInfinity)};
    default:
      return {node.op, 0, 0};
  }
}

void activate_line(const Activation& activation, const float* x, int64_t count, float* y) {
  map_line(activation, x, count, y);
}

Result<Outputs> activation(const Arguments& arguments) {
  const Tensor& x = arguments.input(0);
  if (x.dtype() != DType::kF32) return reference::find_kernel(arguments.node.op)(arguments);
  const Activation activation = read_activation(arguments);
  Tensor output = TRY(arguments.allocate_for_overwrite(DType::kF32, x.shape()));
  const float* const from = x.values<float>().data();
  float* const to = output.mutable_values<float>().data();
  ThreadPool::process().parallel_for(x.element_count(), [&](int64_t begin, int64_t end) {
    activate_line(activation, from + begin, end - begin, to + begin);
  });
  return Outputs{output};
}

}  // namespace sixtops::cpu::engine
