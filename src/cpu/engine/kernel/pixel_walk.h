// Walks over the pixels of a range: image, row and column, without a division a pixel.
#pragma once

#include "cpu/engine/kernel/layout.h"

namespace sixtops::cpu::engine {

class PixelWalk {
 public:
  PixelWalk(const Extent& extent, int64_t pixel)
      : extent_(extent),
        image_(pixel / (extent.height * extent.width)),
        y_(pixel / extent.width % extent.height),
        x_(pixel % extent.width) {}

  int64_t image() const { return image_; }
  int64_t y() const { return y_; }
  int64_t x() const { return x_; }
  int64_t left_in_row() const { return extent_.width - x_; }
  int64_t offset(const Geometry& geometry) const { return geometry.offset(image_, y_, x_); }

  // REQUIRES: count <= left_in_row()
  void advance(int64_t count) {
    x_ += count;
    if (x_ < extent_.width) return;
    x_ = 0;
    if (++y_ < extent_.height) return;
    y_ = 0;
    ++image_;
  }

 private:
  Extent extent_;
  int64_t image_;
  int64_t y_;
  int64_t x_;
};

}  // namespace sixtops::cpu::engine
