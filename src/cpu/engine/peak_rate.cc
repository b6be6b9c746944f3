#include "cpu/engine/peak_rate.h"

#include <cblas.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "base/thread_pool.h"
#include "cpu/engine/float/sgemm.h"

namespace sixtops::cpu::engine {
namespace {

// Three matrices of 0.6 MB: long enough to hide the start, small enough for the caches of two levels.
constexpr int64_t kSide = 384;
constexpr size_t kElements = static_cast<size_t>(kSide * kSide);
constexpr double kSeconds = 0.2;
constexpr int kMinRounds = 5;

struct Operands {
  std::vector<float> a = std::vector<float>(kElements, 0.5F);
  std::vector<float> b = std::vector<float>(kElements, 0.25F);
  std::vector<float> c = std::vector<float>(kElements);
};

}  // namespace

PeakRate measure_peak_rate(int threads) {
  using Clock = std::chrono::steady_clock;
  const ThreadLimit limit(threads);
  std::vector<Operands> operands(static_cast<size_t>(threads));
  const auto start = Clock::now();
  double best_seconds = 1e9;
  for (int round = 0; round < kMinRounds || std::chrono::duration<double>(Clock::now() - start).count() < kSeconds;
       ++round) {
    const auto begin = Clock::now();
    ThreadPool::process().parallel_for(threads, [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) {
        Operands& own = operands[static_cast<size_t>(i)];
        sgemm(kSide, kSide, kSide, {own.a.data(), kSide}, {own.b.data(), kSide}, 0, own.c.data(), kSide);
      }
    });
    best_seconds = std::min(best_seconds, std::chrono::duration<double>(Clock::now() - begin).count());
  }
  const double macs = static_cast<double>(threads) * kSide * kSide * kSide;
  return {macs / best_seconds * 1e-9, openblas_get_corename()};
}

}  // namespace sixtops::cpu::engine
