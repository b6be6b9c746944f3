// What the integer forms of all ops share (docs/arithmetic.md): the end of a sum of products, and the sums of two
// activations.
//
// A node is in integer form when its `multiplier` attribute is not empty. Codes are int8, sums are exact in int64, and
// a sum that leaves int32 is an error: whoever made the node had to prove that it cannot.
// The channel is axis 1 of the output, in Gemm and MatMul its last axis.
#pragma once

#include <cstdint>

#include "cpu/reference/kernel.h"
#include "graph/shape.h"

namespace sixtops::cpu::reference {

inline bool is_integer_form(const Node& node) { return !node.get_ints("multiplier").empty(); }

// A Conv in integer form whose int32 sums leave as they are.
inline bool gives_accumulators(const Node& node) {
  return node.op == Op::kConv && node.get_int("accumulator_output") != 0;
}

// kInvalidData unless the tensor has that element type; says which operand it is.
Status expect_dtype(const Arguments& arguments, size_t index, DType dtype);

// Turns sums into output codes: acc = products + z[c] · window + bias[c], then both roundings. One value lists
// (multiplier, weight_offset, bias) serve every channel.
class Requantizer {
 public:
  // bias_input: the operand that holds the biases, or -1. kInvalidData when a list fits neither 1 nor the channels.
  static Result<Requantizer> make(const Arguments& arguments, int64_t channels, int bias_input = -1);

  // window: the sum of the input codes under the window, whatever their weights.
  int8_t operator()(int64_t products, int64_t window, int64_t channel);

  // acc alone, without the roundings.
  int32_t accumulator(int64_t products, int64_t window, int64_t channel);

  // kInvalidData when an accumulator did not fit int32 so far.
  Status status() const;

 private:
  Ints multiplier_;
  Ints weight_offset_;
  Ints bias_;
  int shift_ = 0;
  int zero_point_ = 0;
  int64_t worst_ = 0;  // an accumulator outside int32, or 0
};

// Add and Sub: acc = w_a · a + w_b · b + operand_bias with operand_multiplier [w_a, w_b].
Result<Outputs> integer_add(const Arguments& arguments);

// Mul: acc = (a - z_a) · (b - z_b) with input_zero_points [z_a, z_b].
Result<Outputs> integer_multiply(const Arguments& arguments);

}  // namespace sixtops::cpu::reference
