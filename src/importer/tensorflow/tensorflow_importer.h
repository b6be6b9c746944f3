// TensorFlow: frozen GraphDefs, saved models whose variables are constants, TensorFlow.js graph models.
//
// Pictures get their channels first; so do inputs and outputs of rank 4.
#pragma once

#include <string>
#include <vector>

#include "importer/importer.h"

namespace sixtops::importer::tensorflow {

bool recognize(ByteSpan bytes);

// options.input_shapes are in the file's order of axes.
Result<Graph> import_model(const Source& source, const ImportOptions& options);

// Every operator that has a translator, in any order.
std::vector<std::string> operator_names();

}  // namespace sixtops::importer::tensorflow
