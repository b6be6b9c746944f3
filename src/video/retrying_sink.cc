#include "video/retrying_sink.h"

#include "base/log.h"

namespace sixtops::video {

RetryingSink::RetryingSink(std::unique_ptr<media::PacketSink> sink, std::chrono::milliseconds retry_limit)
    : sink_(std::move(sink)),
      name_(sink_->name()),
      retry_(retry_limit),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

RetryingSink::~RetryingSink() {
  thread_.request_stop();
  thread_.join();
}

Status RetryingSink::begin(const media::StreamFormat& format) {
  const std::lock_guard lock(mutex_);
  items_.push_back({format, {}});
  need_key_ = true;
  changed_.notify_one();
  return {};
}

Status RetryingSink::write(const media::Packet& packet) {
  const std::lock_guard lock(mutex_);
  if (packet.key) need_key_ = false;
  if (items_.size() >= kMaxItems) {
    const size_t before = items_.size();
    std::erase_if(items_, [](const Item& item) { return !item.format.has_value(); });
    dropped_ += static_cast<int64_t>(before - items_.size());
    need_key_ = !packet.key;
  }
  if (need_key_) {
    ++dropped_;
    return {};
  }
  items_.push_back({{}, packet});
  changed_.notify_one();
  return {};
}

Status RetryingSink::finish() {
  thread_.request_stop();
  return {};
}

int64_t RetryingSink::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

Status RetryingSink::put(Item& item) {
  if (item.format) {
    format_ = std::move(item.format);
    begun_ = false;
    return {};
  }
  if (!begun_) {
    if (!item.packet.key) return {};
    TRY(sink_->begin(*format_));
    begun_ = true;
  }
  return sink_->write(item.packet);
}

void RetryingSink::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return !items_.empty(); })) {
    Item item = std::move(items_.front());
    items_.pop_front();
    lock.unlock();
    const Status status = put(item);
    if (status.ok() && begun_) retry_.succeeded();
    if (!status.ok()) {
      log(LogLevel::kWarning, "sink {}; trying again", status.message());
      begun_ = false;
      [[maybe_unused]] const Status ignored = sink_->finish();
    }
    lock.lock();
    if (!status.ok() && stop.stop_requested()) break;
    if (!status.ok()) changed_.wait_for(lock, stop, retry_.next(false), [] { return false; });
  }
  lock.unlock();
  if (!begun_) return;
  [[maybe_unused]] const Status ignored = sink_->finish();
}

}  // namespace sixtops::video
