// The one thread pool of a process.
//
// parallel_for(count, body) calls body(begin, end) on disjoint ranges that cover [0, count), one range a thread, split
// statically: the same count is always split alike, so neighbours in a network find their data in the same core's
// cache. A range that its thread has not begun when the caller is through with its own is the caller's: on a machine
// with other work, nobody waits for a thread that has no core. A caller that finds the pool busy, a body that calls
// parallel_for again included, runs everything itself on its own thread; results must not depend on the split. A call
// allocates nothing. Thread safety: parallel_for may be called from any thread.
//
// Networks call it layer after layer, so both sides wait for each other awake for a fifth of a millisecond before they
// sleep.
//
//   const ThreadLimit limit(1);   // until the end of this scope, calls from this thread stay on this thread
#pragma once

#include <cstdint>
#include <memory>

namespace sixtops {

class ThreadPool {
 public:
  // threads >= 1 counts the caller: ThreadPool(1) starts no thread.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const;

  // Body: void(int64_t begin, int64_t end)
  template <typename Body>
  void parallel_for(int64_t count, const Body& body) {
    run(
        count,
        [](const void* context, int64_t begin, int64_t end) { (*static_cast<const Body*>(context))(begin, end); },
        &body);
  }

  // The process-wide pool, made at the first call with one thread a core that this process may use.
  static ThreadPool& process();

 private:
  using Call = void (*)(const void* context, int64_t begin, int64_t end);
  struct State;

  void run(int64_t count, Call call, const void* context);

  std::unique_ptr<State> state_;
};

// While it lives, parallel_for calls of the thread that made it use at most `threads` threads of any pool, the caller
// included. Limits nest: the lowest counts.
class ThreadLimit {
 public:
  explicit ThreadLimit(int threads);
  ~ThreadLimit();
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  int previous_;
};

}  // namespace sixtops
