// How long to wait before a source or sink that failed is tried again.
#pragma once

#include <chrono>

namespace sixtops::video {

class RetryDelay {
 public:
  // limit: no wait is longer.
  explicit RetryDelay(std::chrono::milliseconds limit) : limit_(limit) {}

  // 0.5, 1, 2, then 4 s; 30 s after a refusal of the password, since cameras lock out those who try too often.
  std::chrono::milliseconds next(bool access_denied);

  void succeeded() { failures_ = 0; }

 private:
  std::chrono::milliseconds limit_;
  int failures_ = 0;
};

}  // namespace sixtops::video
