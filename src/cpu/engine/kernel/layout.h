// How activations lie in memory for the engine's kernels.
//
// A picture of C channels is C / 64 planes. In a plane a pixel is one line of bytes, one byte a channel: the code xor
// 0x80, so that it counts from 0 to 255 as the dot products of x86 want it. Lines have 64 bytes; the last plane has
// lines of 16 or 32 where fewer channels are left. Rows, images and lines are plain byte distances, so a plane can be a
// part of another one: every second pixel of it, a slice of its channels, or its nearest upsampling.
#pragma once

#include <cstdint>

namespace sixtops::cpu::engine {

inline constexpr int kLineBytes = 64;       // channels of a full plane
inline constexpr int kVectorChannels = 16;  // channels that kernels compute at least
inline constexpr uint8_t kCodeToByte = 0x80;

// Lines may be read by whole vectors: this many bytes behind the last line belong to the arena.
inline constexpr int64_t kArenaSlack = 256;

// Byte distances from the first pixel of a plane.
struct Geometry {
  int64_t image = 0;
  int64_t row = 0;
  int64_t column = 0;
  int shift = 0;  // coordinates are shifted right by so much before they count: 1 reads a picture as twice as large

  int64_t offset(int64_t image_index, int64_t y, int64_t x) const {
    return image_index * image + (y >> shift) * row + (x >> shift) * column;
  }
  bool operator==(const Geometry&) const = default;
};

// Pixels that a kernel computes, numbered row by row, image by image.
struct Extent {
  int64_t images = 1;
  int64_t height = 1;
  int64_t width = 1;

  int64_t pixels() const { return images * height * width; }
  bool operator==(const Extent&) const = default;
};

// A run of pixels, first to last, within the extent.
struct PixelRange {
  int64_t first = 0;
  int64_t last = 0;
};

}  // namespace sixtops::cpu::engine
