#include "importer/tensorflow/tensor.h"

#include <algorithm>
#include <cstring>

#include "base/checked.h"

namespace sixtops::importer::tensorflow {
namespace {

// Fewer values than elements: the last one stands for the rest.
template <typename T, typename Values>
Result<Tensor> fill(const Shape& shape, const Values& values) {
  Tensor tensor = TRY(Tensor::allocate(dtype_of<T>, shape));
  const int64_t count = tensor.element_count();
  if (values.size() > count) return invalid_data("{} values for {} elements", values.size(), count);
  std::span<T> to = tensor.mutable_values<T>();
  for (int64_t i = 0; i < count && !values.empty(); ++i) {
    to[static_cast<size_t>(i)] = static_cast<T>(values.Get(static_cast<int>(std::min<int64_t>(i, values.size() - 1))));
  }
  return tensor;
}

Result<Tensor> read_values(const wire::tensorflow::TensorProto& proto, DType dtype, const Shape& shape) {
  switch (dtype) {
    case DType::kF32:
      return fill<float>(shape, proto.float_val());
    case DType::kF64:
      return fill<double>(shape, proto.double_val());
    case DType::kI32:
      return fill<int32_t>(shape, proto.int_val());
    case DType::kI64:
      return fill<int64_t>(shape, proto.int64_val());
    case DType::kI8:
      return fill<int8_t>(shape, proto.int_val());
    case DType::kU8:
      return fill<uint8_t>(shape, proto.int_val());
    case DType::kBool:
      return fill<bool>(shape, proto.bool_val());
    case DType::kF16: {
      Tensor halves = TRY(Tensor::allocate(DType::kF16, shape));
      const auto& bits = proto.half_val();
      for (int64_t i = 0; i < halves.element_count() && !bits.empty(); ++i) {
        const int at = static_cast<int>(std::min<int64_t>(i, bits.size() - 1));
        halves.mutable_values<Half>()[static_cast<size_t>(i)].bits = static_cast<uint16_t>(bits.Get(at));
      }
      return halves;
    }
    default:
      return unsupported("a constant of type {}", dtype_name(dtype));
  }
}

}  // namespace

Result<DType> element_type(int64_t type) {
  switch (type) {
    case 1:
      return DType::kF32;
    case 2:
      return DType::kF64;
    case 3:
      return DType::kI32;
    case 4:
      return DType::kU8;
    case 5:
      return DType::kI16;
    case 6:
      return DType::kI8;
    case 9:
      return DType::kI64;
    case 10:
      return DType::kBool;
    case 14:
      return DType::kBF16;
    case 19:
      return DType::kF16;
    default:
      return unsupported("element type {} of TensorFlow", type);
  }
}

Result<Tensor> read_tensor(const wire::tensorflow::TensorProto& proto) {
  const DType dtype = TRY(element_type(proto.dtype()));
  Shape shape;
  for (const auto& dim : proto.tensor_shape().dim()) {
    if (dim.size() < 0 || shape.size() == kMaxRank) return invalid_data("a constant with an extent of {}", dim.size());
    shape.push_back(dim.size());
  }
  const int64_t bytes = TRY(checked_multiply(TRY(element_count(shape)), static_cast<int64_t>(dtype_size(dtype))));
  Tensor tensor;
  if (proto.has_tensor_content()) {
    const auto* data = reinterpret_cast<const std::byte*>(proto.tensor_content().data());
    const SharedBytes content = SharedBytes::own({data, data + proto.tensor_content().size()});
    tensor = TRY(Tensor::from_bytes(dtype, shape, content));
  } else {
    if (bytes > kMaxFilledBytes) return resource_error("a constant of {} bytes from a few values", bytes);
    tensor = TRY(read_values(proto, dtype, shape));
  }
  return dtype == DType::kF16 || dtype == DType::kBF16 ? cast(tensor, DType::kF32) : tensor;
}

}  // namespace sixtops::importer::tensorflow
