// PyTorch: traced TorchScript (.pt, .torchscript), and training checkpoints of Ultralytics.
//
// Nothing of what the files ask Python to do is executed: pickles are read as data, code is followed symbolically.
#pragma once

#include <string>
#include <vector>

#include "importer/importer.h"

namespace sixtops::importer::torchscript {

// A zip archive with a data.pkl.
bool recognize(ByteSpan bytes);

Result<Graph> import_model(const Source& source, const ImportOptions& options);

// Every operator and module that has a translator, in any order.
std::vector<std::string> operator_names();

}  // namespace sixtops::importer::torchscript
