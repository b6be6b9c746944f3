#include "media/libav_picture.h"

#include "base/error.h"

extern "C" {
#include <libavutil/hwcontext.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

namespace sixtops::media {
namespace {

constexpr int kLinesOfStandardDefinition = 576;

YuvMatrix matrix_of(const AVFrame& frame) {
  switch (frame.colorspace) {
    case AVCOL_SPC_BT709:
    case AVCOL_SPC_BT2020_NCL:  // nearer to BT.709 than to BT.601
    case AVCOL_SPC_BT2020_CL:
      return YuvMatrix::kBt709;
    case AVCOL_SPC_UNSPECIFIED:
      return frame.height > kLinesOfStandardDefinition ? YuvMatrix::kBt709 : YuvMatrix::kBt601;
    default:
      return YuvMatrix::kBt601;
  }
}

bool is_shareable(const AVFrame& frame) {
  return (frame.format == AV_PIX_FMT_YUV420P || frame.format == AV_PIX_FMT_YUVJ420P) && frame.linesize[0] > 0 &&
         frame.linesize[1] > 0 && frame.linesize[2] > 0;
}

bool is_full_range(const AVFrame& frame) {
  return frame.format == AV_PIX_FMT_YUVJ420P || frame.format == AV_PIX_FMT_YUVJ422P ||
         frame.format == AV_PIX_FMT_YUVJ444P || frame.color_range == AVCOL_RANGE_JPEG;
}

Result<YuvPicture> shared(const AVFrame& frame) {
  const std::shared_ptr<AVFrame> reference(av_frame_clone(&frame), [](AVFrame* f) { av_frame_free(&f); });
  if (reference == nullptr) return resource_error("no memory for a picture of {}x{}", frame.width, frame.height);
  YuvPicture picture;
  picture.width = frame.width;
  picture.height = frame.height;
  picture.matrix = matrix_of(frame);
  picture.full_range = is_full_range(frame);
  for (size_t i = 0; i < 3; ++i) {
    picture.planes[i] = reference->data[i];
    picture.strides[i] = reference->linesize[i];
  }
  picture.owner = reference;
  return picture;
}

}  // namespace

LibavPictureMaker::LibavPictureMaker() = default;
LibavPictureMaker::~LibavPictureMaker() { sws_freeContext(scaler_); }

Result<YuvPicture> LibavPictureMaker::convert(const AVFrame& frame) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(format);
  if (description == nullptr || !sws_isSupportedInput(format)) {
    return unsupported("pictures of pixel format '{}' cannot be converted", description ? description->name : "?");
  }
  const bool is_rgb = (description->flags & AV_PIX_FMT_FLAG_RGB) != 0;
  const YuvMatrix matrix = is_rgb ? YuvMatrix::kBt601 : matrix_of(frame);
  const bool full_range = !is_rgb && is_full_range(frame);
  const YuvPicture picture = TRY(make_yuv_picture(frame.width, frame.height, matrix, full_range));
  scaler_ = sws_getCachedContext(scaler_, frame.width, frame.height, format, frame.width, frame.height,
                                 AV_PIX_FMT_YUV420P, SWS_BILINEAR, nullptr, nullptr, nullptr);
  if (scaler_ == nullptr) return resource_error("no converter for pixel format '{}'", description->name);
  const int* coefficients = sws_getCoefficients(matrix == YuvMatrix::kBt709 ? SWS_CS_ITU709 : SWS_CS_ITU601);
  sws_setColorspaceDetails(scaler_, coefficients, is_rgb || full_range ? 1 : 0, coefficients, full_range ? 1 : 0, 0,
                           1 << 16, 1 << 16);
  uint8_t* const planes[] = {picture.planes[0], picture.planes[1], picture.planes[2], nullptr};
  const int strides[] = {picture.strides[0], picture.strides[1], picture.strides[2], 0};
  sws_scale(scaler_, frame.data, frame.linesize, 0, frame.height, planes, strides);
  return picture;
}

Result<YuvPicture> LibavPictureMaker::make(const AVFrame& frame, int clockwise_degrees) {
  TRY(vision::check_picture_size(frame.width, frame.height));
  if (frame.hw_frames_ctx != nullptr) {
    const LibavPtr<AVFrame> copy(av_frame_alloc());
    if (const int code = av_hwframe_transfer_data(copy.get(), &frame, 0); code < 0) {
      return io_error("a picture could not be read from the decoder's memory: {}", libav_error(code));
    }
    copy->colorspace = frame.colorspace;
    copy->color_range = frame.color_range;
    return make(*copy, clockwise_degrees);
  }
  const YuvPicture picture = is_shareable(frame) ? TRY(shared(frame)) : TRY(convert(frame));
  return clockwise_degrees == 0 ? picture : rotated(picture, clockwise_degrees);
}

}  // namespace sixtops::media
