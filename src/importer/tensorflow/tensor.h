// TensorProto → Tensor.
#pragma once

#include "graph/tensor.h"
#include "tensorflow.pb.h"

namespace sixtops::importer::tensorflow {

// Constants that are stored as one value for all elements unfold up to this size.
inline constexpr int64_t kMaxFilledBytes = int64_t{64} << 20;

// DataType of tensorflow/core/framework/types.proto. kUnsupported for types that we have no element for.
Result<DType> element_type(int64_t type);

// kInvalidData where shape and data contradict each other. Halves become float32.
Result<Tensor> read_tensor(const wire::tensorflow::TensorProto& proto);

}  // namespace sixtops::importer::tensorflow
