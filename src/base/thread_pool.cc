#include "base/thread_pool.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace sixtops {
namespace {

thread_local int thread_limit = std::numeric_limits<int>::max();

// Longer than it takes to wake a thread, which is about 100 us on a virtual machine: else a caller that waited for one
// sleeper lets the other fall asleep, and every layer pays for waking. Shorter than anybody notices.
constexpr std::chrono::microseconds kAwake(200);
constexpr int kPollsPerClock = 64;

void pause_processor() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Polls until ready() or the time is over. → ready()
template <typename Ready>
bool wait_awake(const Ready& ready) {
  const auto end = std::chrono::steady_clock::now() + kAwake;
  do {
    for (int i = 0; i < kPollsPerClock; ++i) {
      if (ready()) return true;
      pause_processor();
    }
  } while (std::chrono::steady_clock::now() < end);
  return ready();
}

}  // namespace

struct ThreadPool::State {
  std::atomic<bool> busy = false;  // a job runs; a flag and not a mutex, so that a nested call finds it taken too

  // The job, written by the caller before `job` rises and read by workers after they saw it rise.
  Call call = nullptr;
  const void* context = nullptr;
  int64_t count = 0;
  int shares = 1;  // threads with a part of this job: the caller and the first workers

  alignas(64) std::atomic<uint64_t> job = 0;
  alignas(64) std::atomic<int> running = 0;  // workers that are not through with the job
  alignas(64) std::atomic<bool> stop = false;

  // For those that sleep. Whoever raises `job` or brings `running` to 0 takes the mutex if somebody may be asleep.
  std::mutex mutex;
  std::condition_variable wake;
  std::condition_variable done;
  std::atomic<int> sleeping_workers = 0;
  std::atomic<bool> sleeping_caller = false;

  int thread_count = 1;
  std::vector<std::thread> workers;

  void run_share(int index) const {
    if (index >= shares) return;
    const int64_t begin = count * index / shares;
    const int64_t end = count * (index + 1) / shares;
    if (begin < end) call(context, begin, end);
  }

  // Sequential consistency between the sleeper's flag and the waker's condition: each writes its own before it reads
  // the other's.
  void wait_for_job(uint64_t seen) {
    const auto ready = [&] { return job.load() != seen || stop.load(); };
    if (wait_awake(ready)) return;
    std::unique_lock lock(mutex);
    ++sleeping_workers;
    wake.wait(lock, ready);
    --sleeping_workers;
  }

  void announce() {
    if (sleeping_workers.load() == 0) return;
    { const std::lock_guard lock(mutex); }
    wake.notify_all();
  }

  void wait_until_done() {
    const auto ready = [&] { return running.load() == 0; };
    if (wait_awake(ready)) return;
    std::unique_lock lock(mutex);
    sleeping_caller.store(true);
    done.wait(lock, ready);
    sleeping_caller.store(false);
  }

  void finish_share() {
    if (running.fetch_sub(1) != 1 || !sleeping_caller.load()) return;
    { const std::lock_guard lock(mutex); }
    done.notify_one();
  }

  void work(int index) {
    for (uint64_t seen = 0;; ++seen) {
      wait_for_job(seen);
      if (stop.load()) return;
      run_share(index);
      finish_share();
    }
  }
};

ThreadPool::ThreadPool(int threads) : state_(std::make_unique<State>()) {
  state_->thread_count = std::max(1, threads);
  for (int i = 1; i < state_->thread_count; ++i) {
    state_->workers.emplace_back([state = state_.get(), i] { state->work(i); });
  }
}

ThreadPool::~ThreadPool() {
  state_->stop.store(true);
  state_->announce();
  for (std::thread& worker : state_->workers) worker.join();
}

int ThreadPool::threads() const { return state_->thread_count; }

void ThreadPool::run(int64_t count, Call call, const void* context) {
  if (count <= 0) return;
  const int shares = std::min(state_->thread_count, thread_limit);
  if (shares == 1 || count == 1 || state_->busy.exchange(true, std::memory_order_acquire)) {
    call(context, 0, count);
    return;
  }
  state_->call = call;
  state_->context = context;
  state_->count = count;
  state_->shares = shares;
  state_->running.store(state_->thread_count - 1);
  ++state_->job;
  state_->announce();
  state_->run_share(0);
  state_->wait_until_done();
  state_->busy.store(false, std::memory_order_release);
}

ThreadPool& ThreadPool::process() {
  static ThreadPool pool([] {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0) return 1;
    return CPU_COUNT(&allowed);
  }());
  return pool;
}

ThreadLimit::ThreadLimit(int threads) : previous_(std::exchange(thread_limit, std::max(1, threads))) {}
ThreadLimit::~ThreadLimit() { thread_limit = previous_; }

}  // namespace sixtops
