// Copies a tensor through one index table an axis: padding by any rule, cropping, and nearest-neighbour resizing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "graph/tensor.h"

namespace sixtops::cpu::reference {

// A table entry that takes the fill value instead of an element.
inline constexpr int64_t kOutside = -1;

using IndexTables = std::vector<std::vector<int64_t>>;

// to[i, j, ...] = from[tables[0][i], tables[1][j], ...], or `fill` where an entry is kOutside.
// REQUIRES: tables[a] has to.shape()[a] entries, each kOutside or inside of from.shape()[a]; fill is one element, or
// null where nothing is outside.
void copy_indexed(const Tensor& from, const IndexTables& tables, const std::byte* fill, Tensor& to);

}  // namespace sixtops::cpu::reference
