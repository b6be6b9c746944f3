// The two grids of a layer whose activation is a table: accumulator → code → table → code.
//
// Both are chosen together, by the squared error AFTER the activation against the float network's answer: a SiLU needs
// no codes for what lies far below zero, and a table entry can be the best answer for its code instead of the
// formula's.
#pragma once

#include <optional>

#include "quantize/grid.h"
#include "quantize/quantize.h"
#include "quantize/target_histogram.h"

namespace sixtops::quantize {

struct ActivationGrids {
  Grid before;  // codes that index the table
  Grid after;   // codes that the table answers
};

// v of the histogram: the accumulator's real value; t: the float answer, between target_low and target_high.
// fixed_after: the output grid, where something else decides it (a shared scale, a sigmoid).
ActivationGrids search_activation_grids(const TargetHistogram& histogram, double target_low, double target_high,
                                        std::optional<Grid> fixed_after, RangeRule rule);

}  // namespace sixtops::quantize
