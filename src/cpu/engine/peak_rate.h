// How many multiply-accumulates a second this machine reaches at most with the engine's product kernel, float or
// integer: both are BLAS matrix products in float32. Speeds are stated as a part of it.
#pragma once

#include <string>

namespace sixtops::cpu::engine {

struct PeakRate {
  double gmac_per_s = 0;
  std::string isa;  // the processor family whose kernels the BLAS took, as it names it
};

// The best of several square products that stay in cache, one a thread at the same time. Takes about 0.2 s.
PeakRate measure_peak_rate(int threads);

}  // namespace sixtops::cpu::engine
