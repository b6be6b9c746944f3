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

// Codes of up to 16 bits are whole numbers that a float holds, and so are their distances from such zero points: then
// one rounding, that of the product, is all there is.
constexpr int32_t kLargestZeroPoint = 1 << 20;

template <typename T>
void dequantize_run(const T* __restrict from, size_t count, float scale, int32_t zero_point, float* __restrict to) {
  if (sizeof(T) <= 2 && zero_point >= -kLargestZeroPoint && zero_point <= kLargestZeroPoint) {
    for (size_t i = 0; i < count; ++i) {
      to[i] = static_cast<float>(static_cast<int32_t>(from[i]) - zero_point) * scale;
    }
    return;
  }
  for (size_t i = 0; i < count; ++i) {
    to[i] = static_cast<float>((static_cast<double>(from[i]) - zero_point) * scale);
  }
}

}  // namespace

Result<Tensor> dequantize_tensor(const Tensor& tensor, const std::optional<QuantParams>& quant, Tensor spare) {
  if (!quant || is_float(tensor.dtype())) return cast(tensor, DType::kF32);
  if (!quant->per_tensor() && quant->axis >= tensor.rank()) {
    return invalid_data("quantization axis {} of a tensor of rank {}", quant->axis, tensor.rank());
  }
  const AxisLayout layout = axis_layout(tensor.shape(), *quant);
  if (static_cast<int64_t>(quant->scale.size()) != layout.extent || quant->zero_point.size() != quant->scale.size()) {
    return invalid_data("{} scales for an axis of {}", quant->scale.size(), layout.extent);
  }
  const bool fits = spare.dtype() == DType::kF32 && spare.shape() == tensor.shape() && spare.bytes().use_count() == 1;
  Tensor result = fits ? std::move(spare) : TRY(Tensor::allocate_for_overwrite(DType::kF32, tensor.shape()));
  const std::span<float> to = result.mutable_values<float>();
  const size_t run = quant->per_tensor() ? to.size() : static_cast<size_t>(layout.inner);
  visit_dtype(tensor.dtype(), [&]<typename T>(T) {
    if constexpr (std::is_integral_v<T>) {
      const std::span<const T> from = tensor.values<T>();
      for (size_t begin = 0, index = 0; begin < from.size(); begin += run) {
        dequantize_run(from.data() + begin, run, quant->scale[index], quant->zero_point[index], to.data() + begin);
        if (++index == static_cast<size_t>(layout.extent)) index = 0;
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
