#include "importer/onnx/graph_builder.h"

#include "graph/shape_rules.h"
#include "graph/verify.h"

namespace sixtops::importer::onnx {
namespace {

constexpr size_t kMaxBaseBytes = 100;

}  // namespace

GraphBuilder::GraphBuilder(const FlatGraph& flat) {
  for (const FlatNode& node : flat.nodes) {
    for (const std::string& name : node.proto->output()) ids_.emplace(name, kNoValue);
  }
}

// Not Graph::add_value: that searches all values for the name, and files have as many as they like.
ValueId GraphBuilder::add_value(std::string name) {
  const auto id = static_cast<ValueId>(graph.values.size());
  ids_[name] = id;
  graph.values.push_back({std::move(name), DType::kF32, {}, {}, {}});
  return id;
}

ValueId GraphBuilder::define(const std::string& name, DType dtype, std::optional<Shape> shape) {
  const ValueId id = add_value(name);
  graph.value(id).dtype = dtype;
  graph.value(id).shape = std::move(shape);
  return id;
}

ValueId GraphBuilder::add_temporary(const std::string& long_base) {
  const std::string base = long_base.substr(0, kMaxBaseBytes);
  std::string name = base;
  for (int& suffix = suffixes_.try_emplace(base, 1).first->second; ids_.contains(name);) {
    name = base + "." + std::to_string(++suffix);
  }
  return add_value(std::move(name));
}

ValueId GraphBuilder::find(const std::string& name) const {
  const auto found = name.empty() ? ids_.end() : ids_.find(name);
  return found == ids_.end() ? kNoValue : found->second;
}

Status GraphBuilder::add_node(Node node) {
  TRY(verify_node(graph, node));
  std::vector<ValueType> types = TRY(infer_node(graph, node));
  for (size_t i = 0; i < node.outputs.size() && i < types.size(); ++i) {
    if (!node.has_output(i)) continue;
    Value& value = graph.value(node.outputs[i]);
    value.dtype = types[i].dtype;
    value.shape = std::move(types[i].shape);
  }
  graph.nodes.push_back(std::move(node));
  return {};
}

}  // namespace sixtops::importer::onnx
