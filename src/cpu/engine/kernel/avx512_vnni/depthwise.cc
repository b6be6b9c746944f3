// Depthwise convolutions: the lines of four taps of a column are interleaved, so that vpdpbusd sums the four products
// of a channel. Neighbouring outputs of 3 x 3 layers with stride 1 share their columns.
#if defined(__x86_64__)

#include <algorithm>
#include <array>
#include <vector>

#include "cpu/engine/kernel/avx512_vnni/epilogue.h"
#include "cpu/engine/kernel/avx512_vnni/kernels.h"
#include "cpu/engine/kernel/pixel_walk.h"

namespace sixtops::cpu::engine::avx512_vnni {
namespace {

// Vector v holds four bytes of each of the channels 16 · L + 4 · v .. + 3 in its lanes L.
struct Column {
  __m512i v[4];
};

SIXTOPS_INLINE Column interleaved(__m512i a, __m512i b, __m512i c, __m512i d) {
  const __m512i low_ab = _mm512_unpacklo_epi8(a, b);
  const __m512i high_ab = _mm512_unpackhi_epi8(a, b);
  const __m512i low_cd = _mm512_unpacklo_epi8(c, d);
  const __m512i high_cd = _mm512_unpackhi_epi8(c, d);
  return {{_mm512_unpacklo_epi16(low_ab, low_cd), _mm512_unpackhi_epi16(low_ab, low_cd),
           _mm512_unpacklo_epi16(high_ab, high_cd), _mm512_unpackhi_epi16(high_ab, high_cd)}};
}

SIXTOPS_INLINE void accumulate(Column& sums, const Column& bytes, const Column& weights) {
  for (int v = 0; v < 4; ++v) sums.v[v] = _mm512_dpbusd_epi32(sums.v[v], bytes.v[v], weights.v[v]);
}

// 64 numbers of 32 bits in the order of a Column.
SIXTOPS_INLINE Column in_column_order(const uint8_t* numbers) {
  Column column;
  for (int v = 0; v < 4; ++v) {
    const auto lane = [&](int l) __attribute__((always_inline)) {
      return _mm_loadu_si128(reinterpret_cast<const __m128i*>(numbers + (4 * l + v) * 16));
    };
    __m512i vector = _mm512_castsi128_si512(lane(0));
    vector = _mm512_inserti32x4(vector, lane(1), 1);
    vector = _mm512_inserti32x4(vector, lane(2), 2);
    column.v[v] = _mm512_inserti32x4(vector, lane(3), 3);
  }
  return column;
}

constexpr int kTogether = 4;  // taps of a column in one step
constexpr int64_t kMostSteps = kMostDepthwiseTaps;

struct Window {
  int64_t width = 0;
  int64_t height = 0;

  int64_t steps_of_column() const { return (height + kTogether - 1) / kTogether; }
  int64_t steps() const { return width * steps_of_column(); }
};

// Steps of a window: offsets of the four taps, and their weights.
struct Steps {
  std::array<std::array<int64_t, kTogether>, kMostSteps> taps;
  std::array<Column, kMostSteps> weights;
};

void make_steps(const DepthwiseBlock& block, const Window& window, Steps& steps) {
  size_t step = 0;
  for (int64_t x = 0; x < window.width; ++x) {
    for (int64_t first = 0; first < window.height; first += kTogether, ++step) {
      __m512i lines[kTogether];
      for (int64_t i = 0; i < kTogether; ++i) {
        const bool inside = first + i < window.height;
        const int64_t tap = (inside ? first + i : first) * window.width + x;
        steps.taps[step][static_cast<size_t>(i)] = block.taps[static_cast<size_t>(tap)];
        lines[i] = inside ? _mm512_loadu_si512(block.packed + tap * kLineBytes) : _mm512_setzero_si512();
      }
      steps.weights[step] = interleaved(lines[0], lines[1], lines[2], lines[3]);
    }
  }
}

SIXTOPS_INLINE Column load_column(const uint8_t* pixel, const std::array<int64_t, kTogether>& taps, __mmask64 mask) {
  return interleaved(_mm512_maskz_loadu_epi8(mask, pixel + taps[0]), _mm512_maskz_loadu_epi8(mask, pixel + taps[1]),
                     _mm512_maskz_loadu_epi8(mask, pixel + taps[2]), _mm512_maskz_loadu_epi8(mask, pixel + taps[3]));
}

// What the pixels of a block share.
struct Ending {
  const DepthwiseBlock& block;
  Column bias;
  __m512 scale[4];
  __mmask64 mask;

