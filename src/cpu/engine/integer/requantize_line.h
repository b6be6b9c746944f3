// The two roundings of graph/requantize.h, many accumulators at a time and as plain double arithmetic that vectorizes.
//
// It is exact: acc · C has at most 46 bits and the division by 2^s moves the exponent alone, so the product is the
// definition's; adding and subtracting 1.5 · 2^52 rounds a double below 2^51 half to even.
#pragma once

#include <cstdint>

namespace sixtops::cpu::engine {

// C · 2^-s
double requantize_scale(int16_t multiplier, int shift);

// One multiplier for all.
void requantize_line(const int32_t* accumulators, int64_t count, double scale, int zero_point, int8_t* codes);

// One multiplier an element.
void requantize_line(const int32_t* accumulators, int64_t count, const double* scales, int zero_point, int8_t* codes);

}  // namespace sixtops::cpu::engine
