// Detections drawn on a picture: boxes in a colour a class, and "label 0.87" on a filled field of that colour.
//
// Sizes follow the picture. Each line has a dark edge on both sides, and text is black or white, whichever stands out
// from its field, so that both can be read on any background.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "vision/detection.h"
#include "vision/font.h"
#include "vision/picture.h"

namespace sixtops::vision {

struct Color {
  uint8_t red = 0;
  uint8_t green = 0;
  uint8_t blue = 0;
  bool operator==(const Color&) const = default;
};

// Neighbouring classes are far apart on the colour wheel.
Color class_color(int class_id);

// Black or white, whichever stands out from the field.
Color text_color(Color field);

// Sizes in pixels that suit a picture: of the line, of its dark edge on each side, of the text.
struct DrawStyle {
  int thickness = 0;
  int edge = 0;
  int text_size = 0;
};

DrawStyle draw_style(int picture_width, int picture_height);

// The best detection on top. Boxes may reach beyond the picture. font may be null: boxes only.
void draw_detections(Picture& picture, std::span<const Detection> detections, const std::vector<std::string>& labels,
                     Font* font);

}  // namespace sixtops::vision
