// Signal to quantization noise ratio and cosine of a tensor against its reference, pooled over everything that was
// added.
#pragma once

#include <span>

namespace sixtops::app {

class NoiseMeter {
 public:
  // REQUIRES: equal sizes
  void add(std::span<const float> reference, std::span<const float> actual);
  void add(const NoiseMeter& other);

  // 10 · log10(Σ ref² / Σ (ref − actual)²); infinite without any difference.
  double sqnr_db() const;
  // Σ ref · actual / (|ref| · |actual|); 1 when both are all zero.
  double cosine() const;

 private:
  double reference_power_ = 0;
  double actual_power_ = 0;
  double noise_power_ = 0;
  double product_ = 0;
};

}  // namespace sixtops::app
