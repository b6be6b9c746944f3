#include "media/draw_yuv.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace sixtops::media {
namespace {

constexpr size_t kMaxMasks = 1000;  // "person 0.87" and its like; then the store begins anew

// Half-open, in whole pixels.
struct Area {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
};

Area grown(const Area& area, int by) { return {area.left - by, area.top - by, area.right + by, area.bottom + by}; }

Area clipped(const Area& area, int width, int height) {
  return {std::clamp(area.left, 0, width), std::clamp(area.top, 0, height), std::clamp(area.right, 0, width),
          std::clamp(area.bottom, 0, height)};
}

void fill(const YuvPicture& picture, const Area& wanted, const std::array<uint8_t, 3>& color) {
  const Area area = clipped(wanted, picture.width, picture.height);
  if (area.left >= area.right || area.top >= area.bottom) return;
  const auto width = static_cast<size_t>(area.right - area.left);
  for (int y = area.top; y < area.bottom; ++y) std::memset(picture.row(0, y) + area.left, color[0], width);
  const auto chroma_width = static_cast<size_t>((area.right + 1) / 2 - area.left / 2);
  for (int y = area.top / 2; y < (area.bottom + 1) / 2; ++y) {
    std::memset(picture.row(1, y) + area.left / 2, color[1], chroma_width);
    std::memset(picture.row(2, y) + area.left / 2, color[2], chroma_width);
  }
}

void outline(const YuvPicture& picture, const Area& area, int thickness, const std::array<uint8_t, 3>& color) {
  fill(picture, {area.left, area.top, area.right, area.top + thickness}, color);
  fill(picture, {area.left, area.bottom - thickness, area.right, area.bottom}, color);
  fill(picture, {area.left, area.top, area.left + thickness, area.bottom}, color);
  fill(picture, {area.right - thickness, area.top, area.right, area.bottom}, color);
}

// Text is black or white, so only luma differs from the field.
void blend_luma(const YuvPicture& picture, const vision::TextMask& mask, int left, int top, int luma) {
  for (int y = std::max(0, -top); y < mask.height && top + y < picture.height; ++y) {
    const uint8_t* coverage = mask.coverage.data() + static_cast<size_t>(y) * static_cast<size_t>(mask.width);
    uint8_t* row = picture.row(0, top + y);
    for (int x = std::max(0, -left); x < mask.width && left + x < picture.width; ++x) {
      if (coverage[x] == 0) continue;  // most of it
      uint8_t& pixel = row[left + x];
      pixel = static_cast<uint8_t>((pixel * (255 - coverage[x]) + luma * coverage[x] + 127) / 255);
    }
  }
}

Area to_pixels(const vision::Box& box, const YuvPicture& picture) {
  // Far outside is as good as just outside, and fits an int.
  const auto whole = [](float value, int size) {
    return static_cast<int>(std::lround(std::clamp(value, -100.0F, static_cast<float>(size) + 100.0F)));
  };
  return {whole(box.left, picture.width), whole(box.top, picture.height), whole(box.right, picture.width),
          whole(box.bottom, picture.height)};
}

std::array<uint8_t, 3> yuv_of(const YuvPicture& picture, vision::Color color) {
  return yuv_color(picture, color.red, color.green, color.blue);
}

}  // namespace

const vision::TextMask* YuvPen::mask_of(const std::string& caption, int pixel_size) {
  if (font_ == nullptr || caption.empty()) return nullptr;
  const std::string key = std::to_string(pixel_size) + " " + caption;
  if (const auto found = masks_.find(key); found != masks_.end()) return &found->second;
  if (masks_.size() >= kMaxMasks) masks_.clear();
  return &masks_.emplace(key, font_->render(caption, pixel_size)).first->second;
}

void YuvPen::draw(const YuvPicture& picture, std::span<const CaptionedBox> boxes) {
  const vision::DrawStyle style = vision::draw_style(picture.width, picture.height);
  for (const CaptionedBox& box : boxes) {
    const Area area = to_pixels(box.box, picture);
    outline(picture, grown(area, style.edge), style.thickness + 2 * style.edge, yuv_of(picture, {}));
    outline(picture, area, style.thickness, yuv_of(picture, vision::class_color(box.color_id)));
  }
  for (const CaptionedBox& box : boxes) {
    const vision::TextMask* mask = mask_of(box.caption, style.text_size);
    if (mask == nullptr) continue;
    const Area area = to_pixels(box.box, picture);
    const vision::Color field = vision::class_color(box.color_id);
    const int left = std::clamp(area.left, 0, std::max(0, picture.width - mask->width));
    const int above = area.top - mask->height;
    const int top =
        std::clamp(above >= 0 ? above : area.top + style.thickness, 0, std::max(0, picture.height - mask->height));
    fill(picture, {left, top, left + mask->width, top + mask->height}, yuv_of(picture, field));
    blend_luma(picture, *mask, left, top, yuv_of(picture, vision::text_color(field))[0]);
  }
}

void YuvPen::write_centred(const YuvPicture& picture, const std::string& text) {
  int size = vision::draw_style(picture.width, picture.height).text_size * 2;
  const vision::TextMask* mask = mask_of(text, size);
  while (mask != nullptr && mask->width > picture.width && size > 6) mask = mask_of(text, size = size * 3 / 4);
  if (mask == nullptr) return;
  const int left = (picture.width - mask->width) / 2, top = (picture.height - mask->height) / 2;
  fill(picture, {0, top - 8, picture.width, top + mask->height + 8}, yuv_of(picture, {40, 40, 40}));
  blend_luma(picture, *mask, left, top, yuv_of(picture, {255, 255, 255})[0]);
}

void YuvPen::draw_line(const YuvPicture& picture, float x0, float y0, float x1, float y1, vision::Color color) {
  const int thickness = vision::draw_style(picture.width, picture.height).thickness;
  const int steps = std::max(1, static_cast<int>(std::max(std::abs(x1 - x0), std::abs(y1 - y0))));
  const std::array<uint8_t, 3> bytes = yuv_of(picture, color);
  for (int i = 0; i <= std::min(steps, 2 * vision::kMaxPictureSide); ++i) {
    const float at = static_cast<float>(i) / static_cast<float>(steps);
    const int x = static_cast<int>(x0 + (x1 - x0) * at), y = static_cast<int>(y0 + (y1 - y0) * at);
    fill(picture, {x, y, x + thickness, y + thickness}, bytes);
  }
}

}  // namespace sixtops::media
