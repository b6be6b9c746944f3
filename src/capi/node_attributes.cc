#include "capi/node_attributes.h"

#include <cstring>

#include "capi/tensor_types.h"

namespace sixtops::capi {
namespace {

template <typename T>
std::vector<std::byte> bytes_of(const T* values, size_t count) {
  std::vector<std::byte> bytes(count * sizeof(T));
  if (!bytes.empty()) std::memcpy(bytes.data(), values, bytes.size());
  return bytes;
}

}  // namespace

NodeAttributes::Stored NodeAttributes::store(const std::string& name) const {
  const auto stored = [](rknn_tensor_type type, const auto* values, size_t count) {
    return Stored{type, static_cast<uint32_t>(count), bytes_of(values, count)};
  };
  const auto text = [&](const std::string& value) {
    Stored result = stored(RKNN_TENSOR_UINT8, value.data(), value.size());
    result.bytes.push_back(std::byte{0});  // programs print it
    return result;
  };
  const Attribute* attribute = node_.attributes.find(name);
  if (attribute == nullptr) return name == "name" ? text(node_.name) : Stored();
  if (const auto* value = std::get_if<std::string>(attribute)) return text(*value);
  if (const auto* value = std::get_if<int64_t>(attribute)) return stored(RKNN_TENSOR_INT64, value, 1);
  if (const auto* value = std::get_if<float>(attribute)) return stored(RKNN_TENSOR_FLOAT32, value, 1);
  if (const auto* list = std::get_if<Ints>(attribute)) return stored(RKNN_TENSOR_INT64, list->data(), list->size());
  if (const auto* list = std::get_if<Floats>(attribute)) return stored(RKNN_TENSOR_FLOAT32, list->data(), list->size());
  if (const auto* tensor = std::get_if<Tensor>(attribute)) {
    if (is_float(tensor->dtype())) {
      const std::vector<float> values = values_as<float>(*tensor);
      return stored(RKNN_TENSOR_FLOAT32, values.data(), values.size());
    }
    const std::vector<int64_t> values = values_as<int64_t>(*tensor);
    return stored(RKNN_TENSOR_INT64, values.data(), values.size());
  }
  return {};
}

rknn_custom_op_attr NodeAttributes::find(const std::string& name) {
  const std::lock_guard lock(mutex_);
  auto found = stored_.find(name);
  if (found == stored_.end()) found = stored_.emplace(name, store(name)).first;
  rknn_custom_op_attr attr = {};
  copy_text(name, attr.name, sizeof(attr.name));
  attr.dtype = found->second.type;
  attr.n_elems = found->second.count;
  attr.data = found->second.count == 0 ? nullptr : found->second.bytes.data();
  return attr;
}

}  // namespace sixtops::capi
