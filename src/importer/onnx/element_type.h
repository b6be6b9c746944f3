// ONNX element types (TensorProto.DataType of the ONNX specification) and ours.
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"
#include "graph/dtype.h"

namespace sixtops::importer::onnx {

// kUnsupported names types that we have no element for (string, complex, float8, int4), kInvalidData unknown numbers.
Result<DType> element_type(int64_t onnx_type);

}  // namespace sixtops::importer::onnx
