// Follows the code of a traced module, call by call, and writes down the graph that it computes.
//
// No Python runs: names are looked up in the pickle and in the table of operators, methods of modules are followed in
// place, and numbers (sizes, strides) are computed as they come.
#pragma once

#include "graph/graph.h"
#include "importer/importer.h"
#include "importer/torchscript/archive.h"
#include "importer/torchscript/pickle.h"

namespace sixtops::importer::torchscript {

// `module` is what the archive's data.pkl holds, `constants` what its constants.pkl does. The inputs are the parameters
// of forward(), which have no shapes: options.input_shapes has to say them.
Result<Graph> inline_forward(const Archive& archive, const PickleValue& module, const PickleValue& constants,
                             const ImportOptions& options);

}  // namespace sixtops::importer::torchscript
