// One job at a time on a thread of its own: what lets a run go on while its caller does something else.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "base/status.h"

namespace sixtops::runtime {

// The thread starts with the first job and ends, after its job, with this object. Used by one thread at a time.
class BackgroundRun {
 public:
  BackgroundRun() = default;
  ~BackgroundRun();
  BackgroundRun(const BackgroundRun&) = delete;
  BackgroundRun& operator=(const BackgroundRun&) = delete;

  // Waits for the job before it.
  void start(std::function<Status()> job);

  // The answer of the last job (ok before the first); nothing when it still runs after that time.
  std::optional<Status> wait(std::optional<std::chrono::milliseconds> timeout = std::nullopt);

 private:
  void serve();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<Status()> job_;  // not empty: it waits or runs
  Status answer_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace sixtops::runtime
