// Depthwise convolutions and steps line by line.
#if defined(__aarch64__)

#include "cpu/engine/kernel/neon_dot/neon_dot.h"
#include "cpu/engine/kernel/neon_dot/vectors.h"
#include "cpu/engine/kernel/small_lines.h"

namespace sixtops::cpu::engine::neon_dot {

using Lines = SmallLines<Vectors>;

void depthwise(const DepthwiseTask& task, std::span<const DepthwiseBlock> blocks, uint8_t* arena, PixelRange range) {
  Lines::depthwise(task, blocks, arena, range);
}
void look_up(const TableTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range) {
  Lines::look_up(task, blocks, arena, range);
}
void add(const AdditionTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range) {
  Lines::add(task, blocks, arena, range);
}
void multiply(const ProductTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range) {
  Lines::multiply(task, blocks, arena, range);
}
void pool(const PoolTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range) {
  Lines::pool(task, blocks, arena, range);
}

}  // namespace sixtops::cpu::engine::neon_dot

#endif
