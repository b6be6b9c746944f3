#include "media/encoder.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <thread>

#include "base/error.h"
#include "media/libav.h"

extern "C" {
#include <libavutil/opt.h>
}

namespace sixtops::media {
namespace {

constexpr AVRational kMicroseconds = {1, 1'000'000};
constexpr int kMaxThreads = 4;
// Of a picture with a bit rate that is not given, for encoders without constant quality: bits a pixel and second.
constexpr double kBitsPerPixel = 0.08;

int even(int side) { return side + side % 2; }

std::vector<std::string> candidates(const EncoderOptions& options) {
  if (!options.name.empty()) return {options.name};
  const bool h264 = options.codec == "h264";
  return {options.codec + "_rkmpp", options.codec + "_v4l2m2m", h264 ? "libx264" : "libx265",
          h264 ? "libopenh264" : "libkvazaar"};
}

void set_quality(AVCodecContext& context, const std::string& name, int64_t bit_rate) {
  const bool x26x = name == "libx264" || name == "libx265";
  if (x26x) {
    av_opt_set(context.priv_data, "preset", "ultrafast", 0);
    av_opt_set(context.priv_data, "tune", "zerolatency", 0);
  }
  if (name == "libx265") av_opt_set(context.priv_data, "x265-params", "log-level=none", 0);
  if (bit_rate > 0) {
    context.bit_rate = bit_rate;
  } else if (!x26x) {
    context.bit_rate = static_cast<int64_t>(kBitsPerPixel * context.width * context.height * av_q2d(context.framerate));
  }
}

LibavPtr<AVCodecContext> try_open(const std::string& name, const EncoderOptions& options, const YuvPicture& like) {
  const AVCodec* codec = avcodec_find_encoder_by_name(name.c_str());
  if (codec == nullptr) return nullptr;
  LibavPtr<AVCodecContext> context(avcodec_alloc_context3(codec));
  if (context == nullptr) return nullptr;
  const double fps = std::isfinite(options.fps) ? std::clamp(options.fps, 0.1, 1000.0) : 25;
  context->width = even(like.width);
  context->height = even(like.height);
  context->pix_fmt = AV_PIX_FMT_YUV420P;
  context->time_base = kMicroseconds;
  context->framerate = av_d2q(fps, 100'000);
  context->gop_size = std::max(1, static_cast<int>(std::lround(fps * options.key_seconds)));
  context->max_b_frames = 0;
  context->color_range = like.full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  context->colorspace = like.matrix == YuvMatrix::kBt709 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
  context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  context->thread_count = static_cast<int>(std::clamp<unsigned>(std::thread::hardware_concurrency(), 1, kMaxThreads));
  set_quality(*context, name, options.bit_rate);
  return avcodec_open2(context.get(), codec, nullptr) < 0 ? nullptr : std::move(context);
}

SharedBytes copy_bytes(const uint8_t* data, int size) {
  if (data == nullptr || size <= 0) return {};
  const auto* const first = reinterpret_cast<const std::byte*>(data);
  return SharedBytes::own(std::vector<std::byte>(first, first + size));
}

// RFC 6381: the profile, constraint and level bytes of the first sequence parameter set.
std::string mime_of(const SharedBytes& headers, const std::string& codec) {
  if (codec != "h264") return "hev1.1.6.L153.B0";
  const auto byte = [&](size_t at) { return std::to_integer<unsigned>(headers.data()[at]); };
  for (size_t i = 0; i + 6 < headers.size(); ++i) {
    if (byte(i) == 0 && byte(i + 1) == 0 && byte(i + 2) == 1 && (byte(i + 3) & 31) == 7) {
      return fmt::format("avc1.{:02X}{:02X}{:02X}", byte(i + 4), byte(i + 5), byte(i + 6));
    }
  }
  return "avc1.42C01E";
}

}  // namespace

struct Encoder::State {
  LibavPtr<AVCodecContext> context;
  std::string name;
  StreamFormat format;
  YuvPicture like;  // without pixels
  LibavPtr<AVPacket> packet{av_packet_alloc()};

