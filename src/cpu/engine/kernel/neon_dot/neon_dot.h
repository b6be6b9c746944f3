// Kernels for Armv8.2 cores with the dot product instructions, such as the Cortex-A76 and A55 of the RK3588.
#pragma once

#include "cpu/engine/kernel/kernel_set.h"

namespace sixtops::cpu::engine {

// Nothing on another machine.
const KernelSet* neon_dot_kernels();

namespace neon_dot {
void convolve(const ConvolutionTask& task, std::span<const ConvolutionBlock> blocks, uint8_t* arena, PixelRange range);
void depthwise(const DepthwiseTask& task, std::span<const DepthwiseBlock> blocks, uint8_t* arena, PixelRange range);
void look_up(const TableTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range);
void add(const AdditionTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range);
void multiply(const ProductTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range);
void pool(const PoolTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range);
}  // namespace neon_dot

}  // namespace sixtops::cpu::engine
