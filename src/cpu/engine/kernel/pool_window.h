// Which taps of a pool's window lie on the picture.
#pragma once

#include <algorithm>

#include "cpu/engine/kernel/kernel_set.h"

namespace sixtops::cpu::engine {

inline int64_t tap_of(const PoolAxis& axis, int64_t output, int64_t k) {
  return output * axis.stride - axis.pad + k * axis.dilation;
}

// Where the scales of a block's channels begin in a list of one a channel.
inline size_t first_channel(const PoolTask& task, const LineBlock& block) {
  return static_cast<size_t>(&block - task.blocks.data()) * kLineBytes;
}

struct TapRange {
  int64_t begin = 0;
  int64_t end = 0;
  int64_t count() const { return end - begin; }
};

inline TapRange taps_inside(const PoolAxis& axis, int64_t output) {
  const int64_t first = tap_of(axis, output, 0);
  const int64_t begin = first >= 0 ? 0 : (-first + axis.dilation - 1) / axis.dilation;
  const int64_t end = first >= axis.input ? 0 : (axis.input - 1 - first) / axis.dilation + 1;
  return {std::min(begin, axis.kernel), std::max(std::min(begin, axis.kernel), std::min(end, axis.kernel))};
}

}  // namespace sixtops::cpu::engine
