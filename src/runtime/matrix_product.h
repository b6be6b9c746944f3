// Products of two matrices: exact for codes, in float32 for values.
#pragma once

#include <cstdint>

namespace sixtops::runtime {

// sums[rows, columns] = a[rows, depth] x the transpose of b[columns, depth], all by rows; sums wrap modulo 2^32, which
// takes more than 131,071 products. Uses the process's threads. REQUIRES: all extents >= 1.
void multiply_codes(int64_t rows, int64_t columns, int64_t depth, const int8_t* a, const int8_t* b, int32_t* sums);

// sums[rows, columns] = a[rows, depth] x the transpose of b[columns, depth] in float32.
void multiply_values(int64_t rows, int64_t columns, int64_t depth, const float* a, const float* b, float* sums);

}  // namespace sixtops::runtime
