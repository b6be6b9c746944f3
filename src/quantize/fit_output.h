// From accumulators to codes: bias, grids, multipliers and table of one layer, and the codes themselves.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "quantize/accumulate.h"
#include "quantize/integer_layer.h"
#include "quantize/job.h"
#include "quantize/run_reference.h"

namespace sixtops::quantize {

struct OutputFit {
  Requantization requantization;
  Ints bias;   // on centred codes, in units of the accumulator
  Grid first;  // of the requantized codes
  std::optional<std::array<int8_t, 256>> table;
  Grid output;                // of the codes that readers see
  std::vector<Tensor> codes;  // one a sample
};

// Bias in units of the accumulator that makes the integer layer's mean the float layer's: what rounding and saturation
// before it moved is put back. kUnsupported when an accumulator could leave int32 with it.
Result<Ints> fit_bias(const Accumulators& accumulators, const Target& target);

// activation: nullptr for none. Consumes the sums. kUnsupported when the layer does not fit the integer form.
Result<OutputFit> fit_output(const Job& job, Accumulators& accumulators, const Target& target, const Node* activation,
                             std::optional<Grid> decided, const std::vector<double>& channel_weights);

}  // namespace sixtops::quantize
