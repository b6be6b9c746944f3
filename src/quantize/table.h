// The 256 entries of a table step, fitted: an entry is the mean of what the float network answers for the values that
// carry its code, not the activation's formula at the code's centre. Codes that calibration hardly saw lean on the
// formula.
#pragma once

#include <array>
#include <span>

#include "graph/graph.h"
#include "quantize/grid.h"

namespace sixtops::quantize {

class TableFit {
 public:
  explicit TableFit(const Grid& before) : before_(before) {}

  void add(std::span<const float> before, std::span<const float> answer);
  void add(const TableFit& other);  // of the same grid
  void add_codes(std::span<const int8_t> codes, std::span<const float> answer);

  // activation: the float node whose table it is.
  Result<std::array<int8_t, 256>> finish(const Node& activation, const Grid& after) const;

 private:
  Grid before_;
  std::array<double, 256> count_{};
  std::array<double, 256> sum_{};
};

}  // namespace sixtops::quantize
