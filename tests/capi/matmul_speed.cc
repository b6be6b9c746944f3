// The speed of an int8 product through the C API, B in native layout, beside the peak of the machine's instructions,
// both measured in this run: matmul_speed [M K N]
#include <rknn_matmul_api.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "cpu/engine/kernel/isa.h"
#include "cpu/engine/kernel/kernel_set.h"
#include "cpu/engine/peak_rate.h"

namespace {

constexpr int kRuns = 15;

double median_seconds(rknn_matmul_ctx context) {
  std::vector<double> times;
  for (int i = 0; i < kRuns; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    if (rknn_matmul_run(context) != RKNN_SUCC) return 0;
    times.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  std::nth_element(times.begin(), times.begin() + kRuns / 2, times.end());
  return times[kRuns / 2];
}

}  // namespace

int main(int argc, char** argv) {
  rknn_matmul_info info = {};
  info.M = argc > 3 ? std::atoi(argv[1]) : 1024;
  info.K = argc > 3 ? std::atoi(argv[2]) : 4096;
  info.N = argc > 3 ? std::atoi(argv[3]) : 4096;
  info.type = RKNN_INT8_MM_INT8_TO_INT32;
  info.B_layout = RKNN_MM_LAYOUT_NATIVE;
  rknn_matmul_ctx context = 0;
  rknn_matmul_io_attr io = {};
  if (rknn_matmul_create(&context, &info, &io) != RKNN_SUCC) return 1;
  for (rknn_matmul_tensor_attr* attr : {&io.A, &io.B, &io.C}) {
    rknn_tensor_mem* mem = rknn_create_mem(context, attr->size);
    if (mem == nullptr || rknn_matmul_set_io_mem(context, mem, attr) != RKNN_SUCC) return 1;
    for (uint32_t i = 0; i < mem->size; ++i) static_cast<char*>(mem->virt_addr)[i] = static_cast<char>(i * 7);
  }
  const double seconds = median_seconds(context);
  if (seconds == 0) return 1;
  const double rate = static_cast<double>(info.M) * info.K * info.N / seconds / 1e9;
  const auto kernels = sixtops::cpu::engine::environment_kernels();
  if (!kernels.ok()) return 1;
  const std::string isa(sixtops::cpu::engine::isa_name((*kernels)->isa));
  const auto threads = static_cast<int>(std::thread::hardware_concurrency());
  const double peak = sixtops::cpu::engine::measure_peak_rate(isa, threads).int8_gmac_per_s;
  std::printf("%d x %d x %d: %.2f ms, %.0f GMAC/s, %.0f %% of the peak of %s (%.0f GMAC/s, %d threads)\n", info.M,
              info.K, info.N, seconds * 1e3, rate, 100 * rate / peak, isa.c_str(), peak, threads);
  rknn_matmul_destroy(context);
  return 0;
}
