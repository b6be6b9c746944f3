#include "quantize/target_histogram.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "cpu/engine/vector_clones.h"

namespace sixtops::quantize {
namespace {

// 32 bins a code when the codes span the whole range, 8 when they span a quarter of it.
constexpr int kBins = 8192;

constexpr size_t kPiece = 1024;

SIXTOPS_VECTOR_CLONES
void find_bins(const float* v, size_t count, double low, double bins_per_unit, int32_t* bins) {
  for (size_t i = 0; i < count; ++i) {
    double position = (v[i] - low) * bins_per_unit;
    position = position > 0 ? position : 0;
    bins[i] = static_cast<int32_t>(position < kBins - 1 ? position : kBins - 1);
  }
}

}  // namespace

TargetHistogram::TargetHistogram(double low, double high) : low_(low), high_(high), bins_(kBins) {}

void TargetHistogram::add(std::span<const float> v, std::span<const float> t, double weight) {
  const double bins_per_unit = kBins / (high_ - low_);
  std::array<int32_t, kPiece> bins;
  for (size_t begin = 0; begin < v.size(); begin += kPiece) {
    const size_t count = std::min(kPiece, v.size() - begin);
    find_bins(v.data() + begin, count, low_, bins_per_unit, bins.data());
    for (size_t i = 0; i < count; ++i) {
      Sums& bin = bins_[static_cast<size_t>(bins[i])];
      const double target = t[begin + i];
      bin.n += weight;
      bin.t += weight * target;
      bin.tt += weight * target * target;
    }
  }
}

void TargetHistogram::add(const TargetHistogram& other) {
  for (size_t i = 0; i < bins_.size(); ++i) {
    bins_[i].n += other.bins_[i].n;
    bins_[i].t += other.bins_[i].t;
    bins_[i].tt += other.bins_[i].tt;
  }
}

void TargetHistogram::finish() {
  cumulative_.assign(bins_.size() + 1, {});
  for (size_t i = 0; i < bins_.size(); ++i) {
    const Sums& below = cumulative_[i];
    cumulative_[i + 1] = {below.n + bins_[i].n, below.t + bins_[i].t, below.tt + bins_[i].tt};
  }
}

double TargetHistogram::total() const { return cumulative_.back().n; }

CodeMoments TargetHistogram::moments(double code_low, double code_high) const {
  const double step = (code_high - code_low) / (kCodes - 1);
  const double bins_per_unit = kBins / (high_ - low_);
  CodeMoments result;
  Sums below;
  for (int code = 0; code < kCodes; ++code) {
    Sums upto = cumulative_.back();
    if (code < kCodes - 1) {
      // The border between this code and the next, in bins; inside a bin the sums grow linearly.
      const double border = (code_low + (code + 0.5) * step - low_) * bins_per_unit;
      const double clamped = std::clamp(border, 0.0, static_cast<double>(kBins));
      const auto bin = std::min(static_cast<size_t>(clamped), static_cast<size_t>(kBins - 1));
      const double part = clamped - static_cast<double>(bin);
      const Sums& a = cumulative_[bin];
      const Sums& b = bins_[bin];
      upto = {a.n + part * b.n, a.t + part * b.t, a.tt + part * b.tt};
    }
    const double n = upto.n - below.n;
    if (n > 1e-9) {
      const double mean = (upto.t - below.t) / n;
      const auto index = static_cast<size_t>(code);
      result.count[index] = static_cast<float>(n);
      result.mean[index] = static_cast<float>(mean);
      result.spread += std::max(0.0, upto.tt - below.tt - n * mean * mean);
    }
    below = upto;
  }
  return result;
}

std::vector<double> TargetHistogram::bin_counts() const {
  std::vector<double> counts;
  counts.reserve(bins_.size());
  for (const Sums& bin : bins_) counts.push_back(bin.n);
  return counts;
}

}  // namespace sixtops::quantize
