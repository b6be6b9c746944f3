#include "media/libav_source.h"

#include <fmt/core.h>

#include <cmath>
#include <filesystem>

#include "base/error.h"
#include "media/decoder.h"
#include "media/escape_password.h"
#include "media/libav_picture.h"
#include "media/pts_normalizer.h"
#include "media/redact.h"

extern "C" {
#include <libavdevice/avdevice.h>
#include <libavutil/display.h>
}

namespace sixtops::media {
namespace {

constexpr AVRational kMicroseconds = {1, 1'000'000};
constexpr int kMaxBrokenReads = 100;  // one after another, then the file is given up
constexpr double kDefaultFps = 25;

// What FFmpeg is told to open.
struct Input {
  std::string url;
  std::string format;     // empty: told from the content
  std::string protocols;  // a playlist or SDP must not lead anywhere else
  std::string size;       // of a camera
  std::string rate;
  bool live = false;
  bool network = false;
};

bool begins(const std::string& text, std::string_view with) { return text.rfind(with, 0) == 0; }

// "usb:0:1280x720@30" and "/dev/video0".
Input camera_input(const std::string& url) {
  Input input;
  input.format = "video4linux2";
  input.live = true;
  input.protocols = "file";
  input.url = url;
  if (!begins(url, "usb:")) return input;
  const std::string rest = url.substr(4);
  const size_t colon = rest.find(':');
  input.url = "/dev/video" + rest.substr(0, colon);
  if (colon == std::string::npos) return input;
  const std::string mode = rest.substr(colon + 1);
  const size_t at = mode.find('@');
  input.size = mode.substr(0, at);
  if (at != std::string::npos) input.rate = mode.substr(at + 1);
  return input;
}

Input input_of(const std::string& url) {
  if (begins(url, "usb:") || begins(url, "/dev/video")) return camera_input(url);
  Input input;
  input.url = url;
  if (begins(url, "rtsp://") || begins(url, "rtsps://")) {
    input.format = "rtsp";
    input.url = with_escaped_password(url);
    input.protocols = "rtsp,rtsps,rtp,srtp,udp,tcp,tls,crypto";
    input.live = input.network = true;
  } else if (begins(url, "http://") || begins(url, "https://")) {
    input.protocols = "http,https,tcp,tls,crypto";
    input.url = with_escaped_password(url);
    input.network = true;
  } else {
    input.url = "file:" + url;
    input.protocols = "file,crypto,data";
  }
  return input;
}

std::string reason_of(int code, bool timed_out, bool network) {
  if (timed_out) return "nothing came in time";
  switch (code) {
    case AVERROR_HTTP_UNAUTHORIZED:
      return "401, the user name or password is wrong or missing";
    case AVERROR_HTTP_FORBIDDEN:
      return "403, access is forbidden";
    case AVERROR_HTTP_NOT_FOUND:
      return "404, there is no such stream";
    case AVERROR_EOF:
      return network ? "the connection was closed" : "the file is empty";
    case AVERROR_INVALIDDATA:
      return "this is no video that FFmpeg can read";
    case AVERROR_PROTOCOL_NOT_FOUND:
      return "this protocol is not supported";
    default:
      return libav_error(code);
  }
}

int clockwise_turn(const AVStream& stream) {
  size_t size = 0;
  const uint8_t* matrix = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
  if (matrix == nullptr || size < 9 * sizeof(int32_t)) return 0;
  const double counter_clockwise = av_display_rotation_get(reinterpret_cast<const int32_t*>(matrix));
  if (std::isnan(counter_clockwise)) return 0;
  const auto quarters = static_cast<int>(std::lround(-counter_clockwise / 90));
  return (quarters % 4 + 4) % 4 * 90;
}

int64_t microseconds_of(Clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

class LibavSource : public Source {
 public:
  explicit LibavSource(const SourceOptions& options) : interrupt_(options.stop), input_(input_of(options.url)) {
    info_.name = redacted(options.url);
    info_.live = input_.live;
  }

  Status open(const SourceOptions& options, Clock::time_point deadline, SourceFailure& failure);
  Result<std::optional<Frame>> read(Clock::time_point deadline) override;
  int64_t damaged() const override { return decoder_->damaged() + broken_reads_; }

 private:
  Status read_packet(Clock::time_point deadline, bool& end);
  Result<Frame> make_frame();

  Interrupt interrupt_;
  Input input_;
  LibavPtr<AVFormatContext> context_;
  int stream_ = -1;
  int turn_ = 0;
  std::unique_ptr<Decoder> decoder_;
  LibavPictureMaker pictures_;
  std::optional<PtsNormalizer> pts_;
  LibavPtr<AVPacket> packet_{av_packet_alloc()};
  LibavPtr<AVFrame> frame_{av_frame_alloc()};
  bool draining_ = false;
  int64_t broken_reads_ = 0;
  int broken_in_a_row_ = 0;
  int64_t next_number_ = 0;
};

Status LibavSource::open(const SourceOptions& options, Clock::time_point deadline, SourceFailure& failure) {
  route_libav_log();
  if (input_.format == "video4linux2") avdevice_register_all();
  std::error_code ignored;
  if (begins(input_.url, "file:") && !std::filesystem::exists(options.url, ignored)) {
    return not_found("{}: there is no such file", info_.name);
  }
  AVDictionary* dictionary = nullptr;
  const auto set = [&dictionary](const char* key, const std::string& value) {
    if (!value.empty()) av_dict_set(&dictionary, key, value.c_str(), 0);
  };
  set("protocol_whitelist", input_.protocols);
  set("video_size", input_.size);
  set("framerate", input_.rate);
  if (input_.format == "rtsp") set("rtsp_transport", options.transport);
  // The stream's description says what is in it; looking on costs seconds of a camera's time.
  if (input_.live) set("analyzeduration", "500000");

  interrupt_.arm(deadline);
  AVFormatContext* context = avformat_alloc_context();
  if (context == nullptr) return resource_error("no memory to open {}", info_.name);
  context->interrupt_callback = interrupt_.callback();
  context->flags |= AVFMT_FLAG_DISCARD_CORRUPT;
  int code =
      avformat_open_input(&context, input_.url.c_str(),
                          input_.format.empty() ? nullptr : av_find_input_format(input_.format.c_str()), &dictionary);
  const LibavPtr<AVDictionary> unused_options(dictionary);
  if (code >= 0) {
    context_.reset(context);
    code = avformat_find_stream_info(context, nullptr);
  }
  if (code < 0) {
    if (code == AVERROR_HTTP_UNAUTHORIZED || code == AVERROR_HTTP_FORBIDDEN) failure = SourceFailure::kAccessDenied;
    const std::string reason = reason_of(code, interrupt_.fired(), input_.network);
    const bool bad_content = !input_.live && code == AVERROR_INVALIDDATA && !interrupt_.fired();
    return make_error(bad_content ? StatusCode::kInvalidData : StatusCode::kIo, "{}: {}", info_.name, reason);
  }
  stream_ = av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (stream_ < 0)
    return invalid_data("{}: there is no video in it, only {} other streams", info_.name, context->nb_streams);
  for (unsigned i = 0; i < context->nb_streams; ++i) {
    if (static_cast<int>(i) != stream_) context->streams[i]->discard = AVDISCARD_ALL;
  }
  const AVStream& stream = *context->streams[stream_];
  Result<std::unique_ptr<Decoder>> decoder = Decoder::open(*stream.codecpar, {options.decoder, input_.live});
  if (!decoder.ok()) return decoder.status().with_prefix(info_.name + ": ");
  decoder_ = std::move(decoder).value();
  turn_ = clockwise_turn(stream);
  const AVRational rate = av_guess_frame_rate(context, const_cast<AVStream*>(&stream), nullptr);
  info_.fps = rate.num > 0 && rate.den > 0 ? av_q2d(rate) : kDefaultFps;
  info_.width = turn_ % 180 == 0 ? stream.codecpar->width : stream.codecpar->height;
  info_.height = turn_ % 180 == 0 ? stream.codecpar->height : stream.codecpar->width;
  info_.frames = input_.live ? 0 : stream.nb_frames;
  info_.codec = avcodec_get_name(stream.codecpar->codec_id);
  info_.decoder = decoder_->name();
  pts_.emplace(std::max<int64_t>(1, static_cast<int64_t>(1e6 / info_.fps)), input_.live);
  failure = SourceFailure::kNone;
  return {};
}

Status LibavSource::read_packet(Clock::time_point deadline, bool& end) {
  interrupt_.arm(deadline);
  while (true) {
    const int code = av_read_frame(context_.get(), packet_.get());
    // FFmpeg may answer a wait that was broken off with the packet that it had begun to put together: a live source has
    // stalled all the same.
    if (interrupt_.fired() && (code < 0 || input_.live)) return io_error("{}: nothing came in time", info_.name);
    if (code >= 0) {
      broken_in_a_row_ = 0;
      if (packet_->stream_index == stream_) return {};
      av_packet_unref(packet_.get());
      continue;
    }
    if (code == AVERROR_EOF && !input_.live) {
      end = true;
      return {};
    }
    if (code == AVERROR_EOF) return io_error("{}: the connection was closed", info_.name);
    if (code == AVERROR(EAGAIN)) continue;
    ++broken_reads_;
    if (code != AVERROR_INVALIDDATA || ++broken_in_a_row_ > kMaxBrokenReads) {
      return io_error("{}: {}", info_.name, libav_error(code));
    }
  }
}

Result<Frame> LibavSource::make_frame() {
  Frame frame;
  Result<YuvPicture> picture = pictures_.make(*frame_, turn_);
  if (!picture.ok()) return picture.status().with_prefix(info_.name + ": ");
  frame.picture = std::move(picture).value();
  const int64_t stamp = frame_->best_effort_timestamp;
  std::optional<int64_t> pts_us;
  if (stamp != AV_NOPTS_VALUE) pts_us = av_rescale_q(stamp, context_->streams[stream_]->time_base, kMicroseconds);
  const int64_t arrival_us = frame_->reordered_opaque;
  frame.pts_us = pts_->next(pts_us, arrival_us);
  frame.arrival = Clock::time_point(std::chrono::microseconds(arrival_us));
  frame.number = next_number_++;
  av_frame_unref(frame_.get());
  return frame;
}

Result<std::optional<Frame>> LibavSource::read(Clock::time_point deadline) {
  while (true) {
    if (decoder_->receive(*frame_)) return std::optional<Frame>(TRY(make_frame()));
    if (draining_) return std::optional<Frame>();
    bool end = false;
    TRY(read_packet(deadline, end));
    if (end) {
      draining_ = true;
      decoder_->send(nullptr, 0);
      continue;
    }
    decoder_->send(packet_.get(), microseconds_of(Clock::now()));
    av_packet_unref(packet_.get());
  }
}

}  // namespace

Result<std::unique_ptr<Source>> open_libav_source(const SourceOptions& options, Clock::time_point deadline,
                                                  SourceFailure& failure) {
  auto source = std::make_unique<LibavSource>(options);
  TRY(source->open(options, deadline, failure));
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace sixtops::media
