// What of a file is imported when the caller cuts the graph: nothing that the cut leaves out has to be supported.
#pragma once

#include <string>
#include <vector>

#include "importer/importer.h"
#include "importer/onnx/flat_graph.h"

namespace sixtops::importer::onnx {

struct FileCut {
  std::vector<const wire::onnx::ValueInfoProto*> inputs;  // they point into the model
  std::vector<std::string> outputs;
};

// Takes nodes out of `flat` that options.outputs do not need, or that only lead to a tensor of options.inputs for which
// the model states a type. A name that the file does not have is left to whoever cuts the graph, and so is everything
// else then.
FileCut cut_file(FlatGraph& flat, const wire::onnx::GraphProto& proto, const ImportOptions& options);

}  // namespace sixtops::importer::onnx
