#include "importer/onnx/element_type.h"

#include <array>
#include <optional>

#include "base/error.h"

namespace sixtops::importer::onnx {
namespace {

struct ElementType {
  std::string_view name;
  std::optional<DType> dtype;
};

// By the number of TensorProto.DataType.
constexpr std::array<ElementType, 24> kElementTypes = {{
    {"undefined", {}},
    {"float", DType::kF32},
    {"uint8", DType::kU8},
    {"int8", DType::kI8},
    {"uint16", DType::kU16},
    {"int16", DType::kI16},
    {"int32", DType::kI32},
    {"int64", DType::kI64},
    {"string", {}},
    {"bool", DType::kBool},
    {"float16", DType::kF16},
    {"double", DType::kF64},
    {"uint32", DType::kU32},
    {"uint64", DType::kU64},
    {"complex64", {}},
    {"complex128", {}},
    {"bfloat16", DType::kBF16},
    {"float8e4m3fn", {}},
    {"float8e4m3fnuz", {}},
    {"float8e5m2", {}},
    {"float8e5m2fnuz", {}},
    {"uint4", {}},
    {"int4", {}},
    {"float4e2m1", {}},
}};

}  // namespace

Result<DType> element_type(int64_t onnx_type) {
  if (onnx_type <= 0 || onnx_type >= static_cast<int64_t>(kElementTypes.size())) {
    return invalid_data("element type {} does not exist in ONNX", onnx_type);
  }
  const ElementType& row = kElementTypes[static_cast<size_t>(onnx_type)];
  if (!row.dtype) return unsupported("elements of type {} are not supported", row.name);
  return *row.dtype;
}

}  // namespace sixtops::importer::onnx
