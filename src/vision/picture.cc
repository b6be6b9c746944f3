#include "vision/picture.h"

#include <new>

#include "base/error.h"

namespace sixtops::vision {

Status check_picture_size(int64_t width, int64_t height) {
  if (width < 1 || height < 1 || width > kMaxPictureSide || height > kMaxPictureSide ||
      width * height > kMaxPicturePixels) {
    return invalid_data("picture of {} x {} pixels; expected sides of 1 to {} and at most {} pixels", width, height,
                        kMaxPictureSide, kMaxPicturePixels);
  }
  return {};
}

Result<Picture> make_picture(int width, int height) {
  TRY(check_picture_size(width, height));
  Picture picture;
  picture.width = width;
  picture.height = height;
  picture.stride_bytes = width * 3;
  try {
    picture.rgb.resize(static_cast<size_t>(picture.stride_bytes) * static_cast<size_t>(height));
  } catch (const std::bad_alloc&) {
    return resource_error("no memory for a picture of {} x {} pixels", width, height);
  }
  return picture;
}

}  // namespace sixtops::vision
