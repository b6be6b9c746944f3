// One node of the float graph → its place in the integer graph. Each form has a file; fit_node.cc chooses.
#pragma once

#include "quantize/job.h"

namespace sixtops::quantize {

// REQUIRES: every operand was fitted before.
Status fit_node(Job& job, int node);

// The forms. fit_requantized computes a node together with its fused activation; kUnsupported (and nothing changed in
// the result graph but constants) when it does not fit the integer form after all.
Status fit_requantized(Job& job, int node);
// A convolution whose sums a float region reads: integer, with a DequantizeLinear of one scale a channel behind it.
Status fit_sums(Job& job, int node);
Status fit_table(Job& job, int node);
Status fit_shared(Job& job, int node);
Status fit_concat(Job& job, int node);
Status fit_float(Job& job, int node, const std::string& reason);

}  // namespace sixtops::quantize
