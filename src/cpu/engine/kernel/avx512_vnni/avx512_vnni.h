// Kernels for AVX-512 with VNNI and VBMI: 64 products an instruction, tables of 256 bytes in registers.
#pragma once

#include "cpu/engine/kernel/kernel_set.h"

namespace sixtops::cpu::engine {

// Nothing on another machine.
const KernelSet* avx512_vnni_kernels();

}  // namespace sixtops::cpu::engine
