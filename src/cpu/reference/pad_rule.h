// What the modes of ONNX's Pad put beyond the ends of an axis.
#pragma once

#include <cstdint>
#include <string_view>

namespace sixtops::cpu::reference {

// Where element `index` of the unpadded axis, which may lie outside of it, is taken from; kOutside (indexed_copy.h):
// the fill value. REQUIRES: extent > 0, except in the constant mode.
using PadRule = int64_t (*)(int64_t index, int64_t extent);

PadRule find_pad_rule(std::string_view mode);

}  // namespace sixtops::cpu::reference
