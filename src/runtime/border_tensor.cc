#include "runtime/border_tensor.h"

#include <algorithm>
#include <limits>

#include "base/checked.h"

namespace sixtops::runtime {
namespace {

int64_t round_up(int64_t value, int64_t step) { return (value + step - 1) / step * step; }

bool is_real(DType dtype) { return is_float(dtype); }

// The chip's picture inputs.
bool has_picture_channels(int64_t channels) { return channels == 1 || channels == 3 || channels == 4; }

// A picture network that takes its channels last keeps its own order; all others are NCHW.
AxisOrder order_of(const Shape& shape, bool is_picture) {
  if (shape.size() != 4) return AxisOrder::kAsIs;
  const auto is_picture_depth = [](int64_t extent) { return extent == 1 || extent == 3; };
  const bool channels_last = is_picture && is_picture_depth(shape[3]) && !is_picture_depth(shape[1]);
  return channels_last ? AxisOrder::kNhwc : AxisOrder::kNchw;
}

// Larger tensors could not be told to programs, whose sizes have 32 bits.
constexpr int64_t kMaxBorderBytes = std::numeric_limits<uint32_t>::max() / 8;

Result<BorderTensor> describe(const Value& value, Side side, const InputDescription& description) {
  if (!value.shape)
    return unsupported("tensor '{}' has no known rank; convert the model with fixed shapes", value.name);
  BorderTensor tensor;
  tensor.name = value.name;
  tensor.side = side;
  tensor.network_dtype = value.dtype;
  tensor.network_shape = *value.shape;
  tensor.quant = value.quant;
  tensor.description = description;
  tensor.has_codes = value.quant && value.quant->per_tensor() && dtype_size(value.dtype) == 1;
  const bool is_dequantized = value.quant && !tensor.has_codes;
  tensor.dtype = is_real(value.dtype) || is_dequantized ? DType::kF16 : value.dtype;
  tensor.network_order = order_of(tensor.network_shape, description.is_picture);
  if (!tensor.is_static()) {
    tensor.network_order = AxisOrder::kAsIs;
    return tensor;
  }
  const int64_t count = TRY(element_count(tensor.network_shape));
  if (count > kMaxBorderBytes) {
    return resource_error("tensor '{}' has {} elements, at most {} are supported", value.name, count, kMaxBorderBytes);
  }
  if (tensor.has_four_axes()) {
    const bool is_nhwc = tensor.network_order == AxisOrder::kNhwc;
    const Shape& shape = tensor.network_shape;
    tensor.batch = shape[0];
    tensor.channels = shape[is_nhwc ? 3 : 1];
    tensor.height = shape[is_nhwc ? 1 : 2];
    tensor.width = shape[is_nhwc ? 2 : 3];
  } else {
    tensor.width = count;
  }
  return tensor;
}

}  // namespace

Result<std::vector<BorderTensor>> describe_inputs(const Graph& graph) {
  std::vector<BorderTensor> tensors;
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    const bool is_described = i < graph.input_descriptions.size();
    const InputDescription description = is_described ? graph.input_descriptions[i] : InputDescription();
    tensors.push_back(TRY(describe(graph.value(graph.inputs[i]), Side::kInput, description)));
    if (!tensors.back().is_static()) {
      return unsupported("input '{}' is {}; convert the model with fixed input shapes", tensors.back().name,
                         shape_text(tensors.back().network_shape));
    }
  }
  return tensors;
}

Result<std::vector<BorderTensor>> describe_outputs(const Graph& graph) {
  std::vector<BorderTensor> tensors;
  for (const ValueId id : graph.outputs) tensors.push_back(TRY(describe(graph.value(id), Side::kOutput, {})));
  return tensors;
}

int64_t channel_group(DType dtype) { return dtype_size(dtype) == 1 ? 16 : 8; }

MemoryLayout native_nhwc_layout(const BorderTensor& tensor) {
  if (!tensor.has_four_axes()) return {tensor.dtype, AxisOrder::kAsIs};
  MemoryLayout layout{tensor.dtype, AxisOrder::kNhwc, tensor.width};
  if (tensor.side == Side::kInput && has_picture_channels(tensor.channels)) {
    layout.row_pixels = round_up(tensor.width, channel_group(tensor.dtype));
  }
  return layout;
}

MemoryLayout logical_layout(const BorderTensor& tensor) {
  if (tensor.side == Side::kInput || !tensor.has_four_axes()) return native_nhwc_layout(tensor);
  return {tensor.dtype, AxisOrder::kNchw};
}

MemoryLayout native_layout(const BorderTensor& tensor) {
  if (!tensor.has_four_axes()) return {tensor.dtype, AxisOrder::kAsIs};
  const bool is_chip_type = tensor.has_codes || tensor.dtype == DType::kF16;
  if (!is_chip_type) return {tensor.dtype, AxisOrder::kNchw};
  if (tensor.side == Side::kInput && has_picture_channels(tensor.channels)) return native_nhwc_layout(tensor);
  return {tensor.dtype, AxisOrder::kNc1hwc2};
}

Shape layout_extents(const BorderTensor& tensor, const MemoryLayout& layout) {
  switch (layout.order) {
    case AxisOrder::kNchw:
      return {tensor.batch, tensor.channels, tensor.height, tensor.width};
    case AxisOrder::kNhwc:
      return {tensor.batch, tensor.height, tensor.width, tensor.channels};
    case AxisOrder::kNc1hwc2: {
      const int64_t group = channel_group(layout.dtype);
      return {tensor.batch, round_up(tensor.channels, group) / group, tensor.height, tensor.width, group};
    }
    case AxisOrder::kAsIs:
      break;
  }
  return tensor.network_shape;
}

Result<int64_t> layout_bytes(const BorderTensor& tensor, const MemoryLayout& layout) {
  if (!tensor.is_static()) return usage_error("the size of '{}' depends on data", tensor.name);
  if ((layout.order == AxisOrder::kAsIs) == tensor.has_four_axes()) {
    return usage_error("'{}' has {} axes; {}", tensor.name, tensor.network_shape.size(),
                       tensor.has_four_axes() ? "its format is NCHW, NHWC or NC1HWC2" : "its format is UNDEFINED");
  }
  const int64_t rows = std::max(layout.picture_rows, tensor.height);
  const int64_t pixels = std::max(layout.row_pixels, tensor.width);
  const int64_t group = layout.order == AxisOrder::kNc1hwc2 ? channel_group(layout.dtype) : 1;
  const int64_t row_bytes = TRY(checked_multiply(pixels, static_cast<int64_t>(dtype_size(layout.dtype))));
  const int64_t planes = tensor.batch * round_up(tensor.channels, group);
  return checked_multiply(planes, TRY(checked_multiply(rows, row_bytes)));
}

int64_t padded_bytes(const BorderTensor& tensor) {
  if (!tensor.is_static()) return 0;
  const MemoryLayout layout = logical_layout(tensor);
  const auto element = static_cast<int64_t>(dtype_size(layout.dtype));
  if (layout.order != AxisOrder::kNchw) {
    return tensor.batch * tensor.channels * tensor.height * std::max(layout.row_pixels, tensor.width) * element;
  }
  const int64_t group = channel_group(layout.dtype);
  return tensor.batch * round_up(tensor.channels, group) * tensor.height * round_up(tensor.width, group) * element;
}

}  // namespace sixtops::runtime
