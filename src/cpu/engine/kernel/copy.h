// Copies between planes of different form: parts of lines, pixels with steps and shifts.
#pragma once

#include <vector>

#include "cpu/engine/kernel/kernel_set.h"

namespace sixtops::cpu::engine {

struct CopyBlock {
  Line from;
  Line to;
  int64_t bytes = 0;  // of each pixel
};

struct CopyTask {
  Extent extent;
  std::vector<Geometry> geometries;
  std::vector<CopyBlock> blocks;
};

void copy_lines(const CopyTask& task, uint8_t* arena, PixelRange range);

}  // namespace sixtops::cpu::engine
