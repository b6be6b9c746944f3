// Which input elements make an output element of a Resize on one axis, and with what weights.
//
// Formulas: ONNX operator Resize, newest opset (coordinate transformations, nearest modes, cubic convolution, and the
// kernels stretched by the scale for antialiasing). Axes are independent of each other, so a picture is resized axis
// by axis.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/graph.h"
#include "graph/resize_geometry.h"

namespace sixtops::cpu::reference {

struct Tap {
  int64_t index = 0;  // inside of the axis
  double weight = 1;
};

// taps[begin[o]] .. taps[begin[o + 1]] make output o; none where it lies outside of a cropped region.
struct AxisTaps {
  std::vector<Tap> taps;
  std::vector<size_t> begin = {0};

  size_t outputs() const { return begin.size() - 1; }
  bool is_outside(size_t output) const { return begin[output] == begin[output + 1]; }
  bool is_identity(int64_t input) const;  // output i is input i, all of them
};

// REQUIRES: axis.input > 0; the node's attributes are valid.
AxisTaps find_taps(const Node& node, const ResizedAxis& axis);

}  // namespace sixtops::cpu::reference
