// Pictures that tests make from a formula, and one number for all of a picture's bytes. Included by tests only.
#pragma once

#include <gtest/gtest.h>

#include "vision/picture.h"

namespace sixtops::vision {

// Noise that a reference in another language can make too.
inline Picture noise_picture(int width, int height) {
  Picture picture = make_picture(width, height).value();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        const uint32_t mixed = static_cast<uint32_t>(x) * 73856093U ^ static_cast<uint32_t>(y) * 19349663U ^
                               static_cast<uint32_t>(c) * 83492791U;
        picture.row(y)[3 * x + c] = static_cast<uint8_t>(mixed >> 7);
      }
    }
  }
  return picture;
}

// Smooth, so that JPEG keeps it nearly as it is.
inline Picture gradient_picture(int width, int height) {
  Picture picture = make_picture(width, height).value();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      picture.row(y)[3 * x] = static_cast<uint8_t>(255 * x / width);
      picture.row(y)[3 * x + 1] = static_cast<uint8_t>(255 * y / height);
      picture.row(y)[3 * x + 2] = static_cast<uint8_t>(128);
    }
  }
  return picture;
}

// 32-bit FNV-1a.
inline uint32_t digest(const Picture& picture) {
  uint32_t hash = 2166136261U;
  for (int y = 0; y < picture.height; ++y) {
    for (int i = 0; i < picture.width * 3; ++i) hash = (hash ^ picture.row(y)[i]) * 16777619U;
  }
  return hash;
}

inline int largest_difference(const Picture& a, const Picture& b) {
  EXPECT_EQ(a.width, b.width);
  EXPECT_EQ(a.height, b.height);
  int largest = 0;
  for (size_t i = 0; i < a.rgb.size() && i < b.rgb.size(); ++i)
    largest = std::max(largest, std::abs(a.rgb[i] - b.rgb[i]));
  return largest;
}

}  // namespace sixtops::vision
