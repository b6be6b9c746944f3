#include "cpu/engine/kernel/avx512_vnni/avx512_vnni.h"

namespace sixtops::cpu::engine {

const KernelSet* avx512_vnni_kernels() { return nullptr; }

}  // namespace sixtops::cpu::engine
