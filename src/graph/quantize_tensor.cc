#include "graph/quantize_tensor.h"

#include <cmath>

#include "base/error.h"
#include "graph/input_code.h"

namespace sixtops {
namespace {

// How far apart neighbours along the quantized axis stand, and how many indices the axis has.
struct AxisLayout {
  int64_t extent = 1;
  int64_t inner = 1;
};

AxisLayout axis_layout(const Shape& shape, const QuantParams& quant) {
  if (quant.per_tensor()) return {};
  const auto axis = static_cast<size_t>(quant.axis);
  return {shape[axis], row_major_strides(shape)[axis]};
}

}  // namespace

Result<Tensor> dequantize_tensor(const Tensor& tensor, const std::optional<QuantParams>& quant) {
  if (!quant || is_float(tensor.dtype())) return cast(tensor, DType::kF32);
  if (!quant->per_tensor() && quant->axis >= tensor.rank()) {
    return invalid_data("quantization axis {} of a tensor of rank {}", quant->axis, tensor.rank());
  }
  const AxisLayout layout = axis_layout(tensor.shape(), *quant);
  if (static_cast<int64_t>(quant->scale.size()) != layout.extent || quant->zero_point.size() != quant->scale.size()) {
    return invalid_data("{} scales for an axis of {}", quant->scale.size(), layout.extent);
  }
  Tensor result = TRY(Tensor::allocate(DType::kF32, tensor.shape()));
  const std::span<float> to = result.mutable_values<float>();
  visit_dtype(tensor.dtype(), [&]<typename T>(T) {
    if constexpr (std::is_integral_v<T>) {
      const std::span<const T> from = tensor.values<T>();
      for (size_t i = 0; i < from.size(); ++i) {
        const auto index = static_cast<size_t>(static_cast<int64_t>(i) / layout.inner % layout.extent);
        const double code = static_cast<double>(from[i]) - quant->zero_point[index];
        to[i] = static_cast<float>(code * quant->scale[index]);
      }
    }
  });
  return result;
}

Result<Tensor> quantize_tensor(const Tensor& tensor, DType dtype, const std::optional<QuantParams>& quant) {
  if (!quant || is_float(dtype)) return cast(tensor, dtype);
  if (!quant->per_tensor() || (dtype != DType::kI8 && dtype != DType::kU8)) {
    return unsupported("only int8 and uint8 codes with one scale are made of real values, not {}{}", dtype_name(dtype),
                       quant->per_tensor() ? "" : " with several scales");
  }
  const float scale = quant->scale[0];
  const int32_t zero_point = quant->zero_point[0];
  const Tensor real = TRY(cast(tensor, DType::kF32));
  Tensor result = TRY(Tensor::allocate(dtype, tensor.shape()));
  const std::span<const float> from = real.values<float>();
  const auto code_of = [&](float value, int32_t zero) {
    return std::isnan(value) ? static_cast<int8_t>(zero) : input_code(value, scale, zero);
  };
  if (dtype == DType::kI8) {
    const std::span<int8_t> to = result.mutable_values<int8_t>();
    for (size_t i = 0; i < from.size(); ++i) to[i] = code_of(from[i], zero_point);
  } else {
    // uint8 codes are the int8 codes of a zero point 128 lower, moved up by 128.
    const std::span<uint8_t> to = result.mutable_values<uint8_t>();
    for (size_t i = 0; i < from.size(); ++i) to[i] = static_cast<uint8_t>(code_of(from[i], zero_point - 128) + 128);
  }
  return result;
}

}  // namespace sixtops
