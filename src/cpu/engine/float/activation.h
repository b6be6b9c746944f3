// Activations of one float value with their constants read, for kernels that apply them to lines of numbers.
#pragma once

#include <cstdint>

#include "cpu/engine/kernels.h"

namespace sixtops::cpu::engine {

struct Activation {
  Op op = Op::kRelu;
  float alpha = 0;
  float beta = 0;
};

// Sigmoid, Silu, Exp, Relu, LeakyRelu, Clip, HardSigmoid, HardSwish.
bool is_activation(Op op);

// REQUIRES: is_activation(arguments.node.op)
Activation read_activation(const Arguments& arguments);

// y may be x.
void activate_line(const Activation& activation, const float* x, int64_t count, float* y);

}  // namespace sixtops::cpu::engine
