#include <algorithm>
#include <array>

#include "cpu/engine/kernel/pixel_walk.h"
#include "cpu/engine/kernel/pool_window.h"
#include "cpu/engine/kernel/portable/portable.h"

namespace sixtops::cpu::engine::portable {

void pool(const PoolTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range) {
  PixelWalk pixel(task.extent, range.first);
  for (int64_t i = range.first; i < range.last; ++i, pixel.advance(1)) {
    const TapRange rows = taps_inside(task.rows, pixel.y());
    const TapRange columns = taps_inside(task.columns, pixel.x());
    const int64_t outside = task.rows.kernel * task.columns.kernel - rows.count() * columns.count();
    for (const LineBlock& block : blocks) {
      const int channels = block.vectors * kVectorChannels;
      const Geometry& from = task.geometries[static_cast<size_t>(block.a.geometry)];
      std::array<int32_t, kLineBytes> values;
      values.fill(task.average ? task.bias + static_cast<int32_t>(outside) * task.pad : 0);
      for (int64_t ky = rows.begin; ky < rows.end; ++ky) {
        for (int64_t kx = columns.begin; kx < columns.end; ++kx) {
          const uint8_t* const x =
              arena + block.a.base +
              from.offset(pixel.image(), tap_of(task.rows, pixel.y(), ky), tap_of(task.columns, pixel.x(), kx));
          for (int c = 0; c < channels; ++c) {
            int32_t& value = values[static_cast<size_t>(c)];
            value = task.average ? value + x[c] : std::max<int32_t>(value, x[c]);
          }
        }
      }
      uint8_t* const y =
          arena + block.output.base + pixel.offset(task.geometries[static_cast<size_t>(block.output.geometry)]);
      const size_t channel = first_channel(task, block);
      for (int c = 0; c < channels; ++c) {
        const int32_t value = values[static_cast<size_t>(c)];
        y[c] = task.average
                   ? requantize_byte(value, task.scale[task.scale.size() == 1 ? 0 : channel + static_cast<size_t>(c)],
                                     task.requantization.zero)
                   : static_cast<uint8_t>(value);
      }
    }
  }
}

}  // namespace sixtops::cpu::engine::portable
