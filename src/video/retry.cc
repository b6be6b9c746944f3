#include "video/retry.h"

#include <algorithm>

namespace sixtops::video {
namespace {

constexpr std::chrono::milliseconds kFirst{500};
constexpr int kDoublings = 3;
constexpr std::chrono::milliseconds kAccessDenied{30'000};

}  // namespace

std::chrono::milliseconds RetryDelay::next(bool access_denied) {
  const auto wait = access_denied ? kAccessDenied : kFirst * (1 << std::min(failures_, kDoublings));
  failures_ = std::min(failures_ + 1, kDoublings);
  return std::min(wait, limit_);
}

}  // namespace sixtops::video
