#include "media/pts_normalizer.h"

#include <algorithm>

namespace sixtops::media {
namespace {

// A stamp beyond 10,000 years is noise, and sums of noise would overflow.
constexpr int64_t kLimitUs = int64_t{1} << 58;

}  // namespace

int64_t PtsNormalizer::next(std::optional<int64_t> pts_us, int64_t arrival_us) {
  if (pts_us && (*pts_us > kLimitUs || *pts_us < -kLimitUs)) pts_us.reset();
  const int64_t waited_us = begun_ ? std::max<int64_t>(arrival_us - last_arrival_us_, 1) : 0;
  last_arrival_us_ = arrival_us;
  if (!begun_) {
    begun_ = true;
    last_us_ = pts_us.value_or(0);
    return last_us_;
  }
  if (!pts_us && !restarted_) return last_us_ += frame_us_;
  const int64_t shifted = pts_us.value_or(0) + shift_us_;
  const bool began_anew = shifted < last_us_ - kDisorderUs;
  const bool jumped = live_ && shifted > last_us_ + waited_us + kJumpUs;
  if (began_anew || jumped || restarted_) {
    last_us_ += live_ || restarted_ ? waited_us : frame_us_;
    shift_us_ = last_us_ - pts_us.value_or(0);
    restarted_ = false;
    return last_us_;
  }
  return last_us_ = std::max(shifted, last_us_ + 1);
}

}  // namespace sixtops::media
