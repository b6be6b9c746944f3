#include "video/detector_pool.h"

namespace sixtops::video {

DetectorPool::DetectorPool(std::vector<Detect> detectors) : detectors_(std::move(detectors)) {
  max_ordered_ = detectors_.size() + 2;  // so that a slow encoder holds the detectors up, not memory
  for (const Detect& detect : detectors_) {
    threads_.emplace_back([this, &detect](const std::stop_token& stop) { work(stop, detect); });
  }
}

DetectorPool::~DetectorPool() {
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();
}

int DetectorPool::add_stream(bool live) {
  const std::lock_guard lock(mutex_);
  streams_.emplace_back().live = live;
  return static_cast<int>(streams_.size()) - 1;
}

bool DetectorPool::put(int stream, Job job, int& dropped, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  Stream& s = streams_[static_cast<size_t>(stream)];
  dropped = 0;
  if (s.live) {
    dropped = static_cast<int>(s.waiting.size());
    s.waiting.clear();
  } else if (!room_.wait(lock, stop, [&s] { return s.waiting.size() < kWaitingOfFiles; })) {
    return false;
  }
  s.waiting.push_back(std::make_unique<Job>(std::move(job)));
  lock.unlock();
  work_.notify_one();
  return true;
}

void DetectorPool::close(int stream) {
  const std::lock_guard lock(mutex_);
  streams_[static_cast<size_t>(stream)].closed = true;
  done_.notify_all();
}

std::unique_ptr<Job> DetectorPool::take(int stream, Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  Stream& s = streams_[static_cast<size_t>(stream)];
  const auto ready = [&s] { return !s.ordered.empty() && s.ordered.front()->done; };
  const auto over = [&s] { return s.closed && s.ordered.empty() && s.waiting.empty(); };
  done_.wait_until(lock, deadline, [&] { return ready() || over(); });
  if (!ready()) return nullptr;
  std::unique_ptr<Job> job = std::move(s.ordered.front()->job);
  s.ordered.pop_front();
  lock.unlock();
  work_.notify_one();  // there may be room for a begun picture again
  return job;
}

bool DetectorPool::finished(int stream) const {
  const std::lock_guard lock(mutex_);
  const Stream& s = streams_[static_cast<size_t>(stream)];
  return s.closed && s.waiting.empty() && s.ordered.empty();
}

double DetectorPool::busy_share() const {
  const std::lock_guard lock(mutex_);
  if (!first_begin_ || last_end_ <= *first_begin_) return 0;
  return std::chrono::duration<double>(busy_) / std::chrono::duration<double>(last_end_ - *first_begin_);
}

int64_t DetectorPool::runs() const {
  const std::lock_guard lock(mutex_);
  return runs_;
}

DetectorPool::Stream* DetectorPool::next_stream() {
  for (size_t i = 1; i <= streams_.size(); ++i) {
    const size_t at = (last_served_ + i) % streams_.size();
    Stream& stream = streams_[at];
    if (stream.waiting.empty() || stream.ordered.size() >= max_ordered_) continue;
    last_served_ = at;
    return &stream;
  }
  return nullptr;
}

void DetectorPool::work(const std::stop_token& stop, const Detect& detect) {
  std::unique_lock lock(mutex_);
  while (true) {
    Stream* stream = nullptr;
    if (!work_.wait(lock, stop, [&] { return (stream = next_stream()) != nullptr; })) return;
    const auto entry = std::make_shared<Entry>();
    entry->job = std::move(stream->waiting.front());
    stream->waiting.pop_front();
    stream->ordered.push_back(entry);
    Job& job = *entry->job;
    job.detect_begin = Clock::now();
    if (!first_begin_) first_begin_ = job.detect_begin;
    if (in_flight_++ == 0) busy_since_ = job.detect_begin;
    lock.unlock();
    room_.notify_all();
    job.detections = detect(job.frame.picture);
    job.detect_end = Clock::now();
    lock.lock();
    ++runs_;
    last_end_ = job.detect_end;
    if (--in_flight_ == 0) busy_ += job.detect_end - busy_since_;
    entry->done = true;
    done_.notify_all();
  }
}

}  // namespace sixtops::video
