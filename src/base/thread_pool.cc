#include "base/thread_pool.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace sixtops {
namespace {

thread_local int thread_limit = std::numeric_limits<int>::max();

}  // namespace

struct ThreadPool::State {
  std::atomic<bool> busy = false;  // a job runs; a flag and not a mutex, so that a nested call finds it taken too
  std::mutex mutex;
  std::condition_variable wake;
  std::condition_variable done;
  const std::function<void(int64_t, int64_t)>* body = nullptr;
  int64_t count = 0;
  int shares = 1;  // threads with a part of this job: the caller and the first workers
  uint64_t job = 0;
  int running = 0;
  bool stop = false;
  int thread_count = 1;
  std::vector<std::thread> workers;

  void run_share(int index) const {
    if (index >= shares) return;
    const int64_t begin = count * index / shares;
    const int64_t end = count * (index + 1) / shares;
    if (begin < end) (*body)(begin, end);
  }

  void work(int index) {
    uint64_t seen = 0;
    std::unique_lock lock(mutex);
    while (true) {
      wake.wait(lock, [&] { return stop || job != seen; });
      if (stop) return;
      seen = job;
      lock.unlock();
      run_share(index);
      lock.lock();
      if (--running == 0) done.notify_one();
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
  {
    const std::lock_guard lock(state_->mutex);
    state_->stop = true;
  }
  state_->wake.notify_all();
  for (std::thread& worker : state_->workers) worker.join();
}

int ThreadPool::threads() const { return state_->thread_count; }

void ThreadPool::parallel_for(int64_t count, const std::function<void(int64_t, int64_t)>& body) {
  if (count <= 0) return;
  const int shares = std::min(state_->thread_count, thread_limit);
  if (shares == 1 || count == 1 || state_->busy.exchange(true, std::memory_order_acquire)) {
    body(0, count);
    return;
  }
  {
    const std::lock_guard lock(state_->mutex);
    state_->body = &body;
    state_->count = count;
    state_->shares = shares;
    state_->running = state_->thread_count - 1;
    ++state_->job;
  }
  state_->wake.notify_all();
  state_->run_share(0);
  {
    std::unique_lock lock(state_->mutex);
    state_->done.wait(lock, [&] { return state_->running == 0; });
  }
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
