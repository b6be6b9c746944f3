#include "cpu/engine/peak_rate.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/thread_pool.h"

namespace sixtops::cpu::engine {
namespace {

// Fourteen accumulators hide the latency of the instructions on every core that we know (at most five cycles, two a
// cycle), and leave two registers of sixteen for the operands. Written as assembly, because compilers keep that many
// accumulators in registers only by chance.
constexpr int kAccumulators = 14;

// A burst: runs `steps` times over all accumulators.
using Burst = void (*)(int64_t steps);

struct Kernel {
  Burst run = nullptr;
  int macs = 0;  // of one step
  // About a millisecond: long against waking a thread, short against a time slice.
  int64_t steps = 200'000;
};

struct Kernels {
  Kernel int8;
  Kernel float32;
};

// Two plain loops whose sums cannot be left out, for machines without a kernel of their own here.
constexpr int kPlainLength = 1024;

template <typename Element, typename Sum>
void plain_burst(int64_t steps) {
  static const Element elements[kPlainLength] = {};
  for (int64_t i = 0; i < steps; ++i) {
    const Element* x = elements;
    asm volatile("" : "+r"(x) : : "memory");
    Sum sum = 0;
    for (int k = 0; k < kPlainLength; ++k) sum += static_cast<Sum>(x[k]) * static_cast<Sum>(x[kPlainLength - 1 - k]);
    asm volatile("" : : "g"(sum) : "memory");
  }
}

constexpr Kernels kPlain = {{plain_burst<int8_t, int32_t>, kPlainLength, 1000},
                            {plain_burst<float, float>, kPlainLength, 1000}};

#if defined(__x86_64__)

#define SIXTOPS_EACH_ACCUMULATOR(STEP) \
  STEP("0")                            \
  STEP("1")                            \
  STEP("2")                            \
  STEP("3") STEP("4") STEP("5") STEP("6") STEP("7") STEP("8") STEP("9") STEP("10") STEP("11") STEP("12") STEP("13")

#define SIXTOPS_BURST(NAME, STEP)                                                                                 \
  void NAME(int64_t steps) {                                                                                      \
    asm volatile("vzeroall\n1:\n" SIXTOPS_EACH_ACCUMULATOR(STEP) "dec %0\n jnz 1b\n vzeroupper\n"                 \
                 : "+r"(steps)                                                                                    \
                 :                                                                                                \
                 : "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", \
                   "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");                                                  \
  }

#define SIXTOPS_ZMM_DOT(N) "vpdpbusd %%zmm14, %%zmm15, %%zmm" N "\n"
#define SIXTOPS_ZMM_FMA(N) "vfmadd231ps %%zmm14, %%zmm15, %%zmm" N "\n"
#define SIXTOPS_YMM_DOT(N) "%{vex%} vpdpbusd %%ymm14, %%ymm15, %%ymm" N "\n"
#define SIXTOPS_YMM_FMA(N) "vfmadd231ps %%ymm14, %%ymm15, %%ymm" N "\n"
SIXTOPS_BURST(zmm_dot, SIXTOPS_ZMM_DOT)
SIXTOPS_BURST(zmm_fma, SIXTOPS_ZMM_FMA)
SIXTOPS_BURST(ymm_dot, SIXTOPS_YMM_DOT)
SIXTOPS_BURST(ymm_fma, SIXTOPS_YMM_FMA)

// Products go to one register, which renaming makes a fresh one each time, and from there to the accumulators.
#define SIXTOPS_YMM_WORDS(N) "vpmaddwd %%ymm14, %%ymm14, %%ymm15\n vpaddd %%ymm15, %%ymm" N ", %%ymm" N "\n"
SIXTOPS_BURST(ymm_words, SIXTOPS_YMM_WORDS)

Kernels kernels_of(std::string_view isa) {
  if (isa == "avx512_vnni") return {{zmm_dot, kAccumulators * 64}, {zmm_fma, kAccumulators * 16}};
  if (isa == "avx_vnni") return {{ymm_dot, kAccumulators * 32}, {ymm_fma, kAccumulators * 8}};
  if (isa == "avx2") return {{ymm_words, kAccumulators * 16}, {ymm_fma, kAccumulators * 8}};
  return kPlain;
}

#elif defined(__aarch64__)

#define SIXTOPS_EACH_ACCUMULATOR(STEP) \
  STEP("0")                            \
  STEP("1")                            \
  STEP("2")                            \
  STEP("3") STEP("4") STEP("5") STEP("6") STEP("7") STEP("16") STEP("17") STEP("18") STEP("19") STEP("20") STEP("21")

#define SIXTOPS_BURST(NAME, STEP)                                                                                \
  void NAME(int64_t steps) {                                                                                     \
    asm volatile(                                                                                                \
        ".arch armv8.2-a+dotprod\n movi v30.4s, #0\n movi v31.4s, #0\n"                                          \
        "1:\n" SIXTOPS_EACH_ACCUMULATOR(STEP) "subs %0, %0, #1\n b.ne 1b\n"                                      \
        : "+r"(steps)                                                                                            \
        :                                                                                                        \
        : "cc", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v16", "v17", "v18", "v19", "v20", "v21", "v30", \
          "v31");                                                                                                \
  }

#define SIXTOPS_DOT(N) "sdot v" N ".4s, v30.16b, v31.16b\n"
#define SIXTOPS_FMA(N) "fmla v" N ".4s, v30.4s, v31.4s\n"
SIXTOPS_BURST(neon_dot, SIXTOPS_DOT)
SIXTOPS_BURST(neon_fma, SIXTOPS_FMA)

Kernels kernels_of(std::string_view isa) {
  if (isa == "neon_dot") return {{neon_dot, kAccumulators * 16}, {neon_fma, kAccumulators * 4}};
  return kPlain;
}

#else

Kernels kernels_of(std::string_view) { return kPlain; }

#endif

double measure(const Kernel& kernel, int threads) {
  using Clock = std::chrono::steady_clock;
  constexpr double kSeconds = 0.05;
  constexpr int kMinBursts = 5;
  const ThreadLimit limit(threads);
  const auto start = Clock::now();
  double best_seconds = 1e9;
  for (int burst = 0; burst < kMinBursts || std::chrono::duration<double>(Clock::now() - start).count() < kSeconds;
       ++burst) {
    const auto begin = Clock::now();
    ThreadPool::process().parallel_for(threads, [&](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) kernel.run(kernel.steps);
    });
    best_seconds = std::min(best_seconds, std::chrono::duration<double>(Clock::now() - begin).count());
  }
  return static_cast<double>(threads) * static_cast<double>(kernel.steps * kernel.macs) / best_seconds * 1e-9;
}

}  // namespace

PeakRate measure_peak_rate(std::string_view isa, int threads) {
  const Kernels kernels = kernels_of(isa);
  return {measure(kernels.int8, threads), measure(kernels.float32, threads)};
}

}  // namespace sixtops::cpu::engine
