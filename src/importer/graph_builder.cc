#include "importer/graph_builder.h"

#include "base/error.h"
#include "graph/shape_rules.h"
#include "graph/verify.h"

namespace sixtops::importer {
namespace {

constexpr size_t kMaxBaseBytes = 100;

}  // namespace

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
  const std::string base = long_base.empty() ? "value" : long_base.substr(0, kMaxBaseBytes);
  std::string name = base;
  for (int& suffix = suffixes_.try_emplace(base, 1).first->second; ids_.contains(name);) {
    name = base + "." + std::to_string(++suffix);
  }
  return add_value(std::move(name));
}

ValueId GraphBuilder::add_constant(const std::string& base, Tensor tensor) {
  const ValueId id = add_temporary(base);
  Value& value = graph.value(id);
  value.dtype = tensor.dtype();
  value.shape = tensor.shape();
  value.constant = std::move(tensor);
  return id;
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

Result<ValueId> GraphBuilder::append(Op op, const std::string& node_name, const std::string& output,
                                     std::vector<ValueId> inputs, Attributes attributes) {
  while (!inputs.empty() && inputs.back() == kNoValue) inputs.pop_back();
  Node node;
  node.op = op;
  node.name = node_name;
  node.inputs = std::move(inputs);
  node.attributes = std::move(attributes);
  node.outputs = {add_temporary(output)};
  const ValueId id = node.outputs[0];
  TRY(add_node(std::move(node)));
  return id;
}

void GraphBuilder::rename(ValueId id, const std::string& name) {
  std::string& own = graph.value(id).name;
  if (own == name) return;
  ids_.erase(own);
  ids_[name] = id;
  own = name;
}

Result<Shape> GraphBuilder::static_shape(ValueId id) const {
  const Value& value = graph.value(id);
  if (value.shape && is_static(*value.shape)) return *value.shape;
  return unsupported("the shape of '{}' is not known while the model is read", value.name);
}

}  // namespace sixtops::importer
