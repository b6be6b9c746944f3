#include "media/privacy_mask.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace sixtops::media {
namespace {

// Where the line at height y enters and leaves the polygon, in order.
std::vector<double> borders(const vision::Polygon& polygon, double y) {
  std::vector<double> at;
  for (size_t i = 0; i < polygon.size(); ++i) {
    const vision::Point& a = polygon[i];
    const vision::Point& b = polygon[(i + 1) % polygon.size()];
    if ((a.y > y) != (b.y > y)) at.push_back(a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x));
  }
  std::sort(at.begin(), at.end());
  return at;
}

// Pairs of columns and lines, which share one chroma sample.
void black_out_pairs(const YuvPicture& picture, int pair_row, int first, int last) {
  if (first > last) return;
  const uint8_t black = picture.full_range ? 0 : 16;
  const int left = 2 * first, right = std::min(2 * (last + 1), picture.width);
  for (int y = 2 * pair_row; y < std::min(2 * pair_row + 2, picture.height); ++y) {
    std::memset(picture.row(0, y) + left, black, static_cast<size_t>(right - left));
  }
  for (int plane = 1; plane < 3; ++plane) {
    std::memset(picture.row(plane, pair_row) + first, 128, static_cast<size_t>(last + 1 - first));
  }
}

}  // namespace

void black_out(const YuvPicture& picture, std::span<const vision::Polygon> polygons) {
  const int columns = picture.plane_width(1);
  for (const vision::Polygon& polygon : polygons) {
    for (int y = 0; y < picture.height; ++y) {
      const std::vector<double> at = borders(polygon, (y + 0.5) / picture.height);
      for (size_t i = 0; i + 1 < at.size(); i += 2) {
        const int first = static_cast<int>(std::ceil(std::clamp(at[i], 0.0, 1.0) * picture.width - 0.5));
        const int last = static_cast<int>(std::floor(std::clamp(at[i + 1], 0.0, 1.0) * picture.width - 0.5));
        if (last >= first) black_out_pairs(picture, y / 2, std::max(0, first / 2), std::min(columns - 1, last / 2));
      }
    }
  }
}

}  // namespace sixtops::media
