#include "media/yuv_picture.h"

#include <libyuv.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/bytes.h"
#include "base/error.h"

namespace sixtops::media {
namespace {

// Rows begin on cache lines, so that libyuv's vector code need not look at their ends.
constexpr int kStrideAlignment = 64;

int aligned(int width) { return (width + kStrideAlignment - 1) / kStrideAlignment * kStrideAlignment; }

int even(int side) { return side + side % 2; }

Result<YuvPicture> allocate(int width, int height, YuvMatrix matrix, bool full_range) {
  TRY(vision::check_picture_size(width, height));
  YuvPicture picture;
  picture.width = width;
  picture.height = height;
  picture.matrix = matrix;
  picture.full_range = full_range;
  picture.strides = {aligned(even(width)), aligned(even(width) / 2), aligned(even(width) / 2)};
  const int64_t luma = int64_t{picture.strides[0]} * even(height);
  const int64_t chroma = int64_t{picture.strides[1]} * (even(height) / 2);
  const SharedBytes bytes = TRY(allocate_bytes_for_overwrite(static_cast<size_t>(luma + 2 * chroma)));
  auto* const first = reinterpret_cast<uint8_t*>(const_cast<std::byte*>(bytes.data()));
  picture.planes = {first, first + luma, first + luma + chroma};
  picture.owner = std::make_shared<SharedBytes>(bytes);
  return picture;
}

}  // namespace

Result<YuvPicture> make_yuv_picture(int width, int height, YuvMatrix matrix, bool full_range) {
  const YuvPicture picture = TRY(allocate(width, height, matrix, full_range));
  for (int plane = 0; plane < 3; ++plane) {
    const int black = plane > 0 ? 128 : full_range ? 0 : 16;
    const int rows = plane == 0 ? even(height) : even(height) / 2;
    std::memset(picture.row(plane, 0), black,
                static_cast<size_t>(picture.strides[static_cast<size_t>(plane)]) * static_cast<size_t>(rows));
  }
  return picture;
}

Result<YuvPicture> copy_pixels(const YuvPicture& picture) {
  YuvPicture copy = TRY(allocate(picture.width, picture.height, picture.matrix, picture.full_range));
  copy_pixels_into(picture, copy);
  return copy;
}

void copy_pixels_into(const YuvPicture& picture, YuvPicture& copy) {
  copy.matrix = picture.matrix;
  copy.full_range = picture.full_range;
  libyuv::I420Copy(picture.planes[0], picture.strides[0], picture.planes[1], picture.strides[1], picture.planes[2],
                   picture.strides[2], copy.planes[0], copy.strides[0], copy.planes[1], copy.strides[1], copy.planes[2],
                   copy.strides[2], picture.width, picture.height);
  if (picture.width % 2 != 0) {
    for (int y = 0; y < picture.height; ++y) copy.row(0, y)[picture.width] = copy.row(0, y)[picture.width - 1];
  }
  if (picture.height % 2 != 0) {
    std::memcpy(copy.row(0, picture.height), copy.row(0, picture.height - 1), static_cast<size_t>(even(picture.width)));
  }
}

Result<YuvPicture> yuv_from_rgb(const vision::Picture& picture) {
  const YuvPicture yuv = TRY(allocate(picture.width, picture.height, YuvMatrix::kBt601, false));
  libyuv::RAWToI420(picture.rgb.data(), picture.stride_bytes, yuv.planes[0], yuv.strides[0], yuv.planes[1],
                    yuv.strides[1], yuv.planes[2], yuv.strides[2], picture.width, picture.height);
  return copy_pixels(yuv);  // with the border of odd sizes
}

Result<YuvPicture> rotated(const YuvPicture& picture, int degrees) {
  const bool turns = degrees != 180;
  const YuvPicture target = TRY(allocate(turns ? picture.height : picture.width, turns ? picture.width : picture.height,
                                         picture.matrix, picture.full_range));
  libyuv::I420Rotate(picture.planes[0], picture.strides[0], picture.planes[1], picture.strides[1], picture.planes[2],
                     picture.strides[2], target.planes[0], target.strides[0], target.planes[1], target.strides[1],
                     target.planes[2], target.strides[2], picture.width, picture.height,
                     static_cast<libyuv::RotationMode>(degrees));
  return target;
}

std::array<uint8_t, 3> yuv_color(const YuvPicture& picture, uint8_t red, uint8_t green, uint8_t blue) {
  const bool hd = picture.matrix == YuvMatrix::kBt709;
  const double kr = hd ? 0.2126 : 0.299, kb = hd ? 0.0722 : 0.114;
  const double y = kr * red + (1 - kr - kb) * green + kb * blue;
  const double luma_scale = picture.full_range ? 1 : 219.0 / 255, chroma_scale = picture.full_range ? 1 : 224.0 / 255;
  const auto byte = [](double value) { return static_cast<uint8_t>(std::clamp(std::lround(value), 0L, 255L)); };
  return {byte(y * luma_scale + (picture.full_range ? 0 : 16)), byte(128 + (blue - y) / (2 * (1 - kb)) * chroma_scale),
          byte(128 + (red - y) / (2 * (1 - kr)) * chroma_scale)};
}

}  // namespace sixtops::media
