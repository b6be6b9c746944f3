#include "cpu/engine/kernel/copy.h"

#include <algorithm>
#include <cstring>

#include "cpu/engine/kernel/pixel_walk.h"

namespace sixtops::cpu::engine {
namespace {

void copy_pixel(const uint8_t* from, uint8_t* to, int64_t bytes) {
  // Constant sizes become vector moves.
  switch (bytes) {
    case 64:
      std::memcpy(to, from, 64);
      return;
    case 32:
      std::memcpy(to, from, 32);
      return;
    case 16:
      std::memcpy(to, from, 16);
      return;
    default:
      std::memcpy(to, from, static_cast<size_t>(bytes));
  }
}

}  // namespace

void copy_lines(const CopyTask& task, uint8_t* arena, PixelRange range) {
  for (const CopyBlock& block : task.blocks) {
    const Geometry& from = task.geometries[static_cast<size_t>(block.from.geometry)];
    const Geometry& to = task.geometries[static_cast<size_t>(block.to.geometry)];
    PixelWalk pixel(task.extent, range.first);
    for (int64_t i = range.first; i < range.last; ++i, pixel.advance(1)) {
      copy_pixel(arena + block.from.base + pixel.offset(from), arena + block.to.base + pixel.offset(to), block.bytes);
    }
  }
}

}  // namespace sixtops::cpu::engine
