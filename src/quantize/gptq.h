// GPTQ rounding: columns are rounded one by one, and the later ones make up for the error on the inputs that
// calibration saw (Frantar et al., "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers",
// 2022).
//
// With H = XᵀX / n of the centred inputs and U the upper Cholesky factor of H⁻¹, rounding column i leaves the error
// e = (w_i - q_i) / U_ii, and every later column j gives e · U_ij away.
#pragma once

#include "quantize/job.h"
#include "quantize/weight_layout.h"
#include "quantize/weights.h"

namespace sixtops::quantize {

// Dense layers (2-D convolutions without groups, matrix products) with no more columns than kMaxGptqColumns: the
// inverse costs columns³.
inline constexpr int64_t kMaxGptqColumns = 2304;
bool can_round_by_gptq(const Graph& graph, const Node& node, const WeightLayout& layout);

// `weights` holds the weights times the steps of their input channels (in units where the inputs are centred codes).
Result<QuantizedWeights> round_weights_by_gptq(const Job& job, const Node& node, const WeightLayout& layout,
                                               const WeightMatrix& weights, std::vector<double> scales);

}  // namespace sixtops::quantize
