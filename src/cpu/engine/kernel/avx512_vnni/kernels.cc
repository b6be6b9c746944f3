#include "cpu/engine/kernel/avx512_vnni/kernels.h"

#include "cpu/engine/kernel/avx512_vnni/avx512_vnni.h"

namespace sixtops::cpu::engine {

#if defined(__x86_64__)

const KernelSet* avx512_vnni_kernels() {
  static constexpr KernelSet kKernels = {
      .isa = Isa::kAvx512Vnni,
      .channel_slot = avx512_vnni::channel_slot,
      .convolve = avx512_vnni::convolve,
      .depthwise = avx512_vnni::depthwise,
      .table = avx512_vnni::look_up,
      .add = avx512_vnni::add,
      .multiply = avx512_vnni::multiply,
      .pool = avx512_vnni::pool,
      .import_codes = avx512_vnni::import_codes,
      .export_codes = avx512_vnni::export_codes,
      .export_sums = avx512_vnni::export_sums,
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
