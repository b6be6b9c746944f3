#include "cpu/engine/kernel/pixel_walk.h"
#include "cpu/engine/kernel/portable/portable.h"

namespace sixtops::cpu::engine::portable {
namespace {

// body(a, b, y) for every channel of every line of the range.
template <typename Task, typename Body>
void for_each_byte(const Task& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range,
                   const Body& body) {
  PixelWalk pixel(task.extent, range.first);
  for (int64_t i = range.first; i < range.last; ++i, pixel.advance(1)) {
    for (const LineBlock& block : blocks) {
      const auto place = [&](const Line& line) {
        return arena + line.base + pixel.offset(task.geometries[static_cast<size_t>(line.geometry)]);
      };
      const uint8_t* const a = place(block.a);
      const uint8_t* const b = place(block.b);
      uint8_t* const y = place(block.output);
      for (int c = 0; c < block.vectors * kVectorChannels; ++c) body(a[c], b[c], y[c]);
    }
  }
}

}  // namespace

void look_up(const TableTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range) {
  for_each_byte(task, blocks, arena, range, [&](uint8_t a, uint8_t, uint8_t& y) { y = task.table[a]; });
}

void add(const AdditionTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range) {
  for_each_byte(task, blocks, arena, range,
                [&](uint8_t a, uint8_t b, uint8_t& y) { y = add_bytes(task.addition, a, b); });
}

void multiply(const ProductTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range) {
  for_each_byte(task, blocks, arena, range, [&](uint8_t a, uint8_t b, uint8_t& y) {
    y = requantize_byte((a - task.zero[0]) * (b - task.zero[1]), task.scale, task.requantization.zero);
  });
}

}  // namespace sixtops::cpu::engine::portable
