// How long things take: percentiles of many samples in constant memory.
#pragma once

#include <array>
#include <cstdint>

namespace sixtops::video {

// Buckets grow by a tenth from 10 µs to 10 minutes, so a percentile is right within 5 %. A plain value.
class LatencyHistogram {
 public:
  void add(double milliseconds);
  int64_t count() const { return count_; }
  double sum_ms() const { return sum_ms_; }
  double percentile(double share) const;  // share in 0..1; 0 without samples

 private:
  static constexpr double kFirstMs = 0.01;
  static constexpr double kGrowth = 1.1;
  static constexpr int kBuckets = 190;

  std::array<int64_t, kBuckets> buckets_{};
  int64_t count_ = 0;
  double sum_ms_ = 0;
};

}  // namespace sixtops::video
