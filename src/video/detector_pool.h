// The one pool of detectors that all streams share.
//
// Every detector has a thread. Streams take turns: after one was served, the next that has a picture waiting comes, so
// none starves. A live stream keeps its newest picture waiting and drops the older one; another stream waits until
// there is room, and never drops. Results come back in the order of the pictures.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "media/frame.h"
#include "vision/detection.h"

namespace sixtops::video {

using media::Clock;

// Boxes in pixels of the picture. Called by one thread at a time.
using Detect = std::function<Result<std::vector<vision::Detection>>(const media::YuvPicture& picture)>;

struct Job {
  media::Frame frame;
  bool own_pixels = false;  // the picture may be drawn on
  Clock::time_point decoded, detect_begin, detect_end;
  Result<std::vector<vision::Detection>> detections = std::vector<vision::Detection>();
};

class DetectorPool {
 public:
  explicit DetectorPool(std::vector<Detect> detectors);
  ~DetectorPool();  // REQUIRES: every stream is closed
  DetectorPool(const DetectorPool&) = delete;
  DetectorPool& operator=(const DetectorPool&) = delete;

  // Before the first put. Returns the stream's number.
  int add_stream(bool live);

  // How many pictures were dropped to make room: 0 or 1. Waits only for streams that are not live; then false says that
  // `stop` ended the wait and the picture was not taken.
  bool put(int stream, Job job, int& dropped, const std::stop_token& stop);

  // The stream will put no more.
  void close(int stream);

  // The next picture that was looked at; null when the deadline passes, or after the last of a closed stream.
  std::unique_ptr<Job> take(int stream, Clock::time_point deadline);
  bool finished(int stream) const;  // closed, and everything taken

  // Of the time from the first run's begin to the last run's end, the share with a run in flight.
  double busy_share() const;
  int64_t runs() const;

 private:
  struct Entry {
    std::unique_ptr<Job> job;
    bool done = false;
  };

  struct Stream {
    bool live = false;
    bool closed = false;
    std::deque<std::unique_ptr<Job>> waiting;
    std::deque<std::shared_ptr<Entry>> ordered;  // begun, in order
  };

  void work(const std::stop_token& stop, const Detect& detect);
  Stream* next_stream();

  static constexpr size_t kWaitingOfFiles = 3;

  mutable std::mutex mutex_;
  std::condition_variable_any work_;  // a picture waits
  std::condition_variable_any room_;  // a picture was taken
  std::condition_variable_any done_;
  std::deque<Stream> streams_;
  size_t last_served_ = 0;
  size_t max_ordered_ = 0;
  int in_flight_ = 0;
  int64_t runs_ = 0;
  std::optional<Clock::time_point> first_begin_;
  Clock::time_point busy_since_, last_end_;
  Clock::duration busy_{};
  std::vector<Detect> detectors_;
  std::vector<std::jthread> threads_;
};

}  // namespace sixtops::video
