#include <algorithm>

#include "cpu/engine/kernel/pixel_walk.h"
#include "cpu/engine/kernel/portable/portable.h"

namespace sixtops::cpu::engine::portable {
namespace {

// body(dense index, offset of the byte or sum in the arena) for every element of the range; `bytes` an element.
template <typename Body>
void for_each_element(const BorderTask& task, PixelRange range, int64_t bytes, const Body& body) {
  const int64_t plane = task.extent.height * task.extent.width;
  PixelWalk pixel(task.extent, range.first);
  for (int64_t i = range.first; i < range.last;) {
    const int64_t count = std::min(range.last - i, pixel.left_in_row());
    for (const BorderBlock& block : task.blocks) {
      const Geometry& geometry = task.geometries[static_cast<size_t>(block.lines.geometry)];
      const int64_t line = block.lines.base + pixel.offset(geometry);
      const int64_t dense = (pixel.image() * task.channels + block.first_channel) * plane + i % plane;
      for (int c = 0; c < block.channels; ++c) {
        for (int64_t x = 0; x < count; ++x) body(dense + c * plane + x, line + x * geometry.column + c * bytes);
      }
    }
    i += count;
    pixel.advance(count);
  }
}

}  // namespace

void import_codes(const BorderTask& task, const int8_t* dense, uint8_t* arena, PixelRange range) {
  for_each_element(task, range, 1, [&](int64_t element, int64_t byte) {
    arena[byte] = static_cast<uint8_t>(dense[element]) ^ kCodeToByte;
  });
}

void export_codes(const BorderTask& task, const uint8_t* arena, int8_t* dense, PixelRange range) {
  for_each_element(task, range, 1, [&](int64_t element, int64_t byte) {
    dense[element] = static_cast<int8_t>(arena[byte] ^ kCodeToByte);
  });
}

void export_sums(const BorderTask& task, const uint8_t* arena, int32_t* dense, PixelRange range) {
  for_each_element(task, range, 4,
                   [&](int64_t element, int64_t byte) { std::memcpy(dense + element, arena + byte, sizeof(int32_t)); });
}

}  // namespace sixtops::cpu::engine::portable
