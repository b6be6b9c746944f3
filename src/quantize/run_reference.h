// What the float network answers where the integer network has a layer.
#pragma once

#include <vector>

#include "quantize/accumulate.h"
#include "quantize/job.h"

namespace sixtops::quantize {

struct Target {
  std::vector<Tensor> answers;      // of the float network, after the activation; one a sample
  std::vector<double> mean_before;  // of the float network before the activation, a channel of Accumulators::unit
};

// activation: nullptr for none.
Result<Target> run_reference(const Job& job, const Node& node, const Node* activation,
                             const Accumulators& accumulators);

}  // namespace sixtops::quantize
