// Where pictures go. Two kinds: sinks of packets share one encoder; sinks of pictures take them as they are.
//
// A sink is used by one thread at a time. After an error it takes no more; its owner drops it, or begins it anew.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "media/packet.h"
#include "media/yuv_picture.h"

namespace sixtops::media {

class PacketSink {
 public:
  virtual ~PacketSink() = default;
  virtual const std::string& name() const = 0;  // without secrets

  // At the beginning, and again when size or codec change: a container begins a new file then. The packet after it is a
  // key picture.
  virtual Status begin(const StreamFormat& format) = 0;
  virtual Status write(const Packet& packet) = 0;
  virtual Status finish() = 0;
};

class PictureSink {
 public:
  virtual ~PictureSink() = default;
  virtual const std::string& name() const = 0;
  virtual Status write(const YuvPicture& picture, int64_t number) = 0;
};

struct SinkOptions {
  std::string url = {};
  bool keep_existing = false;  // a file of that name stays, and "name.2.mp4" is written
  std::stop_token stop = {};
};

// One of the two, by the URL:
//   x.mp4, x.m4v, x.mov   fragmented MP4, playable up to the last fragment (half a second) whatever happens
//   x.mkv, x.ts           the same promise by the format's nature
//   x.h264, x.h265        the bare stream, parameter sets before every key picture
//   rtsp://…              pushed to a server by ANNOUNCE and RECORD, over TCP
//   folder/               JPEG files 00000042.jpg
//   null:                 nowhere; for measurements
struct Sink {
  std::unique_ptr<PacketSink> packets;
  std::unique_ptr<PictureSink> pictures;
};

// kUsage for other URLs. Opens nothing yet.
Result<Sink> make_sink(const SinkOptions& options);

// "h264" or "hevc": what the sink's name asks for; h264 where it does not.
std::string sink_codec(const std::string& url);

}  // namespace sixtops::media
