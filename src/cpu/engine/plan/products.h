// Sums of products over a window, the common form of convolutions, transposed convolutions and matrix products, and
// how they become a task of the kernels.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "cpu/engine/plan/compiler.h"
#include "cpu/engine/plan/fusion.h"

namespace sixtops::cpu::engine {

// Where a tap lies relative to the first input pixel that output (0, 0) stands on; outputs are `stride` inputs apart.
struct WindowTap {
  int64_t y = 0;
  int64_t x = 0;
};

// Output channels of one of several layers that are computed together.
struct LayerChannels {
  int64_t first = 0;
  int64_t channels = 0;
  int32_t zero = 0;  // zero point + 128
  std::optional<std::array<uint8_t, 256>> table;
};

struct Products {
  int64_t channels = 0;      // output channels
  int64_t group_inputs = 0;  // input channels of a group
  int64_t groups = 1;
  std::vector<WindowTap> taps;
  // weights + weight offset, [channels][group_inputs][taps]; in int16, since the sum may need 10 bits.
  std::vector<int16_t> weights;
  std::vector<int64_t> bias;    // one a channel
  std::vector<float> scale;     // one a channel (requantization.h)
  std::vector<double> largest;  // bound of an accumulator, one a channel
  int32_t zero = 0;             // zero point + 128
  bool sums = false;
  std::vector<LayerChannels> layers;  // empty: one layer, `zero` is its own

  // Output pixel (y, x) of the extent sees input (y · stride_y + tap.y, x · stride_x + tap.x) ...
  Extent extent;
  int64_t stride_y = 1;
  int64_t stride_x = 1;
  // ... and is pixel (first_y + y · step_y, first_x + x · step_x) of the output.
  int64_t first_y = 0;
  int64_t first_x = 0;
  int64_t step_y = 1;
  int64_t step_x = 1;

  int64_t weight_count() const { return group_inputs * static_cast<int64_t>(taps.size()); }  // of a channel
};

// The halo that the taps need around an input of that height and width.
Halo needed_halo(const Products& products, const Extent& input);

// Reads bias, multipliers and offsets of a node in integer form into `products`, whose weights hold the codes, and
// bounds the accumulators. False when a list does not fit or an accumulator could leave int32.
bool read_parameters(const Node& node, const Tensor* bias, Products& products);

// Whether both sum over the same windows of the same input, so that they can be computed together.
bool have_same_windows(const Products& a, const Products& b);

// The layers side by side. REQUIRES: they have the same windows, one group, and give codes.
Products joined(const std::vector<Products>& layers);

// Depthwise layers have a kernel of their own.
bool is_depthwise(const Products& products, const View& input);

// REQUIRES: input has the halo of needed_halo(); output is a whole buffer of channels() channels.
Result<StepTask> lower_products(const Products& products, const View& input, const View& output, const Fusion& fusion,
                                Lowering& lowering);
Result<StepTask> lower_depthwise(const Products& products, const View& input, const View& output, const Fusion& fusion,
                                 Lowering& lowering);

}  // namespace sixtops::cpu::engine
