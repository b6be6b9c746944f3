// The model's graph as one list of plain nodes: calls of model-local functions, and `If` nodes whose condition is a
// constant, are replaced by their bodies.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "onnx.pb.h"

namespace sixtops::importer::onnx {

struct FlatNode {
  std::shared_ptr<const wire::onnx::NodeProto> proto;
  int opset = 0;  // version of the ONNX domain that the node was written for
};

struct FlatGraph {
  std::vector<FlatNode> nodes;
  // Constants by the name that nodes read them under. They point into the model.
  std::vector<std::pair<std::string, const wire::onnx::TensorProto*>> initializers;
  std::vector<std::pair<std::string, const wire::onnx::SparseTensorProto*>> sparse_initializers;
};

// kInvalidData for calls that do not fit their function, kResource where the bodies unfold beyond all measure.
Result<FlatGraph> flatten(const std::shared_ptr<const wire::onnx::ModelProto>& model);

// What errors call a node: its name and operator, or its first output where it has no name.
std::string node_label(const wire::onnx::NodeProto& node);

// The ONNX domain has two spellings, "" and "ai.onnx".
bool is_onnx_domain(const std::string& domain);

}  // namespace sixtops::importer::onnx
