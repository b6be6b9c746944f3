// Element types and axis orders of rknn_api.h ↔ those of the runtime.
#pragma once

#include <rknn_api.h>

#include "capi/api_status.h"
#include "runtime/border_tensor.h"

namespace sixtops::capi {

rknn_tensor_type type_of(DType dtype);
rknn_tensor_format format_of(runtime::AxisOrder order);

// Types that no element of a network has (INT4, unknown values) are a failure with `code`.
ApiStatus dtype_of_type(rknn_tensor_type type, int code, DType& dtype);

// The order that a program means for this tensor: UNDEFINED, whatever it says, where there are not four axes.
ApiStatus order_of_format(rknn_tensor_format format, const runtime::BorderTensor& tensor, int code,
                          runtime::AxisOrder& order);

// The attributes of a tensor in a layout; `index` is its place among the inputs or outputs.
void fill_attributes(const runtime::BorderTensor& tensor, const runtime::MemoryLayout& layout, uint32_t index,
                     rknn_tensor_attr& attr);

// Copies at most size - 1 characters and ends with NUL.
void copy_text(const std::string& text, char* to, size_t size);

}  // namespace sixtops::capi
