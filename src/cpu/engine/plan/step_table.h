// The K steps of a sum of products: which bytes of the input a pixel reads, in which order.
#pragma once

#include <cstdint>
#include <vector>

#include "cpu/engine/plan/products.h"

namespace sixtops::cpu::engine {

// What each byte of the steps is, in their order: an input channel and a tap, or nothing (-1), where weights are 0.
struct StepSources {
  std::vector<int64_t> input;
  std::vector<int64_t> tap;
};

// Steps over input channels [first, first + count) of the view and all taps, `rounds` times over; `sources` tells of
// one round. Taps of a row whose lines lie side by side become one step. Geometries are those of the input times the
// stride.
StepTable make_step_table(const Products& products, const View& input, int64_t first, int64_t count, int rounds,
                          const Lowering& lowering, std::vector<Geometry>& geometries, StepSources& sources);

}  // namespace sixtops::cpu::engine