  explicit Ending(const DepthwiseBlock& given) : block(given), mask(line_mask(given.vectors)) {
    const uint8_t* const numbers = given.packed + kLineBytes * static_cast<int64_t>(given.taps.size());
    bias = in_column_order(numbers);
    const Column scales = in_column_order(numbers + kLineBytes * 4);
    for (int v = 0; v < 4; ++v) scale[v] = _mm512_castsi512_ps(scales.v[v]);
  }

  SIXTOPS_INLINE void finish(const Column& sums, const uint8_t* residual, uint8_t* y) const {
    __m512i quarters[4];
    for (int v = 0; v < 4; ++v) quarters[v] = requantized(sums.v[v], scale[v], block.requantization.in_float);
    __m512i bytes = packed_bytes(quarters[0], quarters[1], quarters[2], quarters[3], block.requantization.zero);
    if (block.table != nullptr) bytes = looked_up(bytes, block.table);
    if (block.addition != nullptr) bytes = added(bytes, _mm512_maskz_loadu_epi8(mask, residual), *block.addition);
    _mm512_mask_storeu_epi8(y, mask, bytes);
  }
};

// Neighbours of a row, from x, residual and y on, that lie these distances apart.
struct RowPart {
  const uint8_t* x = nullptr;
  const uint8_t* residual = nullptr;
  uint8_t* y = nullptr;
  int64_t x_step = 0;
  int64_t residual_step = 0;
  int64_t y_step = 0;
  int64_t count = 0;
};

void compute_row(const Ending& ending, const Steps& steps, int64_t count, RowPart row) {
  for (int64_t i = 0; i < row.count; ++i) {
    Column sums = ending.bias;
    for (size_t step = 0; step < static_cast<size_t>(count); ++step) {
      accumulate(sums, load_column(row.x, steps.taps[step], ending.mask), steps.weights[step]);
    }
    ending.finish(sums, row.residual, row.y);
    row.x += row.x_step;
    row.residual += row.residual_step;
    row.y += row.y_step;
  }
}

// Three columns of one step each, output i + 1 beginning at the second column of output i.
void compute_sharing_row(const Ending& ending, const Steps& steps, RowPart row) {
  Column first = load_column(row.x, steps.taps[0], ending.mask);
  Column second = load_column(row.x, steps.taps[1], ending.mask);
  const auto next = [&](const Column& a, const Column& b, Column& c) __attribute__((always_inline)) {
    c = load_column(row.x, steps.taps[2], ending.mask);
    Column sums = ending.bias;
    accumulate(sums, a, steps.weights[0]);
    accumulate(sums, b, steps.weights[1]);
    accumulate(sums, c, steps.weights[2]);
    ending.finish(sums, row.residual, row.y);
    row.x += row.x_step;
    row.residual += row.residual_step;
    row.y += row.y_step;
  };
  Column third;
  int64_t i = 0;
  for (; i + 3 <= row.count; i += 3) {
    next(first, second, third);
    next(second, third, first);
    next(third, first, second);
  }
  if (i++ < row.count) next(first, second, third);
  if (i++ < row.count) next(second, third, first);
}

}  // namespace

void depthwise(const DepthwiseTask& task, std::span<const DepthwiseBlock> blocks, uint8_t* arena, PixelRange range) {
  Steps steps;
  for (const DepthwiseBlock& block : blocks) {
    const auto taps = static_cast<int64_t>(block.taps.size());
    const Window window{task.kernel_width, taps / task.kernel_width};
    make_steps(block, window, steps);
    const Ending ending(block);
    const auto geometry = [&](const Line& line) -> const Geometry& {
      return task.geometries[static_cast<size_t>(line.geometry)];
    };
    const bool sharing = window.width == 3 && window.height <= kTogether &&
                         block.taps[1] - block.taps[0] == geometry(block.input).column;
    PixelWalk pixel(task.extent, range.first);
    for (int64_t i = range.first; i < range.last;) {
      const auto place = [&](const Line& line) { return arena + line.base + pixel.offset(geometry(line)); };
      const RowPart row{place(block.input),
                        place(block.residual),
                        place(block.output),
                        geometry(block.input).column,
                        geometry(block.residual).column,
                        geometry(block.output).column,
                        std::min(range.last - i, pixel.left_in_row())};
      sharing ? compute_sharing_row(ending, steps, row) : compute_row(ending, steps, window.steps(), row);
      i += row.count;
      pixel.advance(row.count);
    }
  }
}

}  // namespace sixtops::cpu::engine::avx512_vnni

#endif
