// TensorProto → Tensor: raw bytes, typed fields, external files, sparse initializers.
//
// Nothing is allocated before the declared shape and the data that is really there agree.
#pragma once

#include <memory>

#include "graph/tensor.h"
#include "importer/onnx/external_data.h"
#include "onnx.pb.h"

namespace sixtops::importer::onnx {

// Sparse initializers are stored densely up to this size: a small file must not unfold into gigabytes.
inline constexpr int64_t kMaxDenseBytes = int64_t{16} << 20;

// Reads the tensors of one model. Raw bytes are not copied: tensors share the ownership of the parsed model.
class TensorReader {
 public:
  TensorReader(std::shared_ptr<const void> owner, const std::string& model_path)
      : owner_(std::move(owner)), external_(model_path) {}

  // Errors do not name the tensor; the caller knows its name.
  Result<Tensor> read(const wire::onnx::TensorProto& proto);
  Result<Tensor> read_sparse(const wire::onnx::SparseTensorProto& proto);

 private:
  Result<Tensor> read_external(const wire::onnx::TensorProto& proto, DType dtype, Shape shape);

  std::shared_ptr<const void> owner_;
  ExternalData external_;
};

}  // namespace sixtops::importer::onnx
