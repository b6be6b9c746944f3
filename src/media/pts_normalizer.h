// Time stamps that one can rely on: in microseconds, and strictly growing.
//
// Live cameras give packets without a stamp, the same stamp twice, and stamps that begin anew after a stall. A stamp
// that can be kept is kept; so a file's stay what they are.
#pragma once

#include <cstdint>
#include <optional>

namespace sixtops::media {

class PtsNormalizer {
 public:
  // frame_us: what one picture lasts when nothing else is known.
  PtsNormalizer(int64_t frame_us, bool live) : frame_us_(frame_us), live_(live) {}

  // arrival_us: any monotonic clock. Missing: one picture after the last. A step back of less than kDisorderUs or a
  // repetition: just after the last. A larger step back, and for live sources a step ahead that the arrival does not
  // explain: the source's clock began anew, and so time goes on as the arrival did (live) or by one picture (file).
  int64_t next(std::optional<int64_t> pts_us, int64_t arrival_us);

  // The next stamp is of another clock, wherever it stands: time goes on as the arrival did.
  void restart() { restarted_ = begun_; }

  static constexpr int64_t kDisorderUs = 500'000;
  static constexpr int64_t kJumpUs = 10'000'000;

 private:
  int64_t frame_us_;
  bool live_;
  bool begun_ = false;
  bool restarted_ = false;
  int64_t last_us_ = 0;
  int64_t last_arrival_us_ = 0;
  int64_t shift_us_ = 0;  // added to the source's clock
};

}  // namespace sixtops::media
