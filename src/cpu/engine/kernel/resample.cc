#include "cpu/engine/kernel/resample.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>

#include "cpu/engine/kernel/pixel_walk.h"
#include "cpu/engine/vector_clones.h"

namespace sixtops::cpu::engine {
namespace {

using reference::AxisTaps;
using reference::Tap;

std::span<const Tap> taps_of(const AxisTaps& axis, int64_t output) {
  const auto o = static_cast<size_t>(output);
  return {axis.taps.data() + axis.begin[o], axis.begin[o + 1] - axis.begin[o]};
}

bool picks(std::span<const Tap> taps) { return taps.size() == 1 && taps[0].weight == 1; }

// Weights of 8 bits behind the point: products of a code and one of each axis are sums that a float holds, so floats
// give what doubles give.
bool has_short_weights(const AxisTaps& axis) {
  return std::all_of(axis.taps.begin(), axis.taps.end(),
                     [](const Tap& tap) { return tap.weight * 256 == std::floor(tap.weight * 256); });
}

// What the taps of both axes see, `inner` summed first.
struct Window {
  std::span<const Tap> outer;
  std::span<const Tap> inner;
  int64_t outer_step = 0;  // bytes between neighbours
  int64_t inner_step = 0;
};

// Adding and subtracting 1.5 · 2^23, or 2^52 for doubles, rounds half to even.
template <typename T>
constexpr T kRound = sizeof(T) == sizeof(float) ? T(0x1.8p23) : T(0x1.8p52);

template <typename T>
[[gnu::always_inline]] inline void weigh(const Window& window, const uint8_t* from, int64_t bytes, uint8_t* to) {
  // Whole lines are summed, whatever lies behind the last byte.
  T sums[kLineBytes] = {};
  for (const Tap& outer : window.outer) {
    T partial[kLineBytes] = {};
    for (const Tap& inner : window.inner) {
      uint8_t line[kLineBytes] = {};
      std::memcpy(line, from + outer.index * window.outer_step + inner.index * window.inner_step,
                  static_cast<size_t>(bytes));
      const auto weight = static_cast<T>(inner.weight);
      for (int c = 0; c < kLineBytes; ++c) {
        partial[c] += weight * static_cast<T>(static_cast<int32_t>(line[c]) - kCodeToByte);
      }
    }
    const auto weight = static_cast<T>(outer.weight);
    for (int c = 0; c < kLineBytes; ++c) sums[c] += weight * partial[c];
  }
  uint8_t line[kLineBytes];
  for (int c = 0; c < kLineBytes; ++c) {
    line[c] = static_cast<uint8_t>(static_cast<int32_t>((sums[c] + kRound<T>)-kRound<T>) + kCodeToByte);
  }
  std::memcpy(to, line, static_cast<size_t>(bytes));
}

SIXTOPS_VECTOR_CLONES
void weigh_in_float(const Window& window, const uint8_t* from, int64_t bytes, uint8_t* to) {
  weigh<float>(window, from, bytes, to);
}
SIXTOPS_VECTOR_CLONES
void weigh_in_double(const Window& window, const uint8_t* from, int64_t bytes, uint8_t* to) {
  weigh<double>(window, from, bytes, to);
}

}  // namespace

void resample_lines(const ResampleTask& task, uint8_t* arena, PixelRange range) {
  const bool in_float = has_short_weights(task.rows) && has_short_weights(task.columns);
  for (const CopyBlock& block : task.blocks) {
    const Geometry& from = task.geometries[static_cast<size_t>(block.from.geometry)];
    const Geometry& to = task.geometries[static_cast<size_t>(block.to.geometry)];
    PixelWalk pixel(task.extent, range.first);
    for (int64_t i = range.first; i < range.last; ++i, pixel.advance(1)) {
      const uint8_t* const image = arena + block.from.base + pixel.image() * from.image;
      uint8_t* const y = arena + block.to.base + pixel.offset(to);
      const std::span<const Tap> rows = taps_of(task.rows, pixel.y());
      const std::span<const Tap> columns = taps_of(task.columns, pixel.x());
      if (rows.empty() || columns.empty()) {
        std::memset(y, task.fill, static_cast<size_t>(block.bytes));
      } else if (picks(rows) && picks(columns)) {
        std::memcpy(y, image + rows[0].index * from.row + columns[0].index * from.column,
                    static_cast<size_t>(block.bytes));
      } else {
        const Window window = task.columns_first ? Window{rows, columns, from.row, from.column}
                                                 : Window{columns, rows, from.column, from.row};
        (in_float ? weigh_in_float : weigh_in_double)(window, image, block.bytes, y);
      }
    }
  }
}

}  // namespace sixtops::cpu::engine
