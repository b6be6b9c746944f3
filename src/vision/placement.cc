#include "vision/placement.h"

#include <algorithm>
#include <cmath>

namespace sixtops::vision {
namespace {

constexpr double kCropFraction = 0.875;

int clamp_side(double side, int limit) { return std::clamp(static_cast<int>(side), 1, limit); }

// Half the padding; an odd rest leaves the larger part behind the picture.
int half_of(int rest) { return static_cast<int>(std::lround(rest / 2.0 - 0.1)); }

}  // namespace

Placement place(int picture_width, int picture_height, int input_width, int input_height, ResizeMode mode) {
  Placement p;
  p.content_width = input_width;
  p.content_height = input_height;
  p.source_width = picture_width;
  p.source_height = picture_height;
  const double ratio =
      std::min(static_cast<double>(input_width) / picture_width, static_cast<double>(input_height) / picture_height);
  switch (mode) {
    case ResizeMode::kLetterbox:
      p.content_width = clamp_side(std::nearbyint(picture_width * ratio), input_width);
      p.content_height = clamp_side(std::nearbyint(picture_height * ratio), input_height);
      p.content_left = half_of(input_width - p.content_width);
      p.content_top = half_of(input_height - p.content_height);
      break;
    case ResizeMode::kLetterboxTopLeft:
      p.content_width = clamp_side(picture_width * ratio, input_width);
      p.content_height = clamp_side(picture_height * ratio, input_height);
      break;
    case ResizeMode::kStretch:
      break;
    case ResizeMode::kCrop: {
      const int side = std::max(1, static_cast<int>(kCropFraction * std::min(picture_width, picture_height)));
      p.source_left = (picture_width - side) / 2;
      p.source_top = (picture_height - side) / 2;
      p.source_width = side;
      p.source_height = side;
      break;
    }
  }
  p.scale_x = static_cast<double>(p.content_width) / p.source_width;
  p.scale_y = static_cast<double>(p.content_height) / p.source_height;
  p.offset_x = p.content_left - p.source_left * p.scale_x;
  p.offset_y = p.content_top - p.source_top * p.scale_y;
  return p;
}

std::vector<Detection> map_to_picture(std::vector<Detection> detections, const Placement& placement, int picture_width,
                                      int picture_height) {
  const auto map = [](float value, double offset, double scale, int limit) {
    return static_cast<float>(std::clamp((value - offset) / scale, 0.0, static_cast<double>(limit)));
  };
  for (Detection& detection : detections) {
    Box& box = detection.box;
    box.left = map(box.left, placement.offset_x, placement.scale_x, picture_width);
    box.right = map(box.right, placement.offset_x, placement.scale_x, picture_width);
    box.top = map(box.top, placement.offset_y, placement.scale_y, picture_height);
    box.bottom = map(box.bottom, placement.offset_y, placement.scale_y, picture_height);
  }
  std::erase_if(detections, [](const Detection& detection) {
    return !(detection.box.left < detection.box.right && detection.box.top < detection.box.bottom);
  });
  return detections;
}

}  // namespace sixtops::vision
