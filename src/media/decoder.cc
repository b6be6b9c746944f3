#include "media/decoder.h"

#include <algorithm>
#include <thread>
#include <vector>

#include "base/error.h"
#include "vision/picture.h"

extern "C" {
#include <libavutil/hwcontext.h>
}

#include <unistd.h>

namespace sixtops::media {
namespace {

constexpr const char* kVaapiDevice = "/dev/dri/renderD128";
// More only add delay and memory. Half of the cores: who decodes has other work for the rest, and each thread costs.
constexpr unsigned kMaxThreads = 4;

AVPixelFormat prefer_vaapi(AVCodecContext*, const AVPixelFormat* formats) {
  for (const AVPixelFormat* f = formats; *f != AV_PIX_FMT_NONE; ++f) {
    if (*f == AV_PIX_FMT_VAAPI) return *f;
  }
  return formats[0];
}

struct Candidate {
  std::string name;
  const AVCodec* codec = nullptr;
  bool vaapi = false;
};

std::vector<Candidate> candidates(AVCodecID id, const std::string& wanted) {
  std::vector<Candidate> list;
  const AVCodec* software = avcodec_find_decoder(id);
  if (!wanted.empty() && wanted != "sw") {
    const AVCodec* codec = avcodec_find_decoder_by_name(wanted.c_str());
    if (codec != nullptr && codec->id == id) list.push_back({wanted, codec});
    return list;
  }
  if (wanted.empty()) {
    const std::string codec_name = avcodec_get_name(id);
    for (const char* family : {"_rkmpp", "_v4l2m2m"}) {
      const AVCodec* codec = avcodec_find_decoder_by_name((codec_name + family).c_str());
      if (codec != nullptr) list.push_back({codec->name, codec});
    }
    if (software != nullptr && access(kVaapiDevice, R_OK | W_OK) == 0) {
      list.push_back({codec_name + " (vaapi)", software, true});
    }
  }
  if (software != nullptr) list.push_back({software->name, software});
  return list;
}

LibavPtr<AVCodecContext> try_open(const Candidate& candidate, const AVCodecParameters& parameters, bool live) {
  LibavPtr<AVCodecContext> context(avcodec_alloc_context3(candidate.codec));
  if (context == nullptr || avcodec_parameters_to_context(context.get(), &parameters) < 0) return nullptr;
  context->max_pixels = vision::kMaxPicturePixels;
  if (live) {
    context->thread_count = 1;
  } else {
    context->thread_count = static_cast<int>(std::clamp(std::thread::hardware_concurrency() / 2, 1U, kMaxThreads));
  }
  if (candidate.vaapi) {
    if (av_hwdevice_ctx_create(&context->hw_device_ctx, AV_HWDEVICE_TYPE_VAAPI, kVaapiDevice, nullptr, 0) < 0) {
      return nullptr;
    }
    context->get_format = prefer_vaapi;
  }
  return avcodec_open2(context.get(), candidate.codec, nullptr) < 0 ? nullptr : std::move(context);
}

}  // namespace

Result<std::unique_ptr<Decoder>> Decoder::open(const AVCodecParameters& parameters, const DecoderOptions& options) {
  for (const Candidate& candidate : candidates(parameters.codec_id, options.name)) {
    LibavPtr<AVCodecContext> context = try_open(candidate, parameters, options.live);
    if (context != nullptr) return std::unique_ptr<Decoder>(new Decoder(std::move(context), candidate.name));
  }
  const char* codec = avcodec_get_name(parameters.codec_id);
  if (!options.name.empty())
    return unsupported("decoder '{}' cannot be opened for a stream of {}", options.name, codec);
  return unsupported("no decoder opens for codec '{}'; convert the video to H.264 or H.265", codec);
}

void Decoder::send(AVPacket* packet, int64_t arrival_us) {
  context_->reordered_opaque = arrival_us;
  const int code = avcodec_send_packet(context_.get(), packet);
  if (code < 0 && code != AVERROR_EOF) ++damaged_;
}

bool Decoder::receive(AVFrame& frame) {
  while (true) {
    const int code = avcodec_receive_frame(context_.get(), &frame);
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return false;
    if (code >= 0 && (frame.flags & AV_FRAME_FLAG_CORRUPT) == 0 && frame.decode_error_flags == 0) return true;
    ++damaged_;
    if (code < 0) return false;
    av_frame_unref(&frame);
  }
}

}  // namespace sixtops::media
