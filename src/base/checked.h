// Arithmetic on sizes that come from files: nullopt-free, overflow says so instead of wrapping.
#pragma once

#include <cstdint>

#include "base/error.h"

namespace sixtops {

inline Result<int64_t> checked_multiply(int64_t a, int64_t b) {
  int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product))
    return resource_error("size overflow: {} x {} does not fit 64 bits", a, b);
  return product;
}

inline Result<int64_t> checked_add(int64_t a, int64_t b) {
  int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return resource_error("size overflow: {} + {} does not fit 64 bits", a, b);
  return sum;
}

}  // namespace sixtops
