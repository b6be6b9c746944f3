#include "media/fragment_muxer.h"

#include "base/error.h"
#include "media/libav.h"

namespace sixtops::media {
namespace {

constexpr AVRational kMicroseconds = {1, 1'000'000};
constexpr int kBufferBytes = 1 << 16;

int append(void* target, uint8_t* data, int size) {
  auto& bytes = *static_cast<std::vector<std::byte>*>(target);
  const auto* const first = reinterpret_cast<const std::byte*>(data);
  bytes.insert(bytes.end(), first, first + size);
  return size;
}

}  // namespace

struct FragmentMuxer::State {
  AVFormatContext* context = nullptr;
  std::vector<std::byte> written;
  SharedBytes header;
  LibavPtr<AVPacket> packet{av_packet_alloc()};

  ~State() {
    if (context == nullptr) return;
    if (context->pb != nullptr) {
      av_freep(&context->pb->buffer);
      avio_context_free(&context->pb);
    }
    avformat_free_context(context);
  }

  SharedBytes take() {
    avio_flush(context->pb);
    return SharedBytes::own(std::exchange(written, {}));
  }
};

Result<std::unique_ptr<FragmentMuxer>> FragmentMuxer::open(const StreamFormat& format) {
  route_libav_log();
  auto state = std::make_unique<State>();
  int code = avformat_alloc_output_context2(&state->context, nullptr, "mp4", nullptr);
  if (code < 0) return resource_error("live MP4: {}", libav_error(code));
  auto* const buffer = static_cast<uint8_t*>(av_malloc(kBufferBytes));
  state->context->pb = avio_alloc_context(buffer, kBufferBytes, 1, &state->written, nullptr, append, nullptr);
  AVStream* stream = avformat_new_stream(state->context, nullptr);
  if (state->context->pb == nullptr || stream == nullptr ||
      avcodec_parameters_copy(stream->codecpar, format.parameters.get()) < 0) {
    return resource_error("live MP4: no memory");
  }
  stream->codecpar->codec_tag = 0;
  stream->time_base = kMicroseconds;
  AVDictionary* options = nullptr;
  av_dict_set(&options, "movflags", "+empty_moov+default_base_moof+frag_every_frame+skip_trailer", 0);
  av_dict_set(&options, "video_track_timescale", "1000000", 0);
  code = avformat_write_header(state->context, &options);
  av_dict_free(&options);
  if (code < 0) return io_error("live MP4: {}", libav_error(code));
  state->header = state->take();
  return std::unique_ptr<FragmentMuxer>(new FragmentMuxer(std::move(state)));
}

FragmentMuxer::FragmentMuxer(std::unique_ptr<State> state) : state_(std::move(state)) {}
FragmentMuxer::~FragmentMuxer() = default;
const SharedBytes& FragmentMuxer::header() const { return state_->header; }

Result<SharedBytes> FragmentMuxer::write(const Packet& packet) {
  AVPacket& out = *state_->packet;
  out.data = reinterpret_cast<uint8_t*>(const_cast<std::byte*>(packet.bytes.data()));
  out.size = static_cast<int>(packet.bytes.size());
  out.pts = packet.pts_us;
  out.dts = packet.dts_us;
  out.duration = packet.duration_us;
  out.flags = packet.key ? AV_PKT_FLAG_KEY : 0;
  out.stream_index = 0;
  av_packet_rescale_ts(&out, kMicroseconds, state_->context->streams[0]->time_base);
  if (const int code = av_write_frame(state_->context, &out); code < 0) {
    return io_error("live MP4: {}", libav_error(code));
  }
  return state_->take();
}

}  // namespace sixtops::media
