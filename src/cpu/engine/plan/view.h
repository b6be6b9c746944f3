// What the plan knows of an activation before it has a place in memory: buffers that steps write, and views of them.
//
// A view is a list of parts; concatenation, channel and pixel slices and nearest upsampling are views, so they cost
// nothing. Extents are those of a picture [images, channels, height, width]; tensors of rank 2 and 3 are pictures of
// height 1. Thread safety: plain values.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "cpu/engine/kernel/layout.h"
#include "graph/shape.h"

namespace sixtops::cpu::engine {

// Lines around a picture that readers see as padding.
struct Halo {
  int64_t top = 0;
  int64_t bottom = 0;
  int64_t left = 0;
  int64_t right = 0;

  bool empty() const { return top == 0 && bottom == 0 && left == 0 && right == 0; }
  void include(const Halo& other);
  bool operator==(const Halo&) const = default;
};

struct Plane {
  int64_t channels = 0;
  int64_t line_bytes = 0;
  int64_t offset = 0;  // of pixel 0, in the arena; set by place()
};

struct Buffer {
  Extent extent;
  std::vector<Plane> planes;
  Halo halo;
  // Of each channel; set by the first reader that needs a halo. Empty while nobody does.
  std::vector<std::optional<uint8_t>> halo_bytes;
  int first_step = 0;  // that writes it
  int last_step = 0;   // that reads it
  int64_t offset = 0;  // in the arena; set by place()

  int64_t pitch() const { return extent.width + std::max(halo.left, halo.right); }        // lines a row
  int64_t image_rows() const { return extent.height + std::max(halo.top, halo.bottom); }  // rows an image
  Geometry geometry(const Plane& plane) const;
  int64_t front_bytes(const Plane& plane) const;  // of halo before pixel 0
  int64_t plane_bytes(const Plane& plane) const;  // all of a plane, halo included
};

// Planes of 64 channels, the last with lines of 16, 32 or 64 bytes. bytes_per_channel: 1, or 4 for sums.
Buffer make_buffer(const Extent& extent, int64_t channels, int64_t bytes_per_channel);

// One plane whose lines hold the channels and nothing else, which only convolutions and copies can read.
Buffer make_dense_buffer(const Extent& extent, int64_t channels);

// Channels [first_channel, first_channel + channels) of a plane. Pixel (y, x) of the view is pixel
// (first_y + y · step_y, first_x + x · step_x) of the buffer, after the shift.
struct Part {
  int buffer = 0;
  int plane = 0;
  int64_t first_channel = 0;
  int64_t channels = 0;
  int64_t first_y = 0;
  int64_t first_x = 0;
  int64_t step_y = 1;
  int64_t step_x = 1;
  int shift = 0;
};

struct View {
  Extent extent;
  std::vector<Part> parts;
  bool sums = false;  // int32, for nobody but the border

  int64_t channels() const;
};

View whole_view(int buffer_index, const Buffer& buffer);
View slice_channels(const View& view, int64_t first, int64_t count);

// A shape as a picture: rank 4, or 2 or 3 with height 1. Nothing for other ranks, and where something is empty.
struct PictureShape {
  Extent extent;
  int64_t channels = 1;
  bool operator==(const PictureShape&) const = default;
};
std::optional<PictureShape> picture_shape(const Shape& shape);

}  // namespace sixtops::cpu::engine
