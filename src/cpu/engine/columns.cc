#include "cpu/engine/columns.h"

#include <algorithm>

#include "cpu/engine/vector_clones.h"

namespace sixtops::cpu::engine {
namespace {

SIXTOPS_VECTOR_CLONES
void copy_line(const float* from, int64_t step, int64_t count, float* to) {
  if (step == 1) {
    std::copy_n(from, count, to);
  } else if (step == 2) {
    for (int64_t i = 0; i < count; ++i) to[i] = from[2 * i];
  } else {
    for (int64_t i = 0; i < count; ++i) to[i] = from[i * step];
  }
}

SIXTOPS_VECTOR_CLONES
void copy_line(const int8_t* from, int64_t step, int64_t count, float* to) {
  if (step == 1) {
    for (int64_t i = 0; i < count; ++i) to[i] = from[i];
  } else {
    for (int64_t i = 0; i < count; ++i) to[i] = from[i * step];
  }
}

}  // namespace

int64_t tile_columns(int64_t floats) {
  constexpr int64_t kTileFloats = 160 * 1024;
  constexpr int64_t kMaxColumns = 4096;
  // Narrower products are slow; but layers of absurd depth should not take absurd memory.
  constexpr int64_t kMinColumns = 96;
  constexpr int64_t kMaxTileFloats = 16 * 1024 * 1024;
  return std::clamp(kTileFloats / floats, floats <= kMaxTileFloats / kMinColumns ? kMinColumns : 1, kMaxColumns);
}

template <typename T>
void gather_columns(const WindowLines& lines, const T* planes, int64_t channels, float pad, int64_t first, int64_t last,
                    float* columns) {
  const int64_t width = last - first;
  const int64_t length = lines.line_length();
  for (int64_t tap = 0; tap < lines.tap_count(); ++tap) {
    for (int64_t line = first / length; line * length < last; ++line) {
      // The part of this line that lies in [first, last), in the line's own coordinates.
      const int64_t line_begin = std::max<int64_t>(first - line * length, 0);
      const int64_t line_end = std::min<int64_t>(last - line * length, length);
      const WindowLines::Source source = lines.source(line, tap);
      const int64_t begin = std::clamp(source.begin, line_begin, line_end);
      const int64_t end = std::clamp(source.end, begin, line_end);
      for (int64_t channel = 0; channel < channels; ++channel) {
        float* const row = columns + (channel * lines.tap_count() + tap) * width + line * length - first;
        std::fill(row + line_begin, row + begin, pad);
        if (begin < end) {
          copy_line(planes + channel * lines.plane_size() + source.element + begin * lines.step(), lines.step(),
                    end - begin, row + begin);
        }
        std::fill(row + end, row + line_end, pad);
      }
    }
  }
}

template void gather_columns<float>(const WindowLines&, const float*, int64_t, float, int64_t, int64_t, float*);
template void gather_columns<int8_t>(const WindowLines&, const int8_t*, int64_t, float, int64_t, int64_t, float*);

}  // namespace sixtops::cpu::engine
