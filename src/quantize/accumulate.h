// The sums that an integer layer accumulates, before bias and requantization, for every sample.
//
// They are made by the float engine on whole numbers (centred codes and weight codes): exact while |sum| < 2^24, and a
// relative error of 2^-24 beyond does not matter to a fit. docs/arithmetic.md defines what the network itself computes.
#pragma once

#include <vector>

#include "quantize/job.h"
#include "quantize/weights.h"

namespace sixtops::quantize {

struct Accumulators {
  std::vector<Tensor> sums;       // float32, one a sample
  std::vector<double> unit;       // real value of 1, one an output channel, or one for all
  int channel_axis = 0;           // of `unit`, when it has several
  bool takes_bias = true;         // false: the form has no place for one (products of activations)
  std::vector<double> bias;       // real, as the float layer has it; as many as unit
  std::vector<int64_t> bound;     // largest |sum| that any input can give; as many as unit
  Node integer_node;              // the node with the integer attributes and constants that are known by now
  std::vector<int64_t> zero_sum;  // Σ zero point · weight: what the stored bias takes away; as many as unit
};

Result<Accumulators> accumulate(Job& job, int node);

// Puts the integer biases where the node's form keeps them: a constant operand, or an attribute.
void store_bias(Job& job, int node, const Ints& bias, Node& integer_node);

}  // namespace sixtops::quantize
