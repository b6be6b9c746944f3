// Boxes and captions drawn on YUV planes, without a way through RGB. The look is that of vision/draw.h.
#pragma once

#include <span>
#include <string>
#include <unordered_map>

#include "media/yuv_picture.h"
#include "vision/detection.h"
#include "vision/draw.h"
#include "vision/font.h"

namespace sixtops::media {

struct CaptionedBox {
  vision::Box box;
  int color_id = 0;  // vision::class_color
  std::string caption;
};

// One thread at a time. Keeps rendered captions, since a video shows the same ones again and again.
class YuvPen {
 public:
  // font may be null: no text. It must live as long as the pen.
  explicit YuvPen(vision::Font* font) : font_(font) {}

  // In order, the last on top; captions above all boxes. The picture's pixels must be its own.
  void draw(const YuvPicture& picture, std::span<const CaptionedBox> boxes);

  // White words on a dark field, centred, at most as wide as the picture.
  void write_centred(const YuvPicture& picture, const std::string& text);

  // A line between two places, in pixels.
  void draw_line(const YuvPicture& picture, float x0, float y0, float x1, float y1, vision::Color color);

 private:
  const vision::TextMask* mask_of(const std::string& caption, int pixel_size);

  vision::Font* font_;
  std::unordered_map<std::string, vision::TextMask> masks_;
};

}  // namespace sixtops::media
