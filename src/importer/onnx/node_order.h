// Topological order of a flat graph, and the checks on names that go with it.
#pragma once

#include <string>
#include <vector>

#include "importer/onnx/flat_graph.h"

namespace sixtops::importer::onnx {

// Orders flat.nodes so that every node stands behind those whose outputs it reads, and otherwise as in the file.
// `inputs` are the names that the graph is given besides its initializers. kInvalidData names a tensor that is written
// twice or that nothing writes, or a node that depends on itself.
Status order_nodes(FlatGraph& flat, const std::vector<std::string>& inputs);

}  // namespace sixtops::importer::onnx
