// An archive of torch.save or torch.jit.save: <name>/data.pkl, <name>/data/<key>, and code for TorchScript.
#pragma once

#include <string>

#include "graph/tensor.h"
#include "importer/torchscript/pickle.h"
#include "importer/torchscript/zip_archive.h"

namespace sixtops::importer::torchscript {

class Archive {
 public:
  // kInvalidData when there is no data.pkl.
  static Result<Archive> open(const SharedBytes& bytes);

  bool has_code() const { return has_code_; }
  // An entry below the archive's folder.
  bool has(const std::string& name) const { return zip_.has(folder_ + name); }
  Result<SharedBytes> read(const std::string& name) const { return zip_.read(folder_ + name); }
  // Dense, in row-major order. The strides of the file are followed, and stay within the storage. Storages of data.pkl
  // lie in "data/", those of constants.pkl in "constants/".
  Result<Tensor> tensor(const PickledTensor& pickled, const std::string& folder = "data/") const;

 private:
  ZipArchive zip_;
  std::string folder_;  // with its slash
  bool has_code_ = false;
};

}  // namespace sixtops::importer::torchscript
