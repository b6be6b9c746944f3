#include "media/mux_sink.h"

#include "base/error.h"
#include "base/log.h"
#include "media/free_name.h"
#include "media/libav.h"
#include "media/redact.h"

namespace sixtops::media {
namespace {

constexpr AVRational kMicroseconds = {1, 1'000'000};
constexpr auto kOpenTime = std::chrono::seconds(5);
constexpr auto kWriteTime = std::chrono::seconds(3);
constexpr const char* kFragmentUs = "500000";

class MuxSink : public PacketSink {
 public:
  MuxSink(const SinkOptions& options, const std::string& format)
      : options_(options),
        format_(format),
        name_(redacted(options.url)),
        // A file is finished when everything stops; a server is not waited for.
        interrupt_(format == "rtsp" ? options.stop : std::stop_token()) {}
  ~MuxSink() override { close(); }

  const std::string& name() const override { return name_; }
  Status begin(const StreamFormat& format) override;
  Status write(const Packet& packet) override;
  Status finish() override;

 private:
  bool is_file() const { return format_ != "rtsp"; }
  Status failed(int code);
  void close();

  SinkOptions options_;
  std::string format_;
  std::string name_;
  Interrupt interrupt_;
  AVFormatContext* context_ = nullptr;
  bool header_written_ = false;
  int index_ = 0;  // of the file in its series
  LibavPtr<AVPacket> packet_{av_packet_alloc()};
};

Status MuxSink::failed(int code) {
  if (interrupt_.fired()) return io_error("{}: it did not take the data in time", name_);
  return io_error("{}: {}", name_, libav_error(code));
}

void MuxSink::close() {
  if (context_ == nullptr) return;
  if (context_->pb != nullptr && (context_->oformat->flags & AVFMT_NOFILE) == 0) avio_closep(&context_->pb);
  avformat_free_context(context_);
  context_ = nullptr;
  header_written_ = false;
}

Status MuxSink::begin(const StreamFormat& format) {
  route_libav_log();
  if (context_ != nullptr) TRY(finish());
  ++index_;
  std::string url = options_.url;
  if (is_file()) {
    const std::string path = options_.keep_existing ? free_name(url, index_) : numbered_name(url, index_);
    if (index_ > 1) log(LogLevel::kInfo, "{}: goes on in {}", name_, path);
    url = "file:" + path;
  }
  int code = avformat_alloc_output_context2(&context_, nullptr, format_.c_str(), url.c_str());
  if (code < 0) return failed(code);
  context_->interrupt_callback = interrupt_.callback();
  context_->flags |= AVFMT_FLAG_FLUSH_PACKETS;
  interrupt_.arm(Clock::now() + kOpenTime);
  AVStream* stream = avformat_new_stream(context_, nullptr);
  if (stream == nullptr || avcodec_parameters_copy(stream->codecpar, format.parameters.get()) < 0) {
    return resource_error("{}: no memory for its stream", name_);
  }
  stream->codecpar->codec_tag = 0;
  stream->time_base = kMicroseconds;
  stream->avg_frame_rate = av_d2q(format.fps, 100'000);
  AVDictionary* dictionary = nullptr;
  if (format_ == "mp4") {
    av_dict_set(&dictionary, "movflags", "+empty_moov+default_base_moof+frag_keyframe", 0);
    av_dict_set(&dictionary, "frag_duration", kFragmentUs, 0);
    av_dict_set(&dictionary, "video_track_timescale", "1000000", 0);
  } else if (format_ == "rtsp") {
    av_dict_set(&dictionary, "rtsp_transport", "tcp", 0);
  }
  if (is_file()) {
    code = avio_open2(&context_->pb, url.c_str(), AVIO_FLAG_WRITE, &context_->interrupt_callback, nullptr);
  }
  if (code >= 0) code = avformat_write_header(context_, &dictionary);
  av_dict_free(&dictionary);
  if (code < 0) {
    Status status = failed(code);
    close();
    return status;
  }
  header_written_ = true;
  return {};
}

Status MuxSink::write(const Packet& packet) {
  AVPacket& out = *packet_;
  out.data = reinterpret_cast<uint8_t*>(const_cast<std::byte*>(packet.bytes.data()));
  out.size = static_cast<int>(packet.bytes.size());
  out.pts = packet.pts_us;
  out.dts = packet.dts_us;
  out.duration = packet.duration_us;
  out.flags = packet.key ? AV_PKT_FLAG_KEY : 0;
  out.stream_index = 0;
  av_packet_rescale_ts(&out, kMicroseconds, context_->streams[0]->time_base);
  interrupt_.arm(Clock::now() + kWriteTime);
  int code = av_write_frame(context_, &out);
  if (code >= 0 && context_->pb != nullptr) code = context_->pb->error;
  return code < 0 ? failed(code) : Status();
}

Status MuxSink::finish() {
  if (context_ == nullptr) return {};
  int code = 0;
  interrupt_.arm(Clock::now() + kWriteTime);
  if (header_written_) code = av_write_trailer(context_);
  if (code >= 0 && context_->pb != nullptr) code = context_->pb->error;
  Status status = code < 0 ? failed(code) : Status();
  close();
  return status;
}

}  // namespace

std::unique_ptr<PacketSink> make_mux_sink(const SinkOptions& options, const std::string& format) {
  return std::make_unique<MuxSink>(options, format);
}

}  // namespace sixtops::media
