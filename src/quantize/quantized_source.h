// A network that its exporter quantized → the integer graph of docs/arithmetic.md, with the exporter's own scales, zero
// points, weights and biases. Nothing is calibrated and no sample is needed.
//
// The source is what the passes leave (passes/absorb_qdq.cc): float operators between DequantizeLinear and
// QuantizeLinear of int8 codes. A real number that a DequantizeLinear made is followed as codes:
//   - sums of products, sums, products and averages of codes whose result is quantized become one integer node;
//   - functions of one value become a Table, or nothing where saturation computes them already (relu, relu6);
//   - what moves codes or chooses among them works on the codes;
//   - a QuantizeLinear of codes with other parameters becomes a Table, with the same ones nothing.
// Movement and clamps may stand between an operator and its QuantizeLinear. All the rest stays float32 between
// DequantizeLinear and QuantizeLinear and is named in the report with the reason.
// An input that is quantized first of all becomes an input of codes; outputs stay real numbers.
//
// Against an evaluation in floats a code of an integer node differs by at most one (multipliers have 16 bits, sums of
// two activations 8 bits an operand); tables, movement and choice do not differ.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"
#include "quantize/quantize.h"

namespace sixtops::quantize {

// Whether the graph quantizes its activations.
bool is_quantized_source(const Graph& graph);

// Rewrites `graph` (static). keep_float: names of nodes that stay float; kUsage names one that does not exist.
// The report has no figures: there is nothing to compare with.
Result<QuantizeReport> quantize_quantized_source(Graph& graph, const std::vector<std::string>& keep_float = {});

}  // namespace sixtops::quantize
