// A weighted integer node (Conv, Gemm, MatMul) made ready for float matrix products that lose nothing.
//
// Codes and weights are small integers, so a float sums their products exactly as long as no partial sum leaves 2^24.
// Layers sum `chunk` products in float and the chunks in int32.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "cpu/engine/kernels.h"

namespace sixtops::cpu::engine {

struct IntegerLayer {
  int64_t channels = 0;
  int64_t depth = 0;           // products a sum
  int64_t chunk = 0;           // how many of them a float sums exactly
  std::vector<float> weights;  // w + weight_offset, [channels, depth]: the window sum comes free
  std::vector<int32_t> bias;   // one a channel
  std::vector<double> scale;   // C · 2^-s, one a channel
  int zero_point = 0;

  // Reads the node's integer attributes and the bias (operand 2). Weight k of channel c is element c · channel_stride +
  // k · depth_stride of `weights`. Nothing when operands have other types or lengths, or when an accumulator could
  // leave int32: the reference kernel then gives the answer or the error.
  static std::optional<IntegerLayer> make(const Arguments& arguments, std::span<const int8_t> weights, int64_t channels,
                                          int64_t depth, int64_t channel_stride, int64_t depth_stride);
};

// accumulators[i] += products[i], which are whole numbers.
void add_products(const float* products, int64_t count, int32_t* accumulators);

}  // namespace sixtops::cpu::engine
