// Resizing of a rectangle of one picture into a rectangle of another.
#pragma once

#include "vision/picture.h"

namespace sixtops::vision {

struct Rectangle {
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;
};

// REQUIRES of both: the rectangles lie inside of their pictures and are not empty; the pictures are not the same one.

// Bilinear with half-pixel centres and clamped borders, no prefilter: source = (target + 1/2) · source size / target
// size - 1/2. The arithmetic is that of OpenCV's INTER_LINEAR for 8 bits (weights of 11 bits, the row sum cut to
// multiples of 16 before the column weights, halves up), so that the bytes are the same.
void resize_bilinear(const Picture& source, const Rectangle& from, Picture& target, const Rectangle& to);

// The mean over the covered area (OpenCV's INTER_AREA, but for halves at exactly half size, which go to even here).
// REQUIRES: neither side grows.
void resize_area(const Picture& source, const Rectangle& from, Picture& target, const Rectangle& to);

}  // namespace sixtops::vision
