// im2col: the patches of a convolution as a matrix of floats, one row for each input channel and tap, one column for
// each output position.
#pragma once

#include <cstdint>

#include "cpu/engine/window_lines.h"

namespace sixtops::cpu::engine {

// How many columns to make at a time when each takes part in a product with `floats` numbers: a tile fits the
// second-level cache of current cores beside the weights, which stream through.
int64_t tile_columns(int64_t floats);

// Writes columns [first, last) of `channels` consecutive planes that begin at `planes`:
//   columns[(channel · taps + tap) · (last - first) + position - first]
// Elements outside of the picture become `pad`. T: float, or int8_t codes, which become the floats of equal value.
template <typename T>
void gather_columns(const WindowLines& lines, const T* planes, int64_t channels, float pad, int64_t first, int64_t last,
                    float* columns);

}  // namespace sixtops::cpu::engine
