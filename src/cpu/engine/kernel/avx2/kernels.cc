#include "cpu/engine/kernel/avx2/avx2.h"
#include "cpu/engine/kernel/portable/portable.h"

namespace sixtops::cpu::engine {

#if defined(__x86_64__)

const KernelSet* avx2_kernels() {
  static const KernelSet kernels = [] {
    KernelSet set = portable_kernels();
    set.isa = Isa::kAvx2;
    set.convolve = avx2::convolve;
    set.depthwise = avx2::depthwise;
    set.table = avx2::look_up;
    set.add = avx2::add;
    set.multiply = avx2::multiply;
    set.pool = avx2::pool;
    return set;
  }();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &kernels : nullptr;
}

#else

const KernelSet* avx2_kernels() { return nullptr; }

#endif

}  // namespace sixtops::cpu::engine
