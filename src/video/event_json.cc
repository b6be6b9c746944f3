#include "video/event_json.h"

#include <fmt/core.h>

#include <chrono>
#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>

#include "vision/labels.h"

namespace sixtops::video {
namespace {

using Json = nlohmann::ordered_json;

// RFC 3339, in milliseconds.
std::string now_text() {
  const auto now = std::chrono::system_clock::now();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  const std::time_t seconds = ms / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[32];
  std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
  return fmt::format("{}.{:03}Z", text, ms % 1000);
}

std::string line(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

// Pixels and scores need no more digits than these.
double rounded(double value, double steps) { return std::round(value * steps) / steps; }

double seconds(int64_t us) { return static_cast<double>(us) / 1e6; }

Json latency(const LatencyHistogram& histogram) {
  return {{"p50", rounded(histogram.percentile(0.5), 100)}, {"p99", rounded(histogram.percentile(0.99), 100)}};
}

}  // namespace

std::string frame_line(const FrameReport& report, const std::vector<std::string>& labels) {
  Json list = Json::array();
  for (size_t i = 0; i < report.detections.size(); ++i) {
    const vision::Detection& d = report.detections[i];
    Json object = {
        {"class", d.class_id},
        {"label", vision::label_of(labels, d.class_id)},
        {"score", rounded(d.score, 1e4)},
        {"box",
         {rounded(d.box.left, 100), rounded(d.box.top, 100), rounded(d.box.right, 100), rounded(d.box.bottom, 100)}}};
    if (i < report.tracks.size()) object["id"] = report.tracks[i].id;
    list.push_back(std::move(object));
  }
  return line({{"stream", report.stream},
               {"frame", report.frame.number},
               {"pts", seconds(report.frame.pts_us)},
               {"detections", std::move(list)}});
}

std::string crossing_line(const std::string& stream, const vision::Crossing& crossing, int64_t pts_us,
                          const std::vector<std::string>& labels) {
  return line({{"stream", stream},
               {"event", "crossing"},
               {"kind", vision::crossing_name(crossing.kind)},
               {"place", crossing.place},
               {"id", crossing.track_id},
               {"label", vision::label_of(labels, crossing.class_id)},
               {"pts", seconds(pts_us)},
               {"time", now_text()}});
}

std::string state_line(const std::string& stream, StreamState state, const std::string& reason) {
  return line(
      {{"stream", stream}, {"event", "state"}, {"state", state_name(state)}, {"reason", reason}, {"time", now_text()}});
}

std::string sink_failure_line(const std::string& stream, const std::string& sink, const std::string& reason) {
  return line({{"stream", stream}, {"event", "sink"}, {"sink", sink}, {"reason", reason}, {"time", now_text()}});
}

std::string statistics_json(const std::vector<StreamStatistics>& streams) {
  Json all = Json::array();
  for (const StreamStatistics& s : streams) {
    Json places = Json::array();
    for (const vision::PlaceCount& place : s.counts) {
      Json entry = {{"name", place.name}, {"in", place.in}, {"out", place.out}};
      if (place.is_zone) entry["inside"] = place.inside;
      places.push_back(std::move(entry));
    }
    all.push_back({{"name", s.name},
                   {"source", s.source},
                   {"state", state_name(s.state)},
                   {"reason", s.reason},
                   {"seconds_in_state", rounded(s.seconds_in_state, 10)},
                   {"width", s.width},
                   {"height", s.height},
                   {"codec", s.codec},
                   {"decoder", s.decoder},
                   {"encoder", s.encoder},
                   {"fps", rounded(s.fps, 10)},
                   {"decoded", s.decoded},
                   {"detected", s.detected},
                   {"dropped", s.dropped},
                   {"skipped", s.skipped},
                   {"damaged", s.damaged},
                   {"reconnects", s.reconnects},
                   {"objects", s.objects},
                   {"latency_ms", latency(s.glass_to_box_ms)},
                   {"places", std::move(places)}});
  }
  return line(all);
}

}  // namespace sixtops::video
