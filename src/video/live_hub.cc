#include "video/live_hub.h"

#include <algorithm>

namespace sixtops::video {
namespace {

const std::string kName = "live page";

}  // namespace

std::optional<SharedBytes> LiveHub::Viewer::next(media::Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_until(lock, deadline, [this] { return !queue_.empty(); })) return std::nullopt;
  SharedBytes bytes = std::move(queue_.front());
  queue_.pop_front();
  return bytes;
}

class LiveHub::Packets : public OptionalSink {
 public:
  explicit Packets(std::shared_ptr<LiveHub> hub) : hub_(std::move(hub)) {}
  const std::string& name() const override { return kName; }
  bool wants_packets() const override { return hub_->viewers() > 0; }
  bool wants_key() override { return hub_->take_key_wish(); }
  Status begin(const media::StreamFormat& format) override { return hub_->begin(format); }
  Status write(const media::Packet& packet) override { return hub_->write(packet); }
  Status finish() override { return {}; }

 private:
  std::shared_ptr<LiveHub> hub_;
};

class LiveHub::Pictures : public media::PictureSink {
 public:
  explicit Pictures(std::shared_ptr<LiveHub> hub) : hub_(std::move(hub)) {}
  const std::string& name() const override { return kName; }
  Status write(const media::YuvPicture& picture, int64_t number) override {
    hub_->show(picture, number);
    return {};
  }

 private:
  std::shared_ptr<LiveHub> hub_;
};

std::unique_ptr<OptionalSink> LiveHub::packet_sink() { return std::make_unique<Packets>(shared_from_this()); }
std::unique_ptr<media::PictureSink> LiveHub::picture_sink() { return std::make_unique<Pictures>(shared_from_this()); }

std::shared_ptr<LiveHub::Viewer> LiveHub::add_viewer() {
  auto viewer = std::make_shared<Viewer>();
  const std::lock_guard lock(mutex_);
  if (muxer_ != nullptr) viewer->queue_.push_back(muxer_->header());
  viewers_.push_back(viewer);
  key_wished_ = true;
  return viewer;
}

size_t LiveHub::viewers() const {
  const std::lock_guard lock(mutex_);
  return static_cast<size_t>(
      std::count_if(viewers_.begin(), viewers_.end(), [](const auto& viewer) { return !viewer.expired(); }));
}

int64_t LiveHub::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

bool LiveHub::take_key_wish() {
  const std::lock_guard lock(mutex_);
  return std::exchange(key_wished_, false);
}

Status LiveHub::begin(const media::StreamFormat& format) {
  std::unique_ptr<media::FragmentMuxer> muxer = TRY(media::FragmentMuxer::open(format));
  const std::lock_guard lock(mutex_);
  muxer_ = std::move(muxer);
  mime_ = format.mime;
  key_before_ = false;
  for (const auto& weak : viewers_) {
    const std::shared_ptr<Viewer> viewer = weak.lock();
    if (viewer == nullptr) continue;
    const std::lock_guard viewer_lock(viewer->mutex_);
    viewer->queue_ = {muxer_->header()};
    viewer->needs_key_ = true;
    viewer->changed_.notify_one();
  }
  changed_.notify_all();
  return {};
}

Status LiveHub::write(const media::Packet& packet) {
  const std::lock_guard lock(mutex_);
  const SharedBytes fragment = TRY(muxer_->write(packet));
  const bool key = std::exchange(key_before_, packet.key);
  if (fragment.empty()) return {};
  std::erase_if(viewers_, [&](const std::weak_ptr<Viewer>& weak) {
    const std::shared_ptr<Viewer> viewer = weak.lock();
    if (viewer == nullptr) return true;
    const std::lock_guard viewer_lock(viewer->mutex_);
    if (viewer->queue_.size() >= kMaxQueued) {
      dropped_ += static_cast<int64_t>(viewer->queue_.size());
      viewer->queue_.clear();
      viewer->needs_key_ = true;
    }
    if (key) viewer->needs_key_ = false;
    if (viewer->needs_key_) return false;
    viewer->queue_.push_back(fragment);
    viewer->changed_.notify_one();
    return false;
  });
  return {};
}

void LiveHub::show(const media::YuvPicture& picture, int64_t) {
  const std::lock_guard lock(mutex_);
  still_ = {picture, ++stills_};
  changed_.notify_all();
}

std::optional<std::string> LiveHub::mime(media::Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_until(lock, deadline, [this] { return !mime_.empty(); })) return std::nullopt;
  return mime_;
}

std::optional<LiveHub::Still> LiveHub::next_still(int64_t after, media::Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_until(lock, deadline, [&] { return still_.number > after; })) return std::nullopt;
  return still_;
}

}  // namespace sixtops::video
