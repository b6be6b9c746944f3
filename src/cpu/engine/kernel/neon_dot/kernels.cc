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
    return set;
  }();
  constexpr unsigned long kDotProduct = 1UL << 20;  // HWCAP_ASIMDDP of the kernel's interface
  return (getauxval(AT_HWCAP) & kDotProduct) != 0 ? &kernels : nullptr;
}

#else

const KernelSet* neon_dot_kernels() { return nullptr; }

#endif

}  // namespace sixtops::cpu::engine
