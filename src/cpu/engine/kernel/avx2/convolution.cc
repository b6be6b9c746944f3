#if defined(__x86_64__)

#include "cpu/engine/kernel/avx2/avx2.h"
#include "cpu/engine/kernel/avx2/vectors.h"
#include "cpu/engine/kernel/small_block.h"

namespace sixtops::cpu::engine::avx2 {

void convolve(const ConvolutionTask& task, std::span<const ConvolutionBlock> blocks, uint8_t* arena, PixelRange range) {
  SmallBlocks<Vectors>::convolve(task, blocks, arena, range);
}

}  // namespace sixtops::cpu::engine::avx2

#endif
