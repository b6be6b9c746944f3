// When a requantization may be computed in one float instruction (kernel/kernel_set.h says how).
#pragma once

#include <cstdint>

namespace sixtops::cpu::engine {

// C · 2^-(s + 12), which a float holds exactly.
float requantization_scale(int64_t multiplier, int shift);

// Whether every accumulator of at most `largest` in magnitude comes out right: those that do not saturate have to be
// whole numbers that a float holds (up to 2^24), and the sum has to stay in int32 after the conversion.
bool requantizes_in_float(double largest, float scale);

}  // namespace sixtops::cpu::engine
