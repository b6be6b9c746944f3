// What `sixtops watch` shall do, from a file:
//
//   model: yolov5n.six            # required; all else may be left out
//   conf: 0.25
//   iou: 0.45
//   sessions: 2                   # networks that run at once
//   serve: 127.0.0.1:8080
//   token: …                      # or token-file: a file that holds it
//   retry-max-ms: 30000
//   json: events.ndjson
//   streams:
//     - name: door
//       source: rtsp://10.0.0.7/stream1
//       password-file: door.password    # "user:password", put into the URL
//       transport: tcp                  # or udp
//       fps: 10
//       track: true
//       classes: [person, car]
//       min-size: 20                    # longer side of a box, pixels; max-size too
//       sinks: [recordings/door.mp4, "rtsp://10.0.0.9/door"]
//       draw: true
//       lines: [{name: gate, from: [0.1, 0.5], to: [0.9, 0.5]}]       # parts of the picture's sides
//       zones: [{name: yard, points: [[0, 0.5], [1, 0.5], [1, 1], [0, 1]]}]
//       masks: [[[0, 0], [0.2, 0], [0.2, 0.2], [0, 0.2]]]             # black before anybody sees them
#pragma once

#include <string>
#include <vector>

#include "app/commands.h"
#include "video/stream.h"

namespace sixtops::app {

struct WatchStream {
  video::StreamOptions options;      // name, source, sinks, lines, zones, masks, sizes, track, max_fps
  std::vector<std::string> classes;  // names; ids need the network
};

struct WatchPlan {
  std::string model;
  SourceOptions source;
  DetectionThresholds thresholds;
  int sessions = 0;
  std::string serve;
  std::string token;
  std::string json_file;
  double seconds = 0;
  std::vector<WatchStream> streams;
};

// From the command line alone, or from the file that it names, whose values the command line's options win over.
// Errors name file, line and key.
Result<WatchPlan> plan_watch(const WatchCommand& command);

// The same of a file's text; name: for messages.
Result<WatchPlan> parse_watch_config(const std::string& text, const std::string& name);

}  // namespace sixtops::app
