#include "vision/draw.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "vision/labels.h"

namespace sixtops::vision {
namespace {

constexpr Color kBlack{0, 0, 0};
constexpr Color kWhite{255, 255, 255};

// Half-open, in whole pixels.
struct Area {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
};

Area grown(const Area& area, int by) { return {area.left - by, area.top - by, area.right + by, area.bottom + by}; }

void fill(Picture& picture, const Area& area, Color color) {
  const int left = std::max(area.left, 0), right = std::min(area.right, picture.width);
  for (int y = std::max(area.top, 0); y < std::min(area.bottom, picture.height); ++y) {
    for (int x = left; x < right; ++x) {
      uint8_t* pixel = picture.row(y) + 3 * x;
      pixel[0] = color.red;
      pixel[1] = color.green;
      pixel[2] = color.blue;
    }
  }
}

// A line of that thickness inside of the area's border.
void outline(Picture& picture, const Area& area, int thickness, Color color) {
  fill(picture, {area.left, area.top, area.right, area.top + thickness}, color);
  fill(picture, {area.left, area.bottom - thickness, area.right, area.bottom}, color);
  fill(picture, {area.left, area.top, area.left + thickness, area.bottom}, color);
  fill(picture, {area.right - thickness, area.top, area.right, area.bottom}, color);
}

void blend(Picture& picture, const TextMask& mask, int left, int top, Color color) {
  const uint8_t channels[] = {color.red, color.green, color.blue};
  for (int y = std::max(0, -top); y < mask.height && top + y < picture.height; ++y) {
    for (int x = std::max(0, -left); x < mask.width && left + x < picture.width; ++x) {
      const int coverage =
          mask.coverage[static_cast<size_t>(y) * static_cast<size_t>(mask.width) + static_cast<size_t>(x)];
      uint8_t* pixel = picture.row(top + y) + 3 * (left + x);
      for (int c = 0; c < 3; ++c) {
        pixel[c] = static_cast<uint8_t>((pixel[c] * (255 - coverage) + channels[c] * coverage + 127) / 255);
      }
    }
  }
}

Area to_pixels(const Box& box, const Picture& picture) {
  // Far outside is as good as just outside, and fits an int.
  const auto whole = [](float value, int size) {
    return static_cast<int>(std::lround(std::clamp(value, -100.0F, static_cast<float>(size) + 100.0F)));
  };
  return {whole(box.left, picture.width), whole(box.top, picture.height), whole(box.right, picture.width),
          whole(box.bottom, picture.height)};
}

// Above the box; inside of it where there is no room; never beside the picture.
void draw_label(Picture& picture, const Area& box, int thickness, Color color, const TextMask& mask) {
  const int left = std::clamp(box.left, 0, std::max(0, picture.width - mask.width));
  const int above = box.top - mask.height;
  const int top = std::clamp(above >= 0 ? above : box.top + thickness, 0, std::max(0, picture.height - mask.height));
  fill(picture, {left, top, left + mask.width, top + mask.height}, color);
  blend(picture, mask, left, top, text_color(color));
}

}  // namespace

Color class_color(int class_id) {
  // Steps of the golden section of the wheel never come back near a colour soon.
  const double hue = std::fmod(0.02 + 0.618033988749895 * class_id, 1.0) * 6;
  const auto channel = [&](double shift) {
    const double k = std::fmod(shift + hue + 6, 6.0);
    const double value = 1 - 0.85 * std::clamp(std::min(k, 4 - k), 0.0, 1.0);  // saturation 0.85
    return static_cast<uint8_t>(std::lround(255 * value));
  };
  return {channel(5), channel(3), channel(1)};
}

Color text_color(Color field) {
  const int luma = (299 * field.red + 587 * field.green + 114 * field.blue) / 1000;
  return luma > 140 ? kBlack : kWhite;
}

DrawStyle draw_style(int picture_width, int picture_height) {
  const double size = (picture_width + picture_height) / 2.0;
  const int thickness = std::max(2, static_cast<int>(std::lround(size * 0.003)));
  return {thickness, std::max(1, thickness / 3), std::clamp(static_cast<int>(std::lround(size * 0.02)), 11, 200)};
}

void draw_detections(Picture& picture, std::span<const Detection> detections, const std::vector<std::string>& labels,
                     Font* font) {
  const auto [thickness, edge, text_size] = draw_style(picture.width, picture.height);
  std::vector<Detection> worst_first(detections.begin(), detections.end());
  std::stable_sort(worst_first.begin(), worst_first.end(),
                   [](const Detection& a, const Detection& b) { return a.score < b.score; });
  for (const Detection& detection : worst_first) {
    const Color color = class_color(detection.class_id);
    const Area box = to_pixels(detection.box, picture);
    outline(picture, grown(box, edge), thickness + 2 * edge, kBlack);
    outline(picture, box, thickness, color);
  }
  if (font == nullptr) return;
  for (const Detection& detection : worst_first) {
    const std::string text = fmt::format("{} {:.2f}", label_of(labels, detection.class_id), detection.score);
    const Area box = to_pixels(detection.box, picture);
    draw_label(picture, box, thickness, class_color(detection.class_id), font->render(text, text_size));
  }
}

}  // namespace sixtops::vision
