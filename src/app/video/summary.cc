#include "app/video/summary.h"

#include <fmt/core.h>

namespace sixtops::app {
namespace {

std::string stage(const char* name, const video::LatencyHistogram& h) {
  if (h.count() == 0) return "";
  return fmt::format("  {:<14} p50 {:8.2f} ms   p99 {:8.2f} ms\n", name, h.percentile(0.5), h.percentile(0.99));
}

}  // namespace

std::string status_text(const video::StreamStatistics& s) {
  std::string text = fmt::format("{:<12} {:<12}", s.name, video::state_name(s.state));
  if (s.state != video::StreamState::kLive && !s.reason.empty()) {
    return text + fmt::format(" {:.0f} s: {}", s.seconds_in_state, s.reason);
  }
  text += fmt::format(" {:5.1f} fps  {:3} objects", s.fps, s.objects);
  if (s.live_source) {
    text += fmt::format("  dropped {}  latency {:.0f} ms (p99 {:.0f})", s.dropped, s.glass_to_box_ms.percentile(0.5),
                        s.glass_to_box_ms.percentile(0.99));
  }
  if (s.expected_frames > 0) {
    text += fmt::format("  {:.0f} %", 100.0 * static_cast<double>(s.detected) / static_cast<double>(s.expected_frames));
  }
  return text;
}

std::string summary_text(const video::Pipeline& pipeline, double wall_seconds) {
  std::string text;
  for (const video::StreamStatistics& s : pipeline.statistics()) {
    text += fmt::format(
        "{}: {} frames, {} detected, {} dropped, {} skipped, {} damaged, {} reconnects; {:.1f} fps; {}x{} {} by {}{}\n",
        s.name, s.decoded, s.detected, s.dropped, s.skipped, s.damaged, s.reconnects,
        static_cast<double>(s.detected) / wall_seconds, s.width, s.height, s.codec.empty() ? "pictures" : s.codec,
        s.decoder.empty() ? "sixtops" : s.decoder, s.encoder.empty() ? "" : ", encoded by " + s.encoder);
    if (s.live_source) text += stage("decode", s.decode_ms);
    text += stage("wait", s.wait_ms) + stage("detect", s.detect_ms) + stage("track", s.track_ms) +
            stage("draw", s.draw_ms) + stage("encode, write", s.output_ms);
    if (s.live_source) text += stage("glass to box", s.glass_to_box_ms) + stage("glass to sink", s.glass_to_sink_ms);
    for (const vision::PlaceCount& place : s.counts) {
      text += place.is_zone
                  ? fmt::format("  zone '{}': {} entered, {} left\n", place.name, place.in, place.out)
                  : fmt::format("  line '{}': {} to the right, {} to the left\n", place.name, place.in, place.out);
    }
  }
  return text + fmt::format("{} runs of the network; at least one in flight {:.1f} % of the time\n", pipeline.runs(),
                            100 * pipeline.busy_share());
}

std::string cpu_text(double process_seconds, double network_seconds) {
  return fmt::format("CPU time {:.2f} s, of which {:.2f} s in the network\n", process_seconds, network_seconds);
}

}  // namespace sixtops::app
