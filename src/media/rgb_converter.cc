#include "media/rgb_converter.h"

#include "base/error.h"

extern "C" {
#include <libswscale/swscale.h>
}

namespace sixtops::media {
namespace {

// swscale's vector code writes whole blocks of 8 pixels, 16 bytes at a time: it leaves the last block of a row out
// where the stride has no room for it, and behind the last row it writes into what follows.
constexpr int kBlockPixels = 8;
constexpr int kStoreBytes = 16;

Result<vision::Picture> picture_with_room(int width, int height) {
  vision::Picture picture = TRY(vision::make_picture(width, height));
  picture.stride_bytes = (width + kBlockPixels - 1) / kBlockPixels * kBlockPixels * 3 + kStoreBytes;
  picture.rgb.resize(static_cast<size_t>(picture.stride_bytes) * static_cast<size_t>(height));
  return picture;
}

}  // namespace

RgbConverter::~RgbConverter() { sws_freeContext(scaler_); }

Result<const vision::Picture*> RgbConverter::convert(const YuvPicture& picture) {
  if (rgb_.width != picture.width || rgb_.height != picture.height) {
    rgb_ = TRY(picture_with_room(picture.width, picture.height));
  }
  scaler_ = sws_getCachedContext(scaler_, picture.width, picture.height, AV_PIX_FMT_YUV420P, picture.width,
                                 picture.height, AV_PIX_FMT_RGB24, SWS_BICUBIC, nullptr, nullptr, nullptr);
  if (scaler_ == nullptr) return resource_error("no memory to convert a picture to RGB");
  const int* coefficients = sws_getCoefficients(picture.matrix == YuvMatrix::kBt709 ? SWS_CS_ITU709 : SWS_CS_ITU601);
  sws_setColorspaceDetails(scaler_, coefficients, picture.full_range ? 1 : 0, coefficients, 1, 0, 1 << 16, 1 << 16);
  const uint8_t* const planes[] = {picture.planes[0], picture.planes[1], picture.planes[2], nullptr};
  const int strides[] = {picture.strides[0], picture.strides[1], picture.strides[2], 0};
  uint8_t* const target[] = {rgb_.rgb.data(), nullptr, nullptr, nullptr};
  const int target_strides[] = {rgb_.stride_bytes, 0, 0, 0};
  sws_scale(scaler_, planes, strides, 0, picture.height, target, target_strides);
  return &rgb_;
}

}  // namespace sixtops::media
