// Those who want to hear what a stream sees: the event file, the page, a program.
#pragma once

#include <span>
#include <string>

#include "media/frame.h"
#include "video/statistics.h"
#include "vision/tracker.h"

namespace sixtops::video {

// Of one picture. Spans are valid during the call.
struct FrameReport {
  const std::string& stream;
  const media::Frame& frame;
  std::span<const vision::Detection> detections;  // filtered; of a tracking stream, those of its tracks
  std::span<const vision::Track> tracks;          // empty without tracking
  std::span<const vision::Crossing> crossings;
};

// Called by the threads of all streams, so it must lock what it shares. It holds the stream up while it runs.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_frame(const FrameReport&) {}
  virtual void on_state(const std::string& /*stream*/, StreamState, const std::string& /*reason*/) {}
  virtual void on_sink_failure(const std::string& /*stream*/, const std::string& /*sink*/,
                               const std::string& /*reason*/) {}
};

}  // namespace sixtops::video
