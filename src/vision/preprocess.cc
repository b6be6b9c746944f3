#include "vision/preprocess.h"

#include <cassert>
#include <cstring>
#include <vector>

#include "vision/resize.h"

namespace sixtops::vision {
namespace {

uint8_t luma(const uint8_t* rgb) {
  constexpr int kRed = 4899, kGreen = 9617, kBlue = 1868;  // sum 2^14
  return static_cast<uint8_t>((rgb[0] * kRed + rgb[1] * kGreen + rgb[2] * kBlue + (1 << 13)) >> 14);
}

template <typename T>
void to_planar(const Picture& input, ColorOrder color, std::span<const std::array<T, 256>> tables, T* out) {
  assert(static_cast<int>(tables.size()) == channel_count(color));
  const int64_t plane = int64_t{input.width} * input.height;
  for (int y = 0; y < input.height; ++y) {
    const uint8_t* row = input.row(y);
    T* target = out + int64_t{y} * input.width;
    if (color == ColorOrder::kGray) {
      const T* table = tables[0].data();
      for (int x = 0; x < input.width; ++x) target[x] = table[luma(row + 3 * x)];
      continue;
    }
    const int first = color == ColorOrder::kRgb ? 0 : 2;
    const T* table0 = tables[0].data();
    const T* table1 = tables[1].data();
    const T* table2 = tables[2].data();
    for (int x = 0; x < input.width; ++x, row += 3) {
      target[x] = table0[row[first]];
      target[plane + x] = table1[row[1]];
      target[2 * plane + x] = table2[row[2 - first]];
    }
  }
}

}  // namespace

Result<Picture> resize_to_input(const Picture& picture, int input_width, int input_height, ResizeMode mode,
                                uint8_t pad_color, Placement* placement) {
  Picture input = TRY(make_picture(input_width, input_height));
  const Placement place_of = place(picture.width, picture.height, input_width, input_height, mode);
  if (placement != nullptr) *placement = place_of;
  const Rectangle from{place_of.source_left, place_of.source_top, place_of.source_width, place_of.source_height};
  const Rectangle to{place_of.content_left, place_of.content_top, place_of.content_width, place_of.content_height};
  if (to.width < input_width || to.height < input_height) {
    std::memset(input.rgb.data(), pad_color, input.rgb.size());
  }
  if (mode == ResizeMode::kCrop && to.width <= from.width && to.height <= from.height) {
    resize_area(picture, from, input, to);
  } else {
    resize_bilinear(picture, from, input, to);
  }
  return input;
}

int channel_count(ColorOrder color) { return color == ColorOrder::kGray ? 1 : 3; }

void to_planar_codes(const Picture& input, ColorOrder color, std::span<const std::array<int8_t, 256>> tables,
                     int8_t* out) {
  to_planar(input, color, tables, out);
}

void to_planar_values(const Picture& input, ColorOrder color, std::span<const std::array<float, 256>> tables,
                      float* out) {
  to_planar(input, color, tables, out);
}

}  // namespace sixtops::vision
