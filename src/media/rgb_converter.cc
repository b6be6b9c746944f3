#include "media/rgb_converter.h"

#include <cstring>

#include "base/error.h"

extern "C" {
#include <libswscale/swscale.h>
}

namespace sixtops::media {
namespace {

// swscale's vector code writes whole blocks of 16 pixels, 16 bytes at a time: it leaves the last block of a row out
// where the stride has no room for it, and behind the last row it writes into what follows.
constexpr int kBlockPixels = 16;
constexpr int kStoreBytes = 16;

// In `picture`, unless it has this size already.
Status make_room(int width, int height, vision::Picture& picture) {
  if (picture.width == width && picture.height == height) return {};
  picture = TRY(vision::make_picture(width, height));
  picture.stride_bytes = (width + kBlockPixels - 1) / kBlockPixels * kBlockPixels * 3 + kStoreBytes;
  picture.rgb.resize(static_cast<size_t>(picture.stride_bytes) * static_cast<size_t>(height));
  return {};
}

}  // namespace

RgbConverter::~RgbConverter() {
  sws_freeContext(scaler_);
  sws_freeContext(lines_scaler_);
}

Status RgbConverter::convert_lines(SwsContext*& scaler, const Lines& lines, const YuvPicture& colors, uint8_t* target,
                                   int target_stride) {
  scaler = sws_getCachedContext(scaler, lines.width, lines.height, static_cast<AVPixelFormat>(lines.pixel_format),
                                lines.width, lines.height, AV_PIX_FMT_RGB24, SWS_BICUBIC, nullptr, nullptr, nullptr);
  if (scaler == nullptr) return resource_error("no memory to convert a picture to RGB");
  const int* coefficients = sws_getCoefficients(colors.matrix == YuvMatrix::kBt709 ? SWS_CS_ITU709 : SWS_CS_ITU601);
  sws_setColorspaceDetails(scaler, coefficients, colors.full_range ? 1 : 0, coefficients, 1, 0, 1 << 16, 1 << 16);
  const uint8_t* const planes[] = {lines.planes[0], lines.planes[1], lines.planes[2], nullptr};
  const int strides[] = {lines.strides[0], lines.strides[1], lines.strides[2], 0};
  uint8_t* const targets[] = {target, nullptr, nullptr, nullptr};
  const int target_strides[] = {target_stride, 0, 0, 0};
  sws_scale(scaler, planes, strides, 0, lines.height, targets, target_strides);
  return {};
}

Result<const vision::Picture*> RgbConverter::convert(const YuvPicture& picture) {
  TRY(make_room(picture.width, picture.height, rgb_));
  const Lines all{AV_PIX_FMT_YUV420P,
                  picture.width,
                  picture.height,
                  {picture.planes[0], picture.planes[1], picture.planes[2]},
                  picture.strides};
  TRY(convert_lines(scaler_, all, picture, rgb_.rgb.data(), rgb_.stride_bytes));
  return &rgb_;
}

// For other sizes swscale has another converter, which mixes the chroma of neighbours.
bool RgbConverter::has_middles(const YuvPicture& picture, int step) {
  return step % 2 == 1 && picture.width % (2 * step) == 0 && picture.height % (4 * step) == 0;
}

// swscale makes each line of its luma and its chroma alone. Of the wanted lines, each second one has its chroma at the
// same distance from the last, so they are two pictures with long strides and a line of chroma each.
Result<const vision::Picture*> RgbConverter::convert_middles(const YuvPicture& picture, int step) {
  const int width = picture.width / step, height = picture.height / step;
  TRY(make_room(picture.width, height, lines_));
  TRY(make_room(width, height, rgb_));
  for (int first = 0; first < 2; ++first) {
    const int from = first * step + step / 2;
    const Lines lines{AV_PIX_FMT_YUV422P,
                      picture.width,
                      height / 2,
                      {picture.row(0, from), picture.row(1, from / 2), picture.row(2, from / 2)},
                      {2 * step * picture.strides[0], step * picture.strides[1], step * picture.strides[2]}};
    TRY(convert_lines(lines_scaler_, lines, picture, lines_.row(first), 2 * lines_.stride_bytes));
  }
  for (int y = 0; y < height; ++y) {
    const uint8_t* from = lines_.row(y) + 3 * (step / 2);
    uint8_t* to = rgb_.row(y);
    // Four bytes at a time: the fourth is overwritten by the next pixel, and behind the last one there is room.
    for (int x = 0; x < width; ++x, from += 3 * step, to += 3) std::memcpy(to, from, 4);
  }
  return &rgb_;
}

}  // namespace sixtops::media
