#include "app/video/run_pipeline.h"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <ctime>

#include "app/video/summary.h"

namespace sixtops::app {
namespace {

using video::Clock;

constexpr auto kLook = std::chrono::milliseconds(50);
constexpr auto kTerminalInterval = std::chrono::milliseconds(500);
constexpr auto kLogInterval = std::chrono::seconds(5);
constexpr int kExitOfSignals = 128;

std::atomic<int> signal_count = 0;

void on_signal(int number) {
  if (signal_count++ > 0) _exit(kExitOfSignals + number);
}

double process_cpu_seconds() {
  std::timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

// Both signals while it lives.
class SignalGuard {
 public:
  SignalGuard() {
    signal_count = 0;
    struct sigaction action = {};
    action.sa_handler = on_signal;
    sigaction(SIGINT, &action, &old_int_);
    sigaction(SIGTERM, &action, &old_term_);
    // A reader of a pipe or socket that went away is an error code, not the end.
    struct sigaction ignore = {};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, &old_pipe_);
  }
  ~SignalGuard() {
    sigaction(SIGINT, &old_int_, nullptr);
    sigaction(SIGTERM, &old_term_, nullptr);
    sigaction(SIGPIPE, &old_pipe_, nullptr);
  }
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;

 private:
  struct sigaction old_int_ = {}, old_term_ = {}, old_pipe_ = {};
};

// One line a stream. On a terminal they are written over, else added now and then.
class StatusLines {
 public:
  void show(const video::Pipeline& pipeline) {
    const Clock::time_point now = Clock::now();
    if (now < next_) return;
    next_ = now + (terminal_ ? Clock::duration(kTerminalInterval) : Clock::duration(kLogInterval));
    clear();
    for (const video::StreamStatistics& stream : pipeline.statistics()) {
      std::fprintf(stderr, terminal_ ? "%.100s\n" : "%s\n", status_text(stream).c_str());
      ++lines_;
    }
  }

  void clear() {
    if (terminal_ && lines_ > 0) std::fprintf(stderr, "\033[%dA\033[J", lines_);
    lines_ = 0;
  }

 private:
  const bool terminal_ = isatty(STDERR_FILENO) != 0;
  int lines_ = 0;
  Clock::time_point next_ = Clock::now() + kTerminalInterval;
};

}  // namespace

void run_pipeline(video::Pipeline& pipeline, const RunOptions& options) {
  const SignalGuard guard;
  const double cpu_before = process_cpu_seconds();
  const Clock::time_point begin = Clock::now();
  const auto elapsed = [&begin] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  StatusLines status;
  pipeline.start();
  while (!pipeline.ended()) {
    if (signal_count > 0 || (options.seconds > 0 && elapsed() >= options.seconds)) pipeline.request_stop();
    std::this_thread::sleep_for(kLook);
    status.show(pipeline);
  }
  pipeline.join();
  status.clear();
  std::string text = summary_text(pipeline, elapsed());
  if (options.network_cpu_ns != nullptr) {
    text += cpu_text(process_cpu_seconds() - cpu_before, static_cast<double>(*options.network_cpu_ns) / 1e9);
  }
  std::fputs(text.c_str(), stderr);
}

}  // namespace sixtops::app
