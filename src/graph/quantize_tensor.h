// Real values → codes, and back, by the quantization parameters of a value.
#pragma once

#include <optional>

#include "graph/tensor.h"

namespace sixtops {

// float32 of (code - zero_point) · scale. Without parameters, and for float tensors, a cast. The result may take the
// memory of `spare`, when that has the right shape and no other owner.
Result<Tensor> dequantize_tensor(const Tensor& tensor, const std::optional<QuantParams>& quant, Tensor spare = {});

// Codes by the rounding of graph/input_code.h; NaN becomes the zero point. Without parameters, and for float types, a
// cast. kUnsupported for codes other than int8 and uint8, and for several scales.
Result<Tensor> quantize_tensor(const Tensor& tensor, DType dtype, const std::optional<QuantParams>& quant);

}  // namespace sixtops
