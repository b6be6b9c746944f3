// Resizing of a rectangle of one picture into a rectangle of another.
#pragma once

#include <memory>

#include "vision/picture.h"

namespace sixtops::vision {

struct Rectangle {
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;
};

// A resized rectangle row by row, for callers that go on with the pixels while they are in cache. The source outlives
// it.
class ResizedRows {
 public:
  enum class Filter { kBilinear, kArea };  // as the functions below

  // REQUIRES: `from` lies inside of the picture, nothing is empty; kArea: neither side grows.
  ResizedRows(const Picture& source, const Rectangle& from, int width, int height, Filter filter);
  ~ResizedRows();
  ResizedRows(const ResizedRows&) = delete;
  ResizedRows& operator=(const ResizedRows&) = delete;

  // Row y as 3 · width bytes of RGB. Cheapest in ascending order.
  void write(int y, uint8_t* rgb);

  class Rows;

 private:
  std::unique_ptr<Rows> rows_;
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
