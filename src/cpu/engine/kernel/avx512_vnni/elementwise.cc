// Tables, additions and products, a line at a time.
#if defined(__x86_64__)

#include "cpu/engine/kernel/avx512_vnni/epilogue.h"
#include "cpu/engine/kernel/avx512_vnni/kernels.h"
#include "cpu/engine/kernel/pixel_walk.h"

namespace sixtops::cpu::engine::avx512_vnni {
namespace {

// Stores combine(line of a, line of b) for every line of the range; plane by plane, since planes lie far apart.
template <typename Task, typename Combine>
SIXTOPS_INLINE void for_each_line(const Task& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range,
                                  const Combine& combine) {
  for (const LineBlock& block : blocks) {
    const __mmask64 mask = line_mask(block.vectors);
    const Geometry& a = task.geometries[static_cast<size_t>(block.a.geometry)];
    const Geometry& b = task.geometries[static_cast<size_t>(block.b.geometry)];
    const Geometry& y = task.geometries[static_cast<size_t>(block.output.geometry)];
    PixelWalk pixel(task.extent, range.first);
    for (int64_t i = range.first; i < range.last; ++i, pixel.advance(1)) {
      const __m512i first = _mm512_maskz_loadu_epi8(mask, arena + block.a.base + pixel.offset(a));
      const __m512i second = _mm512_maskz_loadu_epi8(mask, arena + block.b.base + pixel.offset(b));
      _mm512_mask_storeu_epi8(arena + block.output.base + pixel.offset(y), mask, combine(first, second));
    }
  }
}

}  // namespace

void look_up(const TableTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range) {
  for_each_line(
      task, blocks, arena,
      range, [&](__m512i a, __m512i) __attribute__((always_inline)) { return looked_up(a, task.table); });
}

void add(const AdditionTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range) {
  for_each_line(
      task, blocks, arena,
      range, [&](__m512i a, __m512i b) __attribute__((always_inline)) { return added(a, b, task.addition); });
}

void multiply(const ProductTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range) {
  const __m512i a_zero = _mm512_set1_epi32(task.zero[0]);
  const __m512i b_zero = _mm512_set1_epi32(task.zero[1]);
  const __m512 scale = _mm512_set1_ps(task.scale);
  const auto product = [&](__m512i a, __m512i b) __attribute__((always_inline)) {
    const __m512i sum = _mm512_mullo_epi32(_mm512_sub_epi32(a, a_zero), _mm512_sub_epi32(b, b_zero));
    return requantized(sum, scale, task.requantization.in_float);
  };
  for_each_line(
      task, blocks, arena, range, [&](__m512i a, __m512i b) __attribute__((always_inline)) {
        return from_neighbours(packed_bytes(
            product(widened<0>(a), widened<0>(b)), product(widened<1>(a), widened<1>(b)),
            product(widened<2>(a), widened<2>(b)), product(widened<3>(a), widened<3>(b)), task.requantization.zero));
      });
}

}  // namespace sixtops::cpu::engine::avx512_vnni

#endif
