// Where the windows of a convolution or a pool lie on one spatial axis: the arithmetic that shape rules, kernels and
// the quantizer share.
//
// Formulas: ONNX operators Conv, ConvTranspose, MaxPool and AveragePool, newest opset. Every operation is checked for
// overflow, because extents come from files. Thread safety: pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/graph.h"

namespace sixtops {

// One spatial axis. Tap k of window o lies on input element o * stride - pad_begin + k * dilation; for a transposed
// convolution tap k of input i lies on output element i * stride - pad_begin + k * dilation.
struct Window {
  int64_t input = 0;  // extents; kUnknownExtent when the input's is not known
  int64_t output = 0;
  int64_t kernel = 1;
  int64_t stride = 1;
  int64_t dilation = 1;
  int64_t pad_begin = 0;  // resolved from auto_pad too; 0 for SAME_* while the input is unknown
  int64_t pad_end = 0;

  int64_t tap(int64_t window, int64_t k) const { return window * stride - pad_begin + k * dilation; }

  // Elements between the first and the last tap, both included.
  int64_t reach() const { return (kernel - 1) * dilation + 1; }
};

// Windows of a Conv, ConvInteger, QLinearConv, DeformConv, MaxPool, AveragePool or LpPool: one an axis behind batch and
// channels. `input` is the whole shape of the data; `kernel` the spatial extents of the weights, empty for pools, which
// have kernel_shape. With ceil_mode the last window starts inside of the input or of the padding before it.
// kInvalidData when lists and rank contradict each other or the kernel does not fit into the padded input.
Result<std::vector<Window>> resolve_windows(const Node& node, const Shape& input, std::span<const int64_t> kernel);

// Windows of a ConvTranspose or MaxUnpool: `output` is the larger side. output_shape and SAME_* decide the pads, which
// are never negative: an output larger than the windows reach ends in elements that no tap touches.
Result<std::vector<Window>> resolve_transposed_windows(const Node& node, const Shape& input,
                                                       std::span<const int64_t> kernel);

}  // namespace sixtops
