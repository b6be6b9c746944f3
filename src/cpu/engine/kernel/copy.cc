#include "cpu/engine/kernel/copy.h"

#include <algorithm>
#include <cstring>

#include "cpu/engine/kernel/pixel_walk.h"

namespace sixtops::cpu::engine {
namespace {

// Neighbours of a row. A constant number of bytes becomes moves, 0 stands for any.
template <int kBytes>
void copy_row(const uint8_t* from, int64_t from_step, uint8_t* to, int64_t to_step, int64_t count, int64_t bytes) {
  const auto size = static_cast<size_t>(kBytes != 0 ? kBytes : bytes);
  for (int64_t x = 0; x < count; ++x, from += from_step, to += to_step) std::memcpy(to, from, size);
}

using CopyRow = void (*)(const uint8_t*, int64_t, uint8_t*, int64_t, int64_t, int64_t);

CopyRow row_copier(int64_t bytes) {
  switch (bytes) {
    case 64:
      return copy_row<64>;
    case 32:
      return copy_row<32>;
    case 16:
      return copy_row<16>;
    case 3:
      return copy_row<3>;
    case 1:
      return copy_row<1>;
    default:
      return copy_row<0>;
  }
}

}  // namespace

void copy_lines(const CopyTask& task, uint8_t* arena, PixelRange range) {
  for (const CopyBlock& block : task.blocks) {
    const Geometry& from = task.geometries[static_cast<size_t>(block.from.geometry)];
    const Geometry& to = task.geometries[static_cast<size_t>(block.to.geometry)];
    const CopyRow copy = row_copier(block.bytes);
    PixelWalk pixel(task.extent, range.first);
    for (int64_t i = range.first; i < range.last;) {
      // A shift repeats pixels: they go one by one.
      const int64_t count = from.shift == 0 ? std::min(range.last - i, pixel.left_in_row()) : 1;
      copy(arena + block.from.base + pixel.offset(from), from.column, arena + block.to.base + pixel.offset(to),
           to.column, count, block.bytes);
      i += count;
      pixel.advance(count);
    }
  }
}

}  // namespace sixtops::cpu::engine
