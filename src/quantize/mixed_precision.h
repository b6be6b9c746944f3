// Mixed precision: which layers pay when they stay float.
#pragma once

#include <functional>

#include "quantize/quantize.h"

namespace sixtops::quantize {

using QuantizeFunction =
    std::function<Result<QuantizeReport>(Graph& graph, std::vector<Sample> samples, const QuantizeOptions& options)>;

// Quantizes with `quantize_fixed`; while the outputs miss options.accuracy_budget_db, lets more layers stay float. A
// layer's gain is measured: the network is quantized with that layer alone float, on a few samples, and the SQNR of the
// outputs compared; layers are taken by gain a multiply-accumulate.
Result<QuantizeReport> quantize_mixed(Graph& graph, const std::vector<Sample>& samples, const QuantizeOptions& options,
                                      const QuantizeFunction& quantize_fixed);

}  // namespace sixtops::quantize
