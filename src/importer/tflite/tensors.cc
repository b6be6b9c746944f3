#include "importer/tflite/tensors.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "graph/quantize_tensor.h"
#include "importer/permute.h"

namespace sixtops::importer::tflite {
namespace {

namespace wire = sixtops::wire::tflite;

constexpr size_t kPictureRank = 4;
constexpr size_t kMaxNameBytes = 1024;

Result<DType> dtype_of_wire(wire::TensorType type) {
  switch (type) {
    case wire::TensorType::FLOAT32:
      return DType::kF32;
    case wire::TensorType::FLOAT16:
      return DType::kF16;
    case wire::TensorType::FLOAT64:
      return DType::kF64;
    case wire::TensorType::INT8:
      return DType::kI8;
    case wire::TensorType::UINT8:
      return DType::kU8;
    case wire::TensorType::INT16:
      return DType::kI16;
    case wire::TensorType::UINT16:
      return DType::kU16;
    case wire::TensorType::INT32:
      return DType::kI32;
    case wire::TensorType::UINT32:
      return DType::kU32;
    case wire::TensorType::INT64:
      return DType::kI64;
    case wire::TensorType::UINT64:
      return DType::kU64;
    case wire::TensorType::BOOL:
      return DType::kBool;
    default:
      return unsupported("element type {}", wire::EnumNameTensorType(type));
  }
}

Ints identity_order(size_t rank) {
  Ints perm;
  for (size_t axis = 0; axis < rank; ++axis) perm.push_back(static_cast<int64_t>(axis));
  return perm;
}

}  // namespace

Tensors::Tensors(GraphBuilder& builder, const wire::Model& model, SharedBytes file)
    : builder_(builder),
      layout_(builder),
      model_(model),
      tensors_(*model.subgraphs()->Get(0)->tensors()),
      file_(std::move(file)) {
  std::unordered_set<std::string> taken;
  for (unsigned i = 0; i < tensors_.size(); ++i) {
    const flatbuffers::String* given = tensors_.Get(i)->name();
    std::string name = given != nullptr ? given->str().substr(0, kMaxNameBytes) : "";
    if (name.empty() || !taken.insert(name).second) {
      name = fmt::format("{}.{}", name.empty() ? "tensor" : name, i);
      taken.insert(name);
    }
    builder_.reserve(name);
    names_.push_back(std::move(name));
  }
  codes_.assign(names_.size(), kNoValue);
  reals_.assign(names_.size(), kNoValue);
}

Result<Shape> Tensors::stated_shape(int index) const {
  Shape shape;
  const wire::Tensor& tensor = wire_of(index);
  if (tensor.shape() == nullptr) return shape;
  if (tensor.shape()->size() > kMaxRank) {
    return resource_error("tensor '{}' has {} axes, at most {} are supported", name(index), tensor.shape()->size(),
                          kMaxRank);
  }
  for (const int32_t extent : *tensor.shape()) {
    if (extent < 0) return invalid_data("tensor '{}' has an extent of {}", name(index), extent);
    shape.push_back(extent);
  }
  return shape;
}

Result<DType> Tensors::dtype(int index) const {
  const Result<DType> dtype = dtype_of_wire(wire_of(index).type());
  return dtype.ok() ? dtype : dtype.status().with_prefix("tensor '" + name(index) + "': ");
}

bool Tensors::is_quantized(int index) const {
  const wire::Tensor& tensor = wire_of(index);
  if (tensor.quantization() == nullptr || tensor.quantization()->scale() == nullptr) return false;
  const wire::TensorType type = tensor.type();
  return tensor.quantization()->scale()->size() > 0 &&
         (type == wire::TensorType::INT8 || type == wire::TensorType::UINT8 || type == wire::TensorType::INT16 ||
          type == wire::TensorType::INT32);
}

Result<QuantParams> Tensors::quant(int index) const {
  const wire::QuantizationParameters& from = *wire_of(index).quantization();
  QuantParams quant;
  quant.scale.assign(from.scale()->begin(), from.scale()->end());
  for (size_t i = 0; i < quant.scale.size(); ++i) {
    if (!std::isfinite(quant.scale[i])) return invalid_data("tensor '{}' has a scale that is no number", name(index));
    int64_t zero_point = 0;
    if (from.zero_point() != nullptr && from.zero_point()->size() > 0) {
      const unsigned count = from.zero_point()->size();
      if (count != 1 && count != quant.scale.size()) {
        return invalid_data("tensor '{}' has {} scales and {} zero points", name(index), quant.scale.size(), count);
      }
      zero_point = from.zero_point()->Get(count == 1 ? 0 : static_cast<unsigned>(i));
    }
    if (!std::in_range<int32_t>(zero_point)) {
      return invalid_data("tensor '{}' has zero point {}", name(index), zero_point);
    }
    quant.zero_point.push_back(static_cast<int32_t>(zero_point));
  }
  if (quant.scale.size() == 1) return quant;
  const Shape shape = TRY(stated_shape(index));
  quant.axis = TRY(normalize_axis(from.quantized_dimension(), static_cast<int>(shape.size())));
  if (shape[static_cast<size_t>(quant.axis)] != static_cast<int64_t>(quant.scale.size())) {
    return invalid_data("tensor '{}' of shape {} has {} scales on axis {}", name(index), shape_text(shape),
                        quant.scale.size(), quant.axis);
  }
  return quant;
}

Result<ValueId> Tensors::define_input(int index, const Shape& shape) {
  const bool is_picture = shape.size() == kPictureRank;
  Shape own = shape;
  if (is_picture) own = {shape[0], shape[3], shape[1], shape[2]};
  const ValueId id = builder_.define(name(index), TRY(dtype(index)), std::move(own));
  if (is_picture) layout_.mark_channels_first(id);
  (is_quantized(index) ? codes_ : reals_)[static_cast<size_t>(index)] = id;
  return id;
}

Result<std::optional<Tensor>> Tensors::constant(int index) {
  const wire::Tensor& tensor = wire_of(index);
  const wire::Buffer& buffer = *model_.buffers()->Get(tensor.buffer());
  // Data above 2 GB lies behind the tables.
  const bool is_behind = buffer.offset() > 1 && buffer.size() > 0;
  const bool is_inside = buffer.data() != nullptr && buffer.data()->size() > 0;
  const Shape shape = TRY(stated_shape(index));
  const bool is_empty = std::count(shape.begin(), shape.end(), 0) > 0 && tensor.buffer() != 0;
  if (!is_behind && !is_inside && !is_empty) return std::optional<Tensor>();
  if (tensor.sparsity() != nullptr) return unsupported("tensor '{}' is stored sparsely", name(index));
  SharedBytes bytes;
  if (is_behind) {
    if (buffer.offset() > file_.size() || buffer.size() > file_.size() - buffer.offset()) {
      return invalid_data("tensor '{}': {} bytes at {} do not lie in the file", name(index), buffer.size(),
                          buffer.offset());
    }
    bytes = file_.slice(buffer.offset(), buffer.size());
  } else if (is_inside) {
    const auto offset = static_cast<size_t>(reinterpret_cast<const std::byte*>(buffer.data()->data()) - file_.data());
    bytes = file_.slice(offset, buffer.data()->size());
  }
  Result<Tensor> read = Tensor::from_bytes(TRY(dtype(index)), shape, std::move(bytes));
  if (!read.ok()) return read.status().with_prefix("tensor '" + name(index) + "': ");
  return std::optional(std::move(read).value());
}

Result<ValueId> Tensors::dequantize(ValueId codes, const QuantParams& quant, const std::string& name) {
  Attributes attributes;
  attributes.set("scale", Floats(quant.scale));
  attributes.set("zero_point", Ints(quant.zero_point.begin(), quant.zero_point.end()));
  attributes.set("axis", int64_t{quant.per_tensor() ? 1 : quant.axis});
  const ValueId real =
      TRY(builder_.append(Op::kDequantizeLinear, name, name + "/real", {codes}, std::move(attributes)));
  if (layout_.is_channels_first(codes)) layout_.mark_channels_first(real);
  return real;
}

Result<ValueId> Tensors::add_real_constant(int index, Tensor tensor, QuantParams quant, bool quantize_constants) {
  if (!is_quantized(index)) {
    const DType dtype = tensor.dtype();
    if (is_float(dtype) && dtype != DType::kF32) tensor = TRY(cast(tensor, DType::kF32));
    return builder_.add_constant(name(index), std::move(tensor));
  }
  if (!quantize_constants) return builder_.add_constant(name(index), TRY(dequantize_tensor(tensor, quant)));
  return dequantize(builder_.add_constant(name(index) + "/codes", std::move(tensor)), quant, name(index));
}

Result<ValueId> Tensors::real_weights(int index, const Ints& perm, bool quantize_constants) {
  std::optional<Tensor> data = TRY(constant(index));
  if (!data) {
    const ValueId computed = TRY(layout_.as_in_file(TRY(real(index, quantize_constants))));
    if (perm == identity_order(perm.size())) return computed;
    Attributes attributes;
    attributes.set("perm", perm);
    return builder_.append(Op::kTranspose, name(index), name(index) + "/Transpose", {computed}, std::move(attributes));
  }
  if (data->shape().size() != perm.size()) {
    return invalid_data("weights '{}' have shape {}, expected {} axes", name(index), shape_text(data->shape()),
                        perm.size());
  }
  QuantParams params = is_quantized(index) ? TRY(quant(index)) : QuantParams{};
  if (!params.per_tensor()) {
    params.axis = static_cast<int>(std::find(perm.begin(), perm.end(), params.axis) - perm.begin());
  }
  Tensor permuted = perm == identity_order(perm.size()) ? *data : TRY(permute(*data, perm));
  return add_real_constant(index, std::move(permuted), std::move(params), quantize_constants);
}

Result<ValueId> Tensors::real(int index, bool quantize_constants) {
  ValueId& known = reals_[static_cast<size_t>(index)];
  if (known != kNoValue) return known;
  const ValueId codes = codes_[static_cast<size_t>(index)];
  if (codes != kNoValue) {
    known = TRY(dequantize(codes, TRY(quant(index)), name(index)));
    return known;
  }
  std::optional<Tensor> data = TRY(constant(index));
  if (!data) return invalid_data("tensor '{}' is read before anything writes it", name(index));
  // Not remembered: another reader may want the other form.
  QuantParams params = is_quantized(index) ? TRY(quant(index)) : QuantParams{};
  return add_real_constant(index, std::move(*data), std::move(params), quantize_constants);
}

Status Tensors::write(int index, ValueId real, bool is_new) {
  if (reals_[static_cast<size_t>(index)] != kNoValue || codes_[static_cast<size_t>(index)] != kNoValue) {
    return invalid_data("tensor '{}' is written twice", name(index));
  }
  if (is_quantized(index)) {
    const QuantParams params = TRY(quant(index));
    if (!params.per_tensor()) return unsupported("tensor '{}': activations with a scale a channel", name(index));
    Attributes attributes;
    attributes.set("scale", Floats(params.scale));
    attributes.set("zero_point", Ints(params.zero_point.begin(), params.zero_point.end()));
    attributes.set("to", std::string(dtype_name(TRY(dtype(index)))));
    const ValueId codes =
        TRY(builder_.append(Op::kQuantizeLinear, name(index), name(index) + "/codes", {real}, std::move(attributes)));
    builder_.rename(codes, name(index));
    if (layout_.is_channels_first(real)) layout_.mark_channels_first(codes);
    codes_[static_cast<size_t>(index)] = codes;
    return {};
  }
  if (!is_new) {
    const ValueId copy = TRY(builder_.append(Op::kIdentity, name(index), name(index) + "/Identity", {real}));
    if (layout_.is_channels_first(real)) layout_.mark_channels_first(copy);
    real = copy;
  }
  builder_.rename(real, name(index));
  reals_[static_cast<size_t>(index)] = real;
  return {};
}

Result<ValueId> Tensors::handed_out(int index) {
  const auto i = static_cast<size_t>(index);
  if (codes_[i] != kNoValue) return codes_[i];
  if (reals_[i] != kNoValue) return reals_[i];
  return invalid_data("output '{}' is written by no operator", name(index));
}

}  // namespace sixtops::importer::tflite
