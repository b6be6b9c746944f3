#include "importer/onnx/tensor.h"

#include <algorithm>
#include <charconv>

#include "base/checked.h"
#include "base/error.h"
#include "importer/onnx/element_type.h"

namespace sixtops::importer::onnx {
namespace {

using wire::onnx::SparseTensorProto;
using wire::onnx::StringStringEntryProto;
using wire::onnx::TensorProto;

constexpr int kExternal = 1;  // TensorProto.DataLocation

Result<Shape> read_dims(const google::protobuf::RepeatedField<int64_t>& dims) {
  if (dims.size() > kMaxRank) return resource_error("{} axes, at most {} are supported", dims.size(), kMaxRank);
  const Shape shape(dims.begin(), dims.end());
  for (const int64_t extent : shape) {
    if (extent < 0) return invalid_data("negative extent {}", extent);
  }
  TRY(element_count(shape));
  return shape;
}

// One element of a typed field. The 16-bit floats travel as bit patterns in int32_data.
template <typename T, typename From>
T element(From value) {
  if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>) {
    T bits;
    bits.bits = static_cast<uint16_t>(value);
    return bits;
  } else {
    return static_cast<T>(value);
  }
}

template <typename T, typename Field>
Result<Tensor> from_field(Shape shape, const Field& field) {
  const int64_t count = TRY(element_count(shape));
  if (field.size() != count) {
    return invalid_data("{} elements of data, but the shape {} has {}", field.size(), shape_text(shape), count);
  }
  Tensor tensor = TRY(Tensor::allocate(dtype_of<T>, std::move(shape)));
  std::transform(field.begin(), field.end(), tensor.mutable_values<T>().begin(),
                 [](auto value) { return element<T>(value); });
  return tensor;
}

Result<Tensor> from_typed_fields(const TensorProto& proto, DType dtype, Shape shape) {
  return visit_dtype(dtype, [&]<typename T>(T) -> Result<Tensor> {
    if constexpr (std::is_same_v<T, float>) {
      return from_field<T>(std::move(shape), proto.float_data());
    } else if constexpr (std::is_same_v<T, double>) {
      return from_field<T>(std::move(shape), proto.double_data());
    } else if constexpr (std::is_same_v<T, int64_t>) {
      return from_field<T>(std::move(shape), proto.int64_data());
    } else if constexpr (std::is_same_v<T, uint32_t> || std::is_same_v<T, uint64_t>) {
      return from_field<T>(std::move(shape), proto.uint64_data());
    } else {
      return from_field<T>(std::move(shape), proto.int32_data());
    }
  });
}

Result<int64_t> parse_count(const StringStringEntryProto& entry) {
  int64_t value = 0;
  const char* end = entry.value().data() + entry.value().size();
  const auto parsed = std::from_chars(entry.value().data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end || value < 0) {
    return invalid_data("external data: {} is '{}', expected a number of bytes", entry.key(), entry.value());
  }
  return value;
}

}  // namespace

Result<Tensor> TensorReader::read(const TensorProto& proto) {
  const DType dtype = TRY(element_type(proto.data_type()));
  Shape shape = TRY(read_dims(proto.dims()));
  if (proto.data_location() == kExternal) return read_external(proto, dtype, std::move(shape));
  if (proto.has_raw_data()) {
    const ByteSpan bytes = std::as_bytes(std::span(proto.raw_data()));
    return Tensor::from_bytes(dtype, std::move(shape), SharedBytes(owner_, bytes));
  }
  return from_typed_fields(proto, dtype, std::move(shape));
}

Result<Tensor> TensorReader::read_external(const TensorProto& proto, DType dtype, Shape shape) {
  std::string location;
  int64_t offset = 0;
  int64_t length = TRY(checked_multiply(TRY(element_count(shape)), static_cast<int64_t>(dtype_size(dtype))));
  for (const StringStringEntryProto& entry : proto.external_data()) {
    if (entry.key() == "location") location = entry.value();
    if (entry.key() == "offset") offset = TRY(parse_count(entry));
    if (entry.key() == "length" && TRY(parse_count(entry)) != length) {
      return invalid_data("external data: length {}, but {}[{}] takes {} bytes", entry.value(), dtype_name(dtype),
                          shape_text(shape), length);
    }
  }
  return Tensor::from_bytes(dtype, std::move(shape), TRY(external_.read(location, offset, length)));
}

// Values at flat indices (rank 1) or at one index an axis (rank 2); everything else is 0.
Result<Tensor> TensorReader::read_sparse(const SparseTensorProto& proto) {
  Shape shape = TRY(read_dims(proto.dims()));
  const Tensor values = TRY(read(proto.values()));
  const Tensor index_tensor = TRY(read(proto.indices()));
  const int64_t total = TRY(element_count(shape));
  const int64_t element_bytes = static_cast<int64_t>(dtype_size(values.dtype()));
  if (total > kMaxDenseBytes / element_bytes) {
    return resource_error("sparse tensor of {} elements, above the limit of {} bytes", total, kMaxDenseBytes);
  }
  const int64_t count = values.element_count();
  const bool flat = index_tensor.rank() == 1;
  const int64_t rank = static_cast<int64_t>(shape.size());
  const Shape expected = flat ? Shape{count} : Shape{count, rank};
  if (values.rank() != 1 || index_tensor.shape() != expected || index_tensor.dtype() != DType::kI64) {
    return invalid_data("sparse tensor: {} values, but indices {}[{}]", count, dtype_name(index_tensor.dtype()),
                        shape_text(index_tensor.shape()));
  }
  const std::vector<int64_t> strides = row_major_strides(shape);
  const std::span<const int64_t> indices = index_tensor.values<int64_t>();
  Tensor dense = TRY(Tensor::allocate(values.dtype(), shape));
  std::byte* out = const_cast<std::byte*>(dense.bytes().data());
  for (int64_t i = 0; i < count; ++i) {
    int64_t position = flat ? indices[static_cast<size_t>(i)] : 0;
    for (int64_t axis = 0; !flat && axis < rank; ++axis) {
      const int64_t index = indices[static_cast<size_t>(i * rank + axis)];
      const auto a = static_cast<size_t>(axis);
      if (index < 0 || index >= shape[a]) return invalid_data("sparse tensor: index {} on axis {}", index, axis);
      position += index * strides[a];
    }
    if (position < 0 || position >= total) return invalid_data("sparse tensor: index {} of {}", position, total);
    std::copy_n(values.bytes().data() + i * element_bytes, element_bytes, out + position * element_bytes);
  }
  return dense;
}

}  // namespace sixtops::importer::onnx