  Result<std::vector<Packet>> drain();
};

Result<std::vector<Packet>> Encoder::State::drain() {
  std::vector<Packet> packets;
  while (true) {
    const int code = avcodec_receive_packet(context.get(), packet.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return packets;
    if (code < 0) return io_error("encoder {}: {}", name, libav_error(code));
    const std::shared_ptr<AVPacket> owner(av_packet_alloc(), [](AVPacket* p) { av_packet_free(&p); });
    if (owner == nullptr) return resource_error("encoder {}: no memory for a packet", name);
    av_packet_move_ref(owner.get(), packet.get());
    Packet out;
    out.bytes = SharedBytes(owner, std::as_bytes(std::span(owner->data, static_cast<size_t>(owner->size))));
    out.pts_us = owner->pts;
    out.dts_us = owner->dts == AV_NOPTS_VALUE ? owner->pts : owner->dts;
    out.duration_us = static_cast<int64_t>(1e6 / format.fps);
    out.key = (owner->flags & AV_PKT_FLAG_KEY) != 0;
    packets.push_back(std::move(out));
  }
}

Result<std::unique_ptr<Encoder>> Encoder::open(const EncoderOptions& options, const YuvPicture& like) {
  route_libav_log();
  TRY(vision::check_picture_size(like.width, like.height));
  for (const std::string& name : candidates(options)) {
    LibavPtr<AVCodecContext> context = try_open(name, options, like);
    if (context == nullptr) continue;
    auto state = std::make_unique<State>();
    const std::shared_ptr<AVCodecParameters> parameters(avcodec_parameters_alloc(), LibavDeleter());
    if (parameters == nullptr || avcodec_parameters_from_context(parameters.get(), context.get()) < 0) {
      return resource_error("encoder {}: no memory for its parameters", name);
    }
    state->name = name;
    state->like = like;
    state->like.owner = nullptr;
    StreamFormat& format = state->format;
    format.parameters = parameters;
    format.headers = copy_bytes(context->extradata, context->extradata_size);
    format.width = context->width;
    format.height = context->height;
    format.fps = av_q2d(context->framerate);
    format.codec = avcodec_get_name(context->codec_id);
    format.mime = mime_of(format.headers, format.codec);
    state->context = std::move(context);
    return std::unique_ptr<Encoder>(new Encoder(std::move(state)));
  }
  if (!options.name.empty()) {
    return unsupported("encoder '{}' is not there or refuses pictures of {}x{}", options.name, like.width, like.height);
  }
  return unsupported("no {} encoder of FFmpeg takes pictures of {}x{}", options.codec, like.width, like.height);
}

Encoder::Encoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
Encoder::~Encoder() = default;
const std::string& Encoder::name() const { return state_->name; }
const StreamFormat& Encoder::format() const { return state_->format; }

bool Encoder::fits(const YuvPicture& picture) const {
  const YuvPicture& like = state_->like;
  return picture.width == like.width && picture.height == like.height && picture.matrix == like.matrix &&
         picture.full_range == like.full_range;
}

Result<std::vector<Packet>> Encoder::encode(const YuvPicture& picture, int64_t pts_us, bool force_key) {
  State& state = *state_;
  const LibavPtr<AVFrame> frame(av_frame_alloc());
  if (frame == nullptr) return resource_error("encoder {}: no memory for a picture", state.name);
  frame->width = state.format.width;
  frame->height = state.format.height;
  frame->format = AV_PIX_FMT_YUV420P;
  frame->pts = pts_us;
  frame->pict_type = force_key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
  for (size_t i = 0; i < 3; ++i) {
    frame->data[i] = picture.planes[i];
    frame->linesize[i] = picture.strides[i];
  }
  // The frame holds a share of the pixels, so that an encoder that keeps it finds them.
  auto* const owner = new std::shared_ptr<void>(picture.owner);
  frame->buf[0] = av_buffer_create(
      picture.planes[0], static_cast<size_t>(picture.strides[0]) * static_cast<size_t>(picture.height),
      [](void* opaque, uint8_t*) { delete static_cast<std::shared_ptr<void>*>(opaque); }, owner,
      AV_BUFFER_FLAG_READONLY);
  if (frame->buf[0] == nullptr) {
    delete owner;
    return resource_error("encoder {}: no memory for a picture", state.name);
  }
  if (const int code = avcodec_send_frame(state.context.get(), frame.get()); code < 0) {
    return io_error("encoder {}: {}", state.name, libav_error(code));
  }
  return state.drain();
}

Result<std::vector<Packet>> Encoder::finish() {
  avcodec_send_frame(state_->context.get(), nullptr);
  return state_->drain();
}

}  // namespace sixtops::media
