// Activation functions: formulas of the ONNX operator pages of the same name, in forms that do not overflow.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "cpu/reference/kernels.h"
#include "cpu/reference/map.h"

namespace sixtops::cpu::reference {
namespace {

template <typename T>
T sigmoid(T x) {
  if (x >= 0) return 1 / (1 + std::exp(-x));
  const T power = std::exp(x);
  return power / (1 + power);
}

template <typename T>
T softplus(T x) {
  return std::max(x, T{0}) + std::log1p(std::exp(-std::fabs(x)));
}

template <typename T>
T clamp_to_unit(T x) {
  return std::min(std::max(x, T{0}), T{1});
}

}  // namespace

namespace kernels {

Result<Outputs> Celu(const Arguments& arguments) {
  return map_floats(arguments, [alpha = arguments.node.get_float("alpha")](auto x) {
    const auto a = static_cast<decltype(x)>(alpha);
    return x > 0 ? x : a * std::expm1(x / a);
  });
}

Result<Outputs> Elu(const Arguments& arguments) {
  return map_floats(arguments, [alpha = arguments.node.get_float("alpha")](auto x) {
    return x > 0 ? x : static_cast<decltype(x)>(alpha) * std::expm1(x);
  });
}

Result<Outputs> Gelu(const Arguments& arguments) {
  if (arguments.node.get_text("approximate") == "tanh") {
    return map_floats(arguments, []<typename T>(T x) {
      const T inner = std::sqrt(2 / std::numbers::pi_v<T>) * (x + static_cast<T>(0.044715) * x * x * x);
      return x / 2 * (1 + std::tanh(inner));
    });
  }
  return map_floats(arguments, []<typename T>(T x) { return x / 2 * (1 + std::erf(x / std::numbers::sqrt2_v<T>)); });
}

Result<Outputs> HardSigmoid(const Arguments& arguments) {
  const Node& node = arguments.node;
  return map_floats(arguments, [alpha = node.get_float("alpha"), beta = node.get_float("beta")](auto x) {
    return clamp_to_unit(static_cast<decltype(x)>(alpha) * x + static_cast<decltype(x)>(beta));
  });
}

Result<Outputs> HardSwish(const Arguments& arguments) {
  return map_floats(arguments, []<typename T>(T x) { return x * clamp_to_unit(x / 6 + T{0.5}); });
}

Result<Outputs> LeakyRelu(const Arguments& arguments) {
  return map_floats(arguments, [alpha = arguments.node.get_float("alpha")](auto x) {
    return x < 0 ? static_cast<decltype(x)>(alpha) * x : x;
  });
}

Result<Outputs> Mish(const Arguments& arguments) {
  return map_floats(arguments, [](auto x) { return x * std::tanh(softplus(x)); });
}

Result<Outputs> Relu(const Arguments& arguments) {
  return visit_number(arguments.input(0).dtype(),
                      [&]<typename T>(T) { return map<T, T>(arguments, [](T x) { return std::max(x, T{0}); }); });
}

Result<Outputs> Selu(const Arguments& arguments) {
  const Node& node = arguments.node;
  return map_floats(arguments, [alpha = node.get_float("alpha"), gamma = node.get_float("gamma")](auto x) {
    using T = decltype(x);
    return static_cast<T>(gamma) * (x > 0 ? x : static_cast<T>(alpha) * std::expm1(x));
  });
}

Result<Outputs> Swish(const Arguments& arguments) {
  return map_floats(arguments, [alpha = arguments.node.get_float("alpha")](auto x) {
    using T = decltype(x);
    return x / (1 + std::exp(-static_cast<T>(alpha) * x));
  });
}

Result<Outputs> Shrink(const Arguments& arguments) {
  const Node& node = arguments.node;
  const double bias = node.get_float("bias");
  const double lambd = node.get_float("lambd");
  return visit_number(arguments.input(0).dtype(), [&]<typename T>(T) {
    return map<T, T>(arguments, [=](T value) {
      const auto x = static_cast<double>(value);
      return saturating_cast<T>(x < -lambd ? x + bias : x > lambd ? x - bias : 0);
    });
  });
}

Result<Outputs> Sigmoid(const Arguments& arguments) {
  return map_floats(arguments, [](auto x) { return sigmoid(x); });
}

Result<Outputs> Silu(const Arguments& arguments) {
  return map_floats(arguments, [](auto x) { return x * sigmoid(x); });
}

Result<Outputs> Softplus(const Arguments& arguments) {
  return map_floats(arguments, [](auto x) { return softplus(x); });
}

Result<Outputs> Softsign(const Arguments& arguments) {
  return map_floats(arguments, [](auto x) { return x / (1 + std::fabs(x)); });
}

Result<Outputs> ThresholdedRelu(const Arguments& arguments) {
  return map_floats(arguments, [alpha = arguments.node.get_float("alpha")]<typename T>(T x) {
    return x > static_cast<T>(alpha) ? x : T{0};
  });
}

}  // namespace kernels
}  // namespace sixtops::cpu::reference
