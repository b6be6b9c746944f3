#include "media/appearance_of.h"

#include <algorithm>

namespace sixtops::media {
namespace {

constexpr int kSamples = 12;  // a line and a column of each half
// Parts of the box: its middle, and of a standing person the upper body and the legs.
constexpr float kLeft = 0.25F, kRight = 0.75F;
constexpr float kTops[] = {0.15F, 0.55F};
constexpr float kHalfHeight = 0.3F;

}  // namespace

vision::Appearance appearance_of(const YuvPicture& picture, const vision::Box& box) {
  vision::Appearance look;
  const float width = box.right - box.left, height = box.bottom - box.top;
  for (size_t half = 0; half < 2; ++half) {
    std::array<int, 3> sums{};
    for (int j = 0; j < kSamples; ++j) {
      const float at_y = box.top + height * (kTops[half] + kHalfHeight * (static_cast<float>(j) + 0.5F) / kSamples);
      const int y = static_cast<int>(std::clamp(at_y, 0.0F, static_cast<float>(picture.height - 1)));
      for (int i = 0; i < kSamples; ++i) {
        const float at_x = box.left + width * (kLeft + (kRight - kLeft) * (static_cast<float>(i) + 0.5F) / kSamples);
        const int x = static_cast<int>(std::clamp(at_x, 0.0F, static_cast<float>(picture.width - 1)));
        sums[0] += picture.row(0, y)[x];
        sums[1] += picture.row(1, y / 2)[x / 2];
        sums[2] += picture.row(2, y / 2)[x / 2];
      }
    }
    for (size_t channel = 0; channel < 3; ++channel) {
      look.means[3 * half + channel] = static_cast<float>(sums[channel]) / (kSamples * kSamples);
    }
  }
  return look;
}

}  // namespace sixtops::media
