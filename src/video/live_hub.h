// One stream for those who look at it now: any number of viewers come and go, and none can slow the stream.
//
// A viewer has a queue of its own. One that is too slow loses what waits and goes on at the next key picture. Thread
// safety: all of it.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "media/fragment_muxer.h"
#include "media/frame.h"
#include "video/output.h"

namespace sixtops::video {

class LiveHub : public std::enable_shared_from_this<LiveHub> {
 public:
  class Viewer {
   public:
    // The next bytes of the MP4 stream; nothing when the deadline passes.
    std::optional<SharedBytes> next(media::Clock::time_point deadline);

   private:
    friend class LiveHub;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<SharedBytes> queue_;
    bool needs_key_ = true;
  };

  // To be given to the stream's output; they share the hub.
  std::unique_ptr<OptionalSink> packet_sink();
  std::unique_ptr<media::PictureSink> picture_sink();

  // The viewer leaves when its owner drops it.
  std::shared_ptr<Viewer> add_viewer();
  size_t viewers() const;
  int64_t dropped() const;  // fragments that slow viewers lost

  // Of the stream now; waits for the encoder's first picture.
  std::optional<std::string> mime(media::Clock::time_point deadline);

  // The newest picture with a number above `after`; nothing when the deadline passes.
  struct Still {
    media::YuvPicture picture;
    int64_t number = -1;
  };
  std::optional<Still> next_still(int64_t after, media::Clock::time_point deadline);

 private:
  class Packets;
  class Pictures;

  Status begin(const media::StreamFormat& format);
  Status write(const media::Packet& packet);
  void show(const media::YuvPicture& picture, int64_t number);
  bool take_key_wish();

  static constexpr size_t kMaxQueued = 60;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::weak_ptr<Viewer>> viewers_;
  std::unique_ptr<media::FragmentMuxer> muxer_;
  std::string mime_;
  bool key_before_ = false;  // the muxer keeps one packet back: its kind
  bool key_wished_ = false;
  int64_t dropped_ = 0;
  Still still_;
  int64_t stills_ = 0;
};

}  // namespace sixtops::video
