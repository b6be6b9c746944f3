// Index tensors: read as int64, negative ones counted from the end, and every one checked.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/tensor.h"

namespace sixtops::cpu::reference {

// Index in [-extent, extent) → [0, extent).
Result<int64_t> normalize_index(int64_t index, int64_t extent);

// All indices of an integer tensor into an axis of that extent.
Result<std::vector<int64_t>> read_indices(const Tensor& indices, int64_t extent);

// Indices of GatherElements and ScatterElements: as many axes as the data, and beside `axis` none longer than its own.
Status check_index_shape(const Tensor& indices, const Shape& data, size_t axis);

// Offsets that tuples along the last axis of `indices` lead to: entry k of a tuple counts along axis first_axis + k of
// `data`. One an index tuple, in order.
Result<std::vector<int64_t>> read_index_tuples(const Tensor& indices, const Shape& data, size_t first_axis);

}  // namespace sixtops::cpu::reference
