#if defined(__aarch64__)
#include <sys/auxv.h>
#endif

#include "cpu/engine/kernel/neon_dot/neon_dot.h"
#include "cpu/engine/kernel/portable/portable.h"

namespace sixtops::cpu::engine {

#if defined(__aarch64__)

const KernelSet* neon_dot_kernels() {
  static const KernelSet kernels = [] {
    KernelSet set = portable_kernels();
    set.isa = Isa::kNeonDot;
    set.sums_codes = true;
    set.convolve = neon_dot::convolve;
    set.depthwise = neon_dot::depthwise;
    set.table = neon_dot::look_up;
    set.add = neon_dot::add;
    set.multiply = neon_dot::multiply;
    set.pool = neon_dot::pool;
    return set;
  }();
  constexpr unsigned long kDotProduct = 1UL << 20;  // HWCAP_ASIMDDP of the kernel's interface
  return (getauxval(AT_HWCAP) & kDotProduct) != 0 ? &kernels : nullptr;
}

#else

const KernelSet* neon_dot_kernels() { return nullptr; }

#endif

}  // namespace sixtops::cpu::engine
