// Weights that lie in files beside the model (TensorProto.external_data).
//
// The location comes from an untrusted file: it has to be a relative path without "..", and the file that it leads to,
// symbolic links followed, has to lie in the model's folder.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/status.h"

namespace sixtops::importer::onnx {

class ExternalData {
 public:
  explicit ExternalData(const std::string& model_path) : model_path_(model_path) {}

  // Bytes [offset, offset + length) of the file; without a length up to its end. Each file is read once and shared.
  Result<SharedBytes> read(const std::string& location, int64_t offset, std::optional<int64_t> length);

 private:
  std::string model_path_;
  std::map<std::string, SharedBytes> files_;  // by location
};

}  // namespace sixtops::importer::onnx
