// Kernels for AVX2 with FMA: 16-bit products, since vpmaddubsw saturates its sums and would not be exact.
#pragma once

#include "cpu/engine/kernel/kernel_set.h"

namespace sixtops::cpu::engine {

// Nothing on another machine.
const KernelSet* avx2_kernels();

namespace avx2 {
void convolve(const ConvolutionTask& task, std::span<const ConvolutionBlock> blocks, uint8_t* arena, PixelRange range);
}  // namespace avx2

}  // namespace sixtops::cpu::engine
