// Kernels for AVX2 with FMA: 16-bit products, since vpmaddubsw saturates its sums and would not be exact.
#pragma once

#include "cpu/engine/kernel/kernel_set.h"

namespace sixtops::cpu::engine {

// Nothing on another machine.
const KernelSet* avx2_kernels();

namespace avx2 {
void convolve(const ConvolutionTask& task, std::span<const ConvolutionBlock> blocks, uint8_t* arena, PixelRange range);
void depthwise(const DepthwiseTask& task, std::span<const DepthwiseBlock> blocks, uint8_t* arena, PixelRange range);
void look_up(const TableTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range);
void add(const AdditionTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range);
void multiply(const ProductTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range);
void pool(const PoolTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range);
}  // namespace avx2

}  // namespace sixtops::cpu::engine
