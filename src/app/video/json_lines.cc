#include "app/video/json_lines.h"

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/log.h"
#include "video/event_json.h"

namespace sixtops::app {

Result<std::unique_ptr<JsonLines>> JsonLines::create(const std::string& path, std::vector<std::string> labels,
                                                     bool events) {
  FILE* file = path == "-" ? stdout : std::fopen(path.c_str(), "wb");
  if (file == nullptr) return io_error("{}: {}", path, std::strerror(errno));
  return std::unique_ptr<JsonLines>(new JsonLines(path, file, std::move(labels), events));
}

void JsonLines::write(const std::string& line) {
  const std::lock_guard lock(mutex_);
  if (!status_.ok()) return;
  const bool written = std::fputs((line + "\n").c_str(), file_.get()) >= 0 && std::fflush(file_.get()) == 0;
  if (written) return;
  status_ = io_error("{}: {}", path_, std::strerror(errno));
  log(LogLevel::kError, "{}", status_.message());
}

void JsonLines::on_frame(const video::FrameReport& report) {
  write(video::frame_line(report, labels_));
  if (!events_) return;
  for (const vision::Crossing& crossing : report.crossings) {
    write(video::crossing_line(report.stream, crossing, report.frame.pts_us, labels_));
  }
}

void JsonLines::on_state(const std::string& stream, video::StreamState state, const std::string& reason) {
  if (events_) write(video::state_line(stream, state, reason));
}

void JsonLines::on_sink_failure(const std::string& stream, const std::string& sink, const std::string& reason) {
  if (events_) write(video::sink_failure_line(stream, sink, reason));
}

Status JsonLines::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

}  // namespace sixtops::app
