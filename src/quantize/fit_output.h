// From accumulators to codes: bias, grids, multipliers and table of one layer, and the codes themselves.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "quantize/accumulate.h"
#include "quantize/integer_layer.h"
#include "quantize/job.h"

namespace sixtops::quantize {

struct Target {
  std::vector<Tensor> answers;      // of the float network, after the activation; one a sample
  std::vector<double> mean_before;  // of the float network before the activation, a channel of Accumulators::unit
};

struct OutputFit {
  Requantization requantization;
  Ints bias;   // on centred codes, in units of the accumulator
  Grid first;  // of the requantized codes
  std::optional<std::array<int8_t, 256>> table;
  Grid output;                // of the codes that readers see
  std::vector<Tensor> codes;  // one a sample
};

// activation: nullptr for none. Consumes the sums. kUnsupported when the layer does not fit the integer form.
Result<OutputFit> fit_output(const Job& job, Accumulators& accumulators, const Target& target, const Node* activation,
                             std::optional<Grid> decided, const std::vector<double>& channel_weights);

}  // namespace sixtops::quantize
