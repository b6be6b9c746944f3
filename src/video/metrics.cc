#include "video/metrics.h"

#include <fmt/core.h>

#include <functional>

namespace sixtops::video {
namespace {

std::string escaped(const std::string& label) {
  std::string out;
  for (const char c : label) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

}  // namespace

std::string prometheus_text(const std::vector<StreamStatistics>& streams, double busy_share, int64_t runs) {
  std::string text;
  const auto family = [&](const char* name, const char* type, const char* help,
                          const std::function<double(const StreamStatistics&)>& value) {
    text += fmt::format("# HELP sixtops_{0} {2}\n# TYPE sixtops_{0} {1}\n", name, type, help);
    for (const StreamStatistics& s : streams) {
      text += fmt::format("sixtops_{}{{stream=\"{}\"}} {}\n", name, escaped(s.name), value(s));
    }
  };
  const auto count = [](int64_t StreamStatistics::*member) {
    return [member](const StreamStatistics& s) { return static_cast<double>(s.*member); };
  };
  family("stream_up", "gauge", "1 while pictures come in.",
         [](const StreamStatistics& s) { return s.state == StreamState::kLive ? 1 : 0; });
  family("fps", "gauge", "Pictures a second that were looked at.", [](const StreamStatistics& s) { return s.fps; });
  family("frames_decoded_total", "counter", "Pictures decoded.", count(&StreamStatistics::decoded));
  family("frames_detected_total", "counter", "Pictures looked at.", count(&StreamStatistics::detected));
  family("frames_dropped_total", "counter", "Pictures that a newer one replaced.", count(&StreamStatistics::dropped));
  family("frames_damaged_total", "counter", "Pictures and packets dropped as damaged.",
         count(&StreamStatistics::damaged));
  family("reconnects_total", "counter", "Times the source was lost.", count(&StreamStatistics::reconnects));
  family("objects", "gauge", "Objects in the last picture.", count(&StreamStatistics::objects));
  text +=
      "# HELP sixtops_latency_ms From a picture's arrival until its boxes are known.\n"
      "# TYPE sixtops_latency_ms summary\n";
  for (const StreamStatistics& s : streams) {
    const std::string name = escaped(s.name);
    for (const double q : {0.5, 0.99}) {
      text += fmt::format("sixtops_latency_ms{{stream=\"{}\",quantile=\"{}\"}} {:.2f}\n", name, q,
                          s.glass_to_box_ms.percentile(q));
    }
    text += fmt::format(
        "sixtops_latency_ms_sum{{stream=\"{0}\"}} {1:.2f}\nsixtops_latency_ms_count{{stream=\"{0}\"}} {2}\n", name,
        s.glass_to_box_ms.sum_ms(), s.glass_to_box_ms.count());
  }
  text += fmt::format(
      "# HELP sixtops_network_busy_share Share of the time with a run in flight.\n"
      "# TYPE sixtops_network_busy_share gauge\nsixtops_network_busy_share {:.4f}\n"
      "# HELP sixtops_network_runs_total Runs of the network.\n"
      "# TYPE sixtops_network_runs_total counter\nsixtops_network_runs_total {}\n",
      busy_share, runs);
  return text;
}

}  // namespace sixtops::video
