#if defined(__aarch64__)

#include "cpu/engine/kernel/neon_dot/neon_dot.h"
#include "cpu/engine/kernel/neon_dot/vectors.h"
#include "cpu/engine/kernel/small_block.h"

namespace sixtops::cpu::engine::neon_dot {

void convolve(const ConvolutionTask& task, std::span<const ConvolutionBlock> blocks, uint8_t* arena, PixelRange range) {
  SmallBlocks<Vectors>::convolve(task, blocks, arena, range);
}

}  // namespace sixtops::cpu::engine::neon_dot

#endif
