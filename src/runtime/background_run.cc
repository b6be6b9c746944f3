#include "runtime/background_run.h"

namespace sixtops::runtime {

BackgroundRun::~BackgroundRun() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void BackgroundRun::start(std::function<Status()> job) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !job_; });
  job_ = std::move(job);
  if (!thread_.joinable()) thread_ = std::thread(&BackgroundRun::serve, this);
  changed_.notify_all();
}

std::optional<Status> BackgroundRun::wait(std::optional<std::chrono::milliseconds> timeout) {
  std::unique_lock lock(mutex_);
  const auto is_done = [&] { return !job_; };
  if (timeout) {
    if (!changed_.wait_for(lock, *timeout, is_done)) return std::nullopt;
  } else {
    changed_.wait(lock, is_done);
  }
  return answer_;
}

void BackgroundRun::serve() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return ends_ || job_; });
    if (!job_) return;
    lock.unlock();
    Status answer = job_();
    lock.lock();
    answer_ = std::move(answer);
    job_ = nullptr;
    changed_.notify_all();
  }
}

}  // namespace sixtops::runtime
