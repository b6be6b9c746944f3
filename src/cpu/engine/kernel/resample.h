// Pictures on another grid of pixels: each output pixel is a weighed sum of input pixels, axis by axis, rounded half to
// even; or one pixel alone; or a fill where an axis sees nothing.
#pragma once

#include <vector>

#include "cpu/engine/kernel/copy.h"
#include "cpu/reference/resize_taps.h"

namespace sixtops::cpu::engine {

struct ResampleTask {
  Extent extent;  // of the output
  reference::AxisTaps rows;
  reference::AxisTaps columns;
  bool columns_first = false;  // the order in which the reference kernel sums
  uint8_t fill = 0;            // a byte
  std::vector<Geometry> geometries;
  std::vector<CopyBlock> blocks;  // at most a line's bytes each
};

// The codes of reference::kernels::Resize and Pad. REQUIRES: the weights of an output are not negative and sum to 1, up
// to rounding.
void resample_lines(const ResampleTask& task, uint8_t* arena, PixelRange range);

}  // namespace sixtops::cpu::engine
