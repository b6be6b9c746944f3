// Events of all streams for those who listen: a queue a listener, the oldest goes when one is too slow.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>

#include "video/observer.h"

namespace sixtops::video {

// Pictures are told at most kFramesPerSecond times a second and stream; a page shows no more. Thread safety: all of it.
class EventHub : public Observer {
 public:
  explicit EventHub(std::vector<std::string> labels) : labels_(std::move(labels)) {}

  class Listener {
   public:
    // A line of JSON; nothing when the deadline passes.
    std::optional<std::string> next(media::Clock::time_point deadline);

   private:
    friend class EventHub;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::string> queue_;
  };

  // Leaves when its owner drops it.
  std::shared_ptr<Listener> add_listener();

  void on_frame(const FrameReport& report) override;
  void on_state(const std::string& stream, StreamState state, const std::string& reason) override;
  void on_sink_failure(const std::string& stream, const std::string& sink, const std::string& reason) override;

 private:
  void tell(const std::string& line);

  static constexpr int kFramesPerSecond = 5;
  static constexpr size_t kMaxQueued = 256;

  std::vector<std::string> labels_;
  std::mutex mutex_;
  std::vector<std::weak_ptr<Listener>> listeners_;
  std::map<std::string, media::Clock::time_point> next_frame_;
};

}  // namespace sixtops::video
