// What a stream sees, as lines of JSON without a line end; app/video/json_lines.h shows them.
#pragma once

#include <string>
#include <vector>

#include "video/observer.h"

namespace sixtops::video {

std::string frame_line(const FrameReport& report, const std::vector<std::string>& labels);
std::string crossing_line(const std::string& stream, const vision::Crossing& crossing, int64_t pts_us,
                          const std::vector<std::string>& labels);
std::string state_line(const std::string& stream, StreamState state, const std::string& reason);
std::string sink_failure_line(const std::string& stream, const std::string& sink, const std::string& reason);

// An array of all streams, for a page or a program.
std::string statistics_json(const std::vector<StreamStatistics>& streams);

}  // namespace sixtops::video
