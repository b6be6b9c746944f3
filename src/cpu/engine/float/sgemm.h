// The one door to the BLAS: single-precision matrix product on the caller's thread.
#pragma once

#include <cstdint>

namespace sixtops::cpu::engine {

// A row-major matrix, or with `transposed` the transpose of one; `stride` is the distance between stored rows.
struct Matrix {
  const float* data = nullptr;
  int64_t stride = 0;
  bool transposed = false;
};

// c[rows, columns] = a[rows, depth] · b[depth, columns] + beta · c. Nothing in parallel: callers split the work.
// REQUIRES: all extents fit int32.
void sgemm(int64_t rows, int64_t columns, int64_t depth, const Matrix& a, const Matrix& b, float beta, float* c,
           int64_t c_stride);

}  // namespace sixtops::cpu::engine
