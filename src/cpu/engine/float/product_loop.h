// The loop of product_kernel.h for one vector width. A file an instruction set includes it and is compiled for that set
// alone; everything here is local to such a file, so that no other code can be linked to instructions that its machine
// lacks, and nothing of the standard library is called.
#pragma once

#include "cpu/engine/float/product_kernel.h"

namespace sixtops::cpu::engine {
namespace {

template <int kFloats>
struct VectorOf {
  typedef float type __attribute__((vector_size(kFloats * sizeof(float)), aligned(sizeof(float)), may_alias));
};

// kRows channels from `row` on.
template <int kFloats, int kRows, int kVectors>
[[gnu::always_inline]] inline void multiply_rows(const ProductTask& task, int row, const float* input, int64_t first) {
  using Vector = typename VectorOf<kFloats>::type;
  Vector sums[kRows][kVectors];
  const float* weights[kRows];
  for (int r = 0; r < kRows; ++r) {
    weights[r] = task.weights[row + r];
    for (int v = 0; v < kVectors; ++v) sums[r][v] = Vector{} + task.bias[row + r];
  }
  const int64_t depth = task.depth;
  for (int64_t k = 0; k < depth; ++k) {
    const float* const from = input + first + task.offsets[k];
    Vector x[kVectors];
    for (int v = 0; v < kVectors; ++v) x[v] = *reinterpret_cast<const Vector*>(from + v * kFloats);
    for (int r = 0; r < kRows; ++r) {
      const float w = weights[r][k];
      for (int v = 0; v < kVectors; ++v) sums[r][v] += w * x[v];
    }
  }
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVectors; ++v) {
      *reinterpret_cast<Vector*>(task.out[row + r] + first + v * kFloats) = sums[r][v];
    }
  }
}

// kRows · 3 accumulators, 3 vectors of input and a weight have to fit the registers.
template <int kFloats, int kRows>
void multiply(const ProductTask& task, const float* input, int64_t first, int vectors) {
  for (int row = 0; row < kProductRows; row += kRows) {
    if (vectors == 3) multiply_rows<kFloats, kRows, 3>(task, row, input, first);
    if (vectors == 2) multiply_rows<kFloats, kRows, 2>(task, row, input, first);
    if (vectors == 1) multiply_rows<kFloats, kRows, 1>(task, row, input, first);
  }
}

}  // namespace
}  // namespace sixtops::cpu::engine
