// Largest bytes and averages under a window, a line at a time.
#if defined(__x86_64__)

#include "cpu/engine/kernel/avx512_vnni/epilogue.h"
#include "cpu/engine/kernel/avx512_vnni/kernels.h"
#include "cpu/engine/kernel/pixel_walk.h"
#include "cpu/engine/kernel/pool_window.h"

namespace sixtops::cpu::engine::avx512_vnni {
namespace {

// visit(line) for every tap of a window that lies on the picture.
template <typename Visit>
SIXTOPS_INLINE void for_each_tap(const PoolTask& task, const PixelWalk& pixel, const Geometry& geometry,
                                 const TapRange& rows, const TapRange& columns, const uint8_t* plane,
                                 const Visit& visit) {
  for (int64_t ky = rows.begin; ky < rows.end; ++ky) {
    for (int64_t kx = columns.begin; kx < columns.end; ++kx) {
      visit(plane +
            geometry.offset(pixel.image(), tap_of(task.rows, pixel.y(), ky), tap_of(task.columns, pixel.x(), kx)));
    }
  }
}

SIXTOPS_INLINE __m512i averaged(const PoolTask& task, const __m512i* sums, size_t channel) {
  __m512i quarters[4];
  for (size_t q = 0; q < 4; ++q) {
    const __m512 scale =
        task.scale.size() == 1 ? _mm512_set1_ps(task.scale[0]) : _mm512_loadu_ps(task.scale.data() + channel + q * 16);
    quarters[q] = requantized(sums[q], scale, task.requantization.in_float);
  }
  return from_neighbours(packed_bytes(quarters[0], quarters[1], quarters[2], quarters[3], task.requantization.zero));
}

}  // namespace

void pool(const PoolTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range) {
  for (const LineBlock& block : blocks) {
    const __mmask64 mask = line_mask(block.vectors);
    const Geometry& from = task.geometries[static_cast<size_t>(block.a.geometry)];
    const Geometry& to = task.geometries[static_cast<size_t>(block.output.geometry)];
    const uint8_t* const plane = arena + block.a.base;
    PixelWalk pixel(task.extent, range.first);
    for (int64_t i = range.first; i < range.last; ++i, pixel.advance(1)) {
      const TapRange rows = taps_inside(task.rows, pixel.y());
      const TapRange columns = taps_inside(task.columns, pixel.x());
      uint8_t* const y = arena + block.output.base + pixel.offset(to);
      if (!task.average) {
        __m512i largest = _mm512_setzero_si512();
        for_each_tap(
            task, pixel, from, rows, columns, plane, [&](const uint8_t* line) __attribute__((always_inline)) {
              largest = _mm512_max_epu8(largest, _mm512_maskz_loadu_epi8(mask, line));
            });
        _mm512_mask_storeu_epi8(y, mask, largest);
        continue;
      }
      const int64_t outside = task.rows.kernel * task.columns.kernel - rows.count() * columns.count();
      const __m512i bias = _mm512_set1_epi32(task.bias + static_cast<int32_t>(outside) * task.pad);
      __m512i sums[4] = {bias, bias, bias, bias};
      for_each_tap(
          task, pixel, from, rows, columns, plane, [&](const uint8_t* line) __attribute__((always_inline)) {
            const __m512i bytes = _mm512_maskz_loadu_epi8(mask, line);
            sums[0] = _mm512_add_epi32(sums[0], widened<0>(bytes));
            sums[1] = _mm512_add_epi32(sums[1], widened<1>(bytes));
            sums[2] = _mm512_add_epi32(sums[2], widened<2>(bytes));
            sums[3] = _mm512_add_epi32(sums[3], widened<3>(bytes));
          });
      _mm512_mask_storeu_epi8(y, mask, averaged(task, sums, first_channel(task, block)));
    }
  }
}

}  // namespace sixtops::cpu::engine::avx512_vnni

#endif
