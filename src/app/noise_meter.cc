#include "app/noise_meter.h"

#include <cassert>
#include <cmath>
#include <limits>

namespace sixtops::app {

void NoiseMeter::add(std::span<const float> reference, std::span<const float> actual) {
  assert(reference.size() == actual.size());
  for (size_t i = 0; i < reference.size(); ++i) {
    const double r = reference[i];
    const double a = actual[i];
    reference_power_ += r * r;
    actual_power_ += a * a;
    noise_power_ += (r - a) * (r - a);
    product_ += r * a;
  }
}

void NoiseMeter::add(const NoiseMeter& other) {
  reference_power_ += other.reference_power_;
  actual_power_ += other.actual_power_;
  noise_power_ += other.noise_power_;
  product_ += other.product_;
}

double NoiseMeter::sqnr_db() const {
  if (noise_power_ == 0) return std::numeric_limits<double>::infinity();
  return 10 * std::log10(reference_power_ / noise_power_);
}

double NoiseMeter::cosine() const {
  if (reference_power_ == 0 && actual_power_ == 0) return 1;
  return product_ / std::sqrt(reference_power_ * actual_power_);
}

}  // namespace sixtops::app
