#include "video/event_hub.h"

#include "video/event_json.h"

namespace sixtops::video {

std::optional<std::string> EventHub::Listener::next(media::Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_until(lock, deadline, [this] { return !queue_.empty(); })) return std::nullopt;
  std::string line = std::move(queue_.front());
  queue_.pop_front();
  return line;
}

std::shared_ptr<EventHub::Listener> EventHub::add_listener() {
  auto listener = std::make_shared<Listener>();
  const std::lock_guard lock(mutex_);
  listeners_.push_back(listener);
  return listener;
}

void EventHub::tell(const std::string& line) {
  const std::lock_guard lock(mutex_);
  std::erase_if(listeners_, [&line](const std::weak_ptr<Listener>& weak) {
    const std::shared_ptr<Listener> listener = weak.lock();
    if (listener == nullptr) return true;
    const std::lock_guard listener_lock(listener->mutex_);
    if (listener->queue_.size() >= kMaxQueued) listener->queue_.pop_front();
    listener->queue_.push_back(line);
    listener->changed_.notify_one();
    return false;
  });
}

void EventHub::on_frame(const FrameReport& report) {
  for (const vision::Crossing& crossing : report.crossings) {
    tell(crossing_line(report.stream, crossing, report.frame.pts_us, labels_));
  }
  {
    const std::lock_guard lock(mutex_);
    media::Clock::time_point& next = next_frame_[report.stream];
    const media::Clock::time_point now = media::Clock::now();
    if (now < next || listeners_.empty()) return;
    next = now + std::chrono::milliseconds(1000 / kFramesPerSecond);
  }
  tell(frame_line(report, labels_));
}

void EventHub::on_state(const std::string& stream, StreamState state, const std::string& reason) {
  tell(state_line(stream, state, reason));
}

void EventHub::on_sink_failure(const std::string& stream, const std::string& sink, const std::string& reason) {
  tell(sink_failure_line(stream, sink, reason));
}

}  // namespace sixtops::video
