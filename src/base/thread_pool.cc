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
  // A thread's part of the jobs, on a cache line of its own: the number of the last job whose part was claimed.
  struct alignas(64) Share {
    std::atomic<uint64_t> claimed = 0;
  };

  explicit State(int threads) : shares(static_cast<size_t>(threads)) {}

  std::atomic<bool> busy = false;  // a job runs; a flag and not a mutex, so that a nested call finds it taken too

  // The job, written by the caller before `job` rises. Whoever has claimed a share of it may read this: the job lasts
  // until that share is through.
  Call call = nullptr;
  const void* context = nullptr;
  int64_t count = 0;
  int share_count = 1;  // threads with a part of this job: the caller and the first workers

  alignas(64) std::atomic<uint64_t> job = 0;
  alignas(64) std::atomic<int> unfinished = 0;  // shares that are not through
  alignas(64) std::atomic<bool> stop = false;
  std::vector<Share> shares;

  // For those that sleep. Whoever raises `job` or brings `unfinished` to 0 takes the mutex if somebody may be asleep.
  std::mutex mutex;
  std::condition_variable wake;
  std::condition_variable done;
  std::atomic<int> sleeping_workers = 0;
  std::atomic<bool> sleeping_caller = false;

  std::vector<std::thread> workers;

  // Every share of every job is claimed once, so it stands at the number before until somebody claims it, and a worker
  // that comes too late for a job finds it beyond.
  bool claim(int index, uint64_t number) {
    uint64_t before = number - 1;
    return shares[static_cast<size_t>(index)].claimed.compare_exchange_strong(before, number);
  }

  void run_share(int index) {
    const int64_t begin = count * index / share_count;
    const int64_t end = count * (index + 1) / share_count;
    if (begin < end) call(context, begin, end);
    if (unfinished.fetch_sub(1) != 1 || !sleeping_caller.load()) return;
    { const std::lock_guard lock(mutex); }
    done.notify_one();
  }

  // Between the sleeper's flag and the waker's condition: each writes its own before it reads the other's. All these
  // writes read too (exchange, ++): such an instruction is a full barrier everywhere, while QEMU runs a plain store and
  // the load behind it, in order on Armv8, as x86 does, out of order.
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
    const auto ready = [&] { return unfinished.load() == 0; };
    if (wait_awake(ready)) return;
    std::unique_lock lock(mutex);
    sleeping_caller.exchange(true);
    done.wait(lock, ready);
    sleeping_caller.store(false);
  }

  void work(int index) {
    for (uint64_t seen = 0;;) {
      wait_for_job(seen);
      if (stop.load()) return;
      seen = job.load();
      if (claim(index, seen)) run_share(index);
    }
  }
};

ThreadPool::ThreadPool(int threads) : state_(std::make_unique<State>(std::max(1, threads))) {
  for (int i = 1; i < this->threads(); ++i) {
    state_->workers.emplace_back([state = state_.get(), i] { state->work(i); });
  }
}

ThreadPool::~ThreadPool() {
  state_->stop.exchange(true);
  state_->announce();
  for (std::thread& worker : state_->workers) worker.join();
}

int ThreadPool::threads() const { return static_cast<int>(state_->shares.size()); }

void ThreadPool::run(int64_t count, Call call, const void* context) {
  if (count <= 0) return;
  const int share_count = std::min(threads(), thread_limit);
  if (share_count == 1 || count == 1 || state_->busy.exchange(true, std::memory_order_acquire)) {
    call(context, 0, count);
    return;
  }
  const uint64_t number = state_->job.load() + 1;
  for (int i = share_count; i < threads(); ++i) state_->claim(i, number);  // has no part in it
  state_->call = call;
  state_->context = context;
  state_->count = count;
  state_->share_count = share_count;
  state_->unfinished.store(share_count);
  state_->job.exchange(number);
  state_->announce();
  for (int i = 0; i < share_count; ++i) {
    if (state_->claim(i, number)) state_->run_share(i);
  }
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

ThreadLimit::ThreadLimit(int threads) : previous_(std::exchange(thread_limit, std::clamp(threads, 1, thread_limit))) {}
ThreadLimit::~ThreadLimit() { thread_limit = previous_; }

}  // namespace sixtops
