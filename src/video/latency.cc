#include "video/latency.h"

#include <algorithm>
#include <cmath>

namespace sixtops::video {

void LatencyHistogram::add(double milliseconds) {
  const double place = std::log(std::max(milliseconds, kFirstMs) / kFirstMs) / std::log(kGrowth);
  ++buckets_[static_cast<size_t>(std::clamp(place, 0.0, kBuckets - 1.0))];
  ++count_;
  sum_ms_ += milliseconds;
}

double LatencyHistogram::percentile(double share) const {
  if (count_ == 0) return 0;
  const auto wanted = static_cast<int64_t>(std::ceil(share * static_cast<double>(count_)));
  int64_t seen = 0;
  for (size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= std::max<int64_t>(wanted, 1)) return kFirstMs * std::pow(kGrowth, static_cast<double>(i) + 0.5);
  }
  return 0;
}

}  // namespace sixtops::video
