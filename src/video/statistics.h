// What is known of a stream while it runs. Plain values, copied out under a lock.
#pragma once

#include <string>
#include <vector>

#include "video/latency.h"
#include "vision/counting.h"

namespace sixtops::video {

enum class StreamState : uint8_t { kConnecting, kLive, kReconnecting, kAccessDenied, kFailed, kEnded };

const char* state_name(StreamState state);  // "connecting", "live", …

struct StreamStatistics {
  std::string name;
  std::string source;  // without secrets
  StreamState state = StreamState::kConnecting;
  std::string reason;  // why it is not live
  double seconds_in_state = 0;
  bool live_source = false;
  std::string codec, decoder, encoder;
  int width = 0;
  int height = 0;
  int64_t expected_frames = 0;  // of a file, 0 when unknown
  int64_t decoded = 0;
  int64_t skipped = 0;  // by --fps
  int64_t dropped = 0;  // a newer picture came before a detector was free
  int64_t damaged = 0;
  int64_t detected = 0;
  int64_t objects = 0;  // in the last picture
  int64_t reconnects = 0;
  int64_t slates = 0;
  double fps = 0;  // detected, over the last seconds
  LatencyHistogram decode_ms, wait_ms, detect_ms, track_ms, draw_ms, output_ms;
  LatencyHistogram glass_to_box_ms;   // from a picture's arrival until its boxes are known
  LatencyHistogram glass_to_sink_ms;  // until every sink has it
  std::vector<vision::PlaceCount> counts;
};

}  // namespace sixtops::video
