// One accumulating layer of a network that is quantized already, in the integers of docs/arithmetic.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "graph/graph.h"

namespace sixtops::quantize {

// The parameters of a QuantizeLinear or DequantizeLinear of int8 codes with one scale for the tensor; nothing when it
// is anything else, or when the scale is no normal positive number.
std::optional<QuantParams> tensor_params(const Graph& source, const Node& node);

// The int8 constant whose DequantizeLinear is the node's second operand; kNoValue when there is none.
ValueId weight_codes(const Graph& source, const Uses& uses, const Node& node);

struct SourceLayer {
  Node node;                  // name, op, attributes and precision; operands and output are the caller's
  std::vector<int32_t> bias;  // sums of products: one a channel
};

// operands: the parameters of the activations, one for sums of products and averages, else two.
// kUnsupported says why the layer has to stay float.
// REQUIRES: the op's rule is kWeighted, kAdd, kMultiply or kAverage.
Result<SourceLayer> integer_layer_of(const Graph& source, const Uses& uses, const Node& node,
                                     std::span<const QuantParams> operands, const QuantParams& output);

}  // namespace sixtops::quantize
