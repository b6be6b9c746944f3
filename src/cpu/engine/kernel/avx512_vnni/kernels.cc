#include "cpu/engine/kernel/avx512_vnni/kernels.h"

#include "cpu/engine/kernel/avx512_vnni/avx512_vnni.h"
#include "cpu/engine/kernel/portable/portable.h"

namespace sixtops::cpu::engine {

#if defined(__x86_64__)

const KernelSet* avx512_vnni_kernels() {
  static constexpr KernelSet kKernels = {
      .isa = Isa::kAvx512Vnni,
      .channel_slot = avx512_vnni::channel_slot,
      .convolve = avx512_vnni::convolve,
      .depthwise = portable::depthwise,
      .table = portable::look_up,
      .add = portable::add,
      .multiply = portable::multiply,
      .pool = portable::pool,
      .import_codes = portable::import_codes,
      .export_codes = portable::export_codes,
      .export_sums = portable::export_sums,
  };
  const bool supported = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                         __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vnni");
  return supported ? &kKernels : nullptr;
}

#else

const KernelSet* avx512_vnni_kernels() { return nullptr; }

#endif

}  // namespace sixtops::cpu::engine
