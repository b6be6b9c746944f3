#include "base/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace sixtops {
namespace {

TEST(ThreadPool, CoversEveryIndexOnce) {
  for (const int threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    for (const int64_t count : {0, 1, 2, 7, 1000}) {
      std::vector<std::atomic<int>> visits(static_cast<size_t>(count));
      pool.parallel_for(count, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) ++visits[static_cast<size_t>(i)];
      });
      for (const std::atomic<int>& visit : visits) EXPECT_EQ(visit, 1);
    }
  }
}

TEST(ThreadPool, NestedCallRunsOnItsCaller) {
  ThreadPool pool(2);
  std::atomic<int> sum = 0;
  pool.parallel_for(4, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const std::thread::id outer = std::this_thread::get_id();
      pool.parallel_for(10, [&](int64_t inner_begin, int64_t inner_end) {
        EXPECT_EQ(std::this_thread::get_id(), outer);
        sum += static_cast<int>(inner_end - inner_begin);
      });
    }
  });
  EXPECT_EQ(sum, 40);
}

TEST(ThreadPool, ManyCallersAtOnce) {
  ThreadPool pool(2);
  std::atomic<int> sum = 0;
  std::vector<std::thread> callers;
  for (int c = 0; c < 4; ++c) {
    callers.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        pool.parallel_for(3, [&](int64_t begin, int64_t end) { sum += static_cast<int>(end - begin); });
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(sum, 4 * 200 * 3);
}

// Shares that take as long as threads wait awake: callers and workers fall asleep while they are being woken.
TEST(ThreadPool, NobodySleepsForEver) {
  ThreadPool pool(2);
  std::atomic<int> calls = 0;
  for (int call = 0; call < 300; ++call) {
    pool.parallel_for(2, [&](int64_t begin, int64_t) {
      const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(190 + call % 40);
      while (begin == 1 && std::chrono::steady_clock::now() < end) {
      }
      ++calls;
    });
  }
  EXPECT_EQ(calls, 600);
}

// A thread has no core, or comes too late, in most of these jobs.
TEST(ThreadPool, ManyShortJobsOfMoreThreadsThanCores) {
  ThreadPool pool(8);
  for (int64_t job = 0; job < 5000; ++job) {
    const ThreadLimit limit(static_cast<int>(1 + job % 8));
    const int64_t count = 1 + job % 11;
    std::atomic<int64_t> sum = 0;
    pool.parallel_for(count, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) sum += i + job;
    });
    ASSERT_EQ(sum, count * job + count * (count - 1) / 2);
  }
}

// The threads of a call whose ranges wait for each other, so that none can take that of another one.
std::set<std::thread::id> threads_of_a_call(ThreadPool& pool, int expected) {
  std::set<std::thread::id> threads;
  std::mutex mutex;
  std::atomic<int> begun = 0;
  pool.parallel_for(100, [&](int64_t, int64_t) {
    ++begun;
    while (begun < expected) std::this_thread::yield();
    const std::lock_guard lock(mutex);
    threads.insert(std::this_thread::get_id());
  });
  EXPECT_EQ(begun, expected);
  return threads;
}

TEST(ThreadPool, LimitKeepsWorkOnFewerThreads) {
  ThreadPool pool(4);
  EXPECT_EQ(threads_of_a_call(pool, 4).size(), 4U);
  const ThreadLimit two(2);
  EXPECT_EQ(threads_of_a_call(pool, 2).size(), 2U);
  {
    const ThreadLimit one(1);
    EXPECT_EQ(threads_of_a_call(pool, 1), std::set{std::this_thread::get_id()});
    const ThreadLimit more(3);
    EXPECT_EQ(threads_of_a_call(pool, 1).size(), 1U);
  }
  EXPECT_EQ(threads_of_a_call(pool, 2).size(), 2U);
}

}  // namespace
}  // namespace sixtops
