// A sink behind a queue and a thread: it may be slow, fail and come back without holding up the stream.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "media/sink.h"
#include "video/retry.h"

namespace sixtops::video {

class RetryingSink : public media::PacketSink {
 public:
  RetryingSink(std::unique_ptr<media::PacketSink> sink, std::chrono::milliseconds retry_limit);
  ~RetryingSink() override;

  const std::string& name() const override { return name_; }

  // None of these waits or fails. A full queue is emptied, and goes on at the next key picture.
  Status begin(const media::StreamFormat& format) override;
  Status write(const media::Packet& packet) override;
  Status finish() override;

  int64_t dropped() const;

 private:
  struct Item {
    std::optional<media::StreamFormat> format;  // else a packet
    media::Packet packet;
  };

  void work(const std::stop_token& stop);
  Status put(Item& item);

  static constexpr size_t kMaxItems = 128;

  std::unique_ptr<media::PacketSink> sink_;  // of the thread
  std::string name_;
  RetryDelay retry_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Item> items_;
  bool need_key_ = true;
  int64_t dropped_ = 0;
  std::optional<media::StreamFormat> format_;  // of the thread
  bool begun_ = false;
  std::jthread thread_;
};

}  // namespace sixtops::video
