#include "cpu/engine/peak_rate.h"

#include <gtest/gtest.h>

#include "cpu/engine/kernel/isa.h"
#include "cpu/engine/kernel/kernel_set.h"

namespace sixtops::cpu::engine {
namespace {

TEST(PeakRate, MoreThanAScalarLoopReaches) {
  const PeakRate own = measure_peak_rate(isa_name(environment_kernels().value()->isa), 1);
  const PeakRate plain = measure_peak_rate("portable", 1);
  EXPECT_GT(plain.int8_gmac_per_s, 0.0);
  EXPECT_GT(plain.float_gmac_per_s, 0.0);
  // A dot-product instruction does at least 16 multiply-accumulates, an element of a plain float sum waits for the
  // last.
  EXPECT_GE(own.int8_gmac_per_s, plain.int8_gmac_per_s);
  EXPECT_GE(own.float_gmac_per_s, plain.float_gmac_per_s);
}

}  // namespace
}  // namespace sixtops::cpu::engine
