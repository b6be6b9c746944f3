// PyTorch: traced TorchScript (.pt, .torchscript), and training checkpoints of Ultralytics.
//
// Nothing of what the files ask Python to do is executed: pickles are read as data, code is followed symbolically.
#pragma once

#include "importer/importer.h"

namespace sixtops::importer::torchscript {

// A zip archive with a data.pkl.
bool recognize(ByteSpan bytes);

Result<Graph> import_model(const Source& source, const ImportOptions& options);

}  // namespace sixtops::importer::torchscript
