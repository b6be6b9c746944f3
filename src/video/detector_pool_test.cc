#include "video/detector_pool.h"

#include <gtest/gtest.h>

#include <atomic>

namespace sixtops::video {
namespace {

using std::chrono::milliseconds;

Job job(int64_t number) {
  Job j;
  j.frame.number = number;
  return j;
}

Detect sleeping(milliseconds time) {
  return [time](const media::YuvPicture&) {
    std::this_thread::sleep_for(time);
    return std::vector<vision::Detection>();
  };
}

TEST(DetectorPool, FilesKeepEveryPictureInOrder) {
  // The detectors take different times, so later pictures are ready sooner.
  DetectorPool pool({sleeping(milliseconds(3)), sleeping(milliseconds(0)), sleeping(milliseconds(1))});
  const int stream = pool.add_stream(false);
  std::jthread source([&](const std::stop_token& stop) {
    for (int64_t i = 0; i < 100; ++i) {
      int dropped = 0;
      EXPECT_TRUE(pool.put(stream, job(i), dropped, stop));
      EXPECT_EQ(dropped, 0);
    }
    pool.close(stream);
  });
  int64_t expected = 0;
  while (!pool.finished(stream)) {
    const std::unique_ptr<Job> done = pool.take(stream, Clock::now() + milliseconds(1000));
    if (done == nullptr) continue;
    EXPECT_EQ(done->frame.number, expected);
    ++expected;
  }
  EXPECT_EQ(expected, 100);
  EXPECT_EQ(pool.runs(), 100);
}

TEST(DetectorPool, LiveStreamsKeepTheNewestAndShareFairly) {
  DetectorPool pool({sleeping(milliseconds(4))});
  std::vector<int> streams;
  for (int i = 0; i < 4; ++i) streams.push_back(pool.add_stream(true));
  std::atomic<int> dropped_in_all = 0;
  std::vector<std::jthread> threads;
  std::vector<std::atomic<int>> taken(4);
  for (size_t i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int64_t n = 0; n < 200; ++n) {
        int dropped = 0;
        pool.put(streams[i], job(n), dropped, {});
        dropped_in_all += dropped;
        std::this_thread::sleep_for(milliseconds(4));
      }
      pool.close(streams[i]);
    });
    threads.emplace_back([&, i] {
      int64_t last = -1;
      while (!pool.finished(streams[i])) {
        const std::unique_ptr<Job> done = pool.take(streams[i], Clock::now() + milliseconds(100));
        if (done == nullptr) continue;
        EXPECT_GT(done->frame.number, last);
        last = done->frame.number;
        ++taken[i];
      }
    });
  }
  threads.clear();
  int all = 0;
  for (const auto& count : taken) all += count;
  EXPECT_EQ(all + dropped_in_all, 800);
  for (const auto& count : taken) EXPECT_NEAR(count, all / 4.0, 0.15 * all / 4.0);
  EXPECT_GT(pool.busy_share(), 0.5);
}

TEST(DetectorPool, StopEndsTheWaitOfAFile) {
  DetectorPool pool({sleeping(milliseconds(1))});
  const int stream = pool.add_stream(false);
  std::stop_source stop;
  std::jthread stopper([&stop] {
    std::this_thread::sleep_for(milliseconds(50));
    stop.request_stop();
  });
  int dropped = 0, put = 0;
  while (put < 1000 && pool.put(stream, job(put), dropped, stop.get_token())) ++put;  // nobody takes
  EXPECT_LT(put, 20);
  pool.close(stream);
  while (!pool.finished(stream)) pool.take(stream, Clock::now() + milliseconds(10));
}

}  // namespace
}  // namespace sixtops::video
