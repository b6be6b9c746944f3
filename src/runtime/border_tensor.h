// The inputs and outputs of a network as programs see them, and the layouts in which their memory holds them.
//
// A program may hand over an input as bytes, codes or real values, in NCHW, NHWC or the chip's own NC1HWC2; the network
// has one element type and one order of axes. These are the descriptions; runtime/border_copy.h moves the elements.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace sixtops::runtime {

enum class Side { kInput, kOutput };

// kAsIs: rank other than 4, the network's own order.
enum class AxisOrder { kNchw, kNhwc, kNc1hwc2, kAsIs };

struct BorderTensor {
  std::string name;
  Side side = Side::kInput;

  // As the network has it. Extents may be unknown for outputs whose size depends on data.
  DType network_dtype = DType::kF32;
  Shape network_shape;
  AxisOrder network_order = AxisOrder::kAsIs;  // kNchw or kNhwc when it has four axes
  std::optional<QuantParams> quant;
  InputDescription description;  // of inputs: mean and std

  // As programs see it: codes of one scale keep their type, real values of every width are halves.
  DType dtype = DType::kF16;
  bool has_codes = false;  // quant has one scale, and elements are its codes
  int64_t batch = 1;       // 1 x 1 x 1 x count unless it has four axes
  int64_t channels = 1;
  int64_t height = 1;
  int64_t width = 1;

  bool is_static() const { return sixtops::is_static(network_shape); }
  bool has_four_axes() const { return network_order != AxisOrder::kAsIs; }
  // REQUIRES: is_static()
  int64_t count() const { return batch * channels * height * width; }
};

// How a tensor lies in memory.
struct MemoryLayout {
  DType dtype = DType::kF16;
  AxisOrder order = AxisOrder::kAsIs;
  int64_t row_pixels = 0;    // from row to row; 0: the width
  int64_t picture_rows = 0;  // from picture to picture; 0: the height
};

// kResource when a size does not fit.
Result<std::vector<BorderTensor>> describe_inputs(const Graph& graph);
Result<std::vector<BorderTensor>> describe_outputs(const Graph& graph);

// Channels that lie together in NC1HWC2: 16 of one byte, 8 of two, as on the RK3588.
int64_t channel_group(DType dtype);

// What a program gets when it asks for nothing special: NHWC inputs, NCHW outputs.
MemoryLayout logical_layout(const BorderTensor& tensor);
// What the chip reads and writes without conversion: NHWC inputs of 1, 3 or 4 channels, NC1HWC2 for other 8- and 16-bit
// tensors of four axes.
MemoryLayout native_layout(const BorderTensor& tensor);
MemoryLayout native_nhwc_layout(const BorderTensor& tensor);

// The extents in the order of the layout; five of them for NC1HWC2.
Shape layout_extents(const BorderTensor& tensor, const MemoryLayout& layout);

// Bytes from the first to the last element, gaps included. kUsage for orders that the tensor cannot have.
Result<int64_t> layout_bytes(const BorderTensor& tensor, const MemoryLayout& layout);

// Bytes that the chip needs for a tensor in its logical layout: rows and channels of outputs are rounded up.
int64_t padded_bytes(const BorderTensor& tensor);

}  // namespace sixtops::runtime
