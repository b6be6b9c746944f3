#include "capi/tensor_types.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace sixtops::capi {
namespace {

using runtime::AxisOrder;
using runtime::BorderTensor;
using runtime::MemoryLayout;

uint32_t to_u32(int64_t value) { return static_cast<uint32_t>(std::clamp<int64_t>(value, 0, UINT32_MAX)); }

// The bytes to allocate: the rounded-up ones in the logical layout, the layout's own in a native one.
int64_t bytes_to_allocate(const BorderTensor& tensor, const MemoryLayout& layout) {
  if (layout.order == runtime::logical_layout(tensor).order) return runtime::padded_bytes(tensor);
  return runtime::layout_bytes(tensor, layout).value();
}

}  // namespace

rknn_tensor_type type_of(DType dtype) {
  switch (dtype) {
    case DType::kF16:
      return RKNN_TENSOR_FLOAT16;
    case DType::kBF16:
      return RKNN_TENSOR_BFLOAT16;
    case DType::kI8:
      return RKNN_TENSOR_INT8;
    case DType::kU8:
      return RKNN_TENSOR_UINT8;
    case DType::kI16:
      return RKNN_TENSOR_INT16;
    case DType::kU16:
      return RKNN_TENSOR_UINT16;
    case DType::kI32:
      return RKNN_TENSOR_INT32;
    case DType::kU32:
      return RKNN_TENSOR_UINT32;
    case DType::kI64:
    case DType::kU64:
      return RKNN_TENSOR_INT64;
    case DType::kBool:
      return RKNN_TENSOR_BOOL;
    case DType::kF32:
    case DType::kF64:
      break;
  }
  return RKNN_TENSOR_FLOAT32;
}

rknn_tensor_format format_of(AxisOrder order) {
  switch (order) {
    case AxisOrder::kNchw:
      return RKNN_TENSOR_NCHW;
    case AxisOrder::kNhwc:
      return RKNN_TENSOR_NHWC;
    case AxisOrder::kNc1hwc2:
      return RKNN_TENSOR_NC1HWC2;
    case AxisOrder::kAsIs:
      break;
  }
  return RKNN_TENSOR_UNDEFINED;
}

ApiStatus dtype_of_type(rknn_tensor_type type, int code, DType& dtype) {
  constexpr std::array kTypes = {DType::kF32, DType::kF16, DType::kI8,  DType::kU8,  DType::kI16,
                                 DType::kU16, DType::kI32, DType::kU32, DType::kI64, DType::kBool};
  const auto index = static_cast<size_t>(type);
  if (type == RKNN_TENSOR_BFLOAT16) {
    dtype = DType::kBF16;
  } else if (index < kTypes.size()) {
    dtype = kTypes[index];
  } else {
    return failure(code, "type {} ({}) is no type of a network's input or output", static_cast<int>(type),
                   get_type_string(type));
  }
  return {};
}

ApiStatus order_of_format(rknn_tensor_format format, const BorderTensor& tensor, int code, AxisOrder& order) {
  constexpr std::array kOrders = {AxisOrder::kNchw, AxisOrder::kNhwc, AxisOrder::kNc1hwc2, AxisOrder::kAsIs};
  const auto index = static_cast<size_t>(format);
  if (index >= kOrders.size()) return failure(code, "fmt is {}, expected 0 to 3", static_cast<int>(format));
  order = tensor.has_four_axes() ? kOrders[index] : AxisOrder::kAsIs;
  if (tensor.has_four_axes() && order == AxisOrder::kAsIs) {
    return failure(code, "fmt of '{}' is UNDEFINED, but it has four axes; expected NCHW, NHWC or NC1HWC2", tensor.name);
  }
  return {};
}

void copy_text(const std::string& text, char* to, size_t size) {
  std::memset(to, 0, size);
  text.copy(to, size - 1);
}

void fill_attributes(const BorderTensor& tensor, const MemoryLayout& layout, uint32_t index, rknn_tensor_attr& attr) {
  attr = {};
  attr.index = index;
  copy_text(tensor.name, attr.name, sizeof(attr.name));
  const Shape extents = runtime::layout_extents(tensor, layout);
  attr.n_dims = to_u32(static_cast<int64_t>(std::min<size_t>(extents.size(), RKNN_MAX_DIMS)));
  for (size_t i = 0; i < attr.n_dims; ++i) attr.dims[i] = to_u32(extents[i]);
  attr.fmt = format_of(layout.order);
  attr.type = type_of(layout.dtype);
  if (tensor.has_codes) {
    attr.qnt_type = RKNN_TENSOR_QNT_AFFINE_ASYMMETRIC;
    attr.zp = tensor.quant->zero_point[0];
    attr.scale = tensor.quant->scale[0];
  } else {
    // The vendor's runtime says of halves that they are affine codes of scale 1; programs ask for both.
    attr.qnt_type = layout.dtype == DType::kF16 ? RKNN_TENSOR_QNT_AFFINE_ASYMMETRIC : RKNN_TENSOR_QNT_NONE;
    attr.scale = 1;
  }
  if (!tensor.is_static()) return;
  int64_t elements = 1;
  for (const int64_t extent : extents) elements *= extent;
  attr.n_elems = to_u32(elements);
  attr.size = to_u32(elements * static_cast<int64_t>(dtype_size(layout.dtype)));
  attr.size_with_stride = to_u32(bytes_to_allocate(tensor, layout));
  if (tensor.side == runtime::Side::kInput && tensor.has_four_axes()) {
    attr.w_stride = to_u32(std::max(layout.row_pixels, tensor.width));
  }
}

}  // namespace sixtops::capi
