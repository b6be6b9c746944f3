#include "graph/shape_rules.h"

#include <array>

#include "base/checked.h"
#include "base/error.h"

namespace sixtops {
namespace {

using Rule = Result<std::vector<ValueType>> (*)(const ShapeArguments&);

constexpr std::array<Rule, kOpCount> kRules = {
#define OP(NAME, INPUTS, OUTPUTS, SHAPE_RULE, ...) shape_rules::SHAPE_RULE,
#include "graph/ops.def"
#undef OP
};

Status check_size(const ValueType& type) {
  if (!type.shape) return {};
  if (type.shape->size() > static_cast<size_t>(kMaxRank)) {
    return invalid_data("output of rank {}, at most {} is supported", type.shape->size(), kMaxRank);
  }
  int64_t bytes = static_cast<int64_t>(dtype_size(type.dtype));
  for (const int64_t extent : *type.shape) {
    if (extent > 0) bytes = TRY(checked_multiply(bytes, extent));
  }
  return {};
}

Result<std::vector<ValueType>> infer(const Graph& graph, const Node& node) {
  std::vector<ValueType> types(node.inputs.size());
  std::vector<const ValueType*> inputs(node.inputs.size());
  std::vector<const Tensor*> constants(node.inputs.size());
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    if (!node.has_input(i)) continue;
    const Value& value = graph.value(node.inputs[i]);
    types[i] = {value.dtype, value.shape};
    inputs[i] = &types[i];
    constants[i] = graph.constant(node.inputs[i]);
  }
  std::vector<ValueType> outputs(node.outputs.size());
  for (size_t i = 0; i < node.outputs.size(); ++i) {
    if (node.has_output(i)) outputs[i] = {graph.value(node.outputs[i]).dtype, graph.value(node.outputs[i]).shape};
  }
  std::vector<ValueType> result = TRY(kRules[static_cast<size_t>(node.op)]({node, inputs, constants, outputs}));
  if (result.size() < node.outputs.size()) {
    return invalid_data("{} outputs, the operator has {}", node.outputs.size(), result.size());
  }
  result.resize(node.outputs.size());
  for (const ValueType& type : result) TRY(check_size(type));
  return result;
}

template <typename T, typename List>
std::optional<List> parameter(const ShapeArguments& arguments, std::string_view name, size_t index) {
  if (const Attribute* attribute = arguments.node.attributes.find(name)) {
    if (const auto* list = std::get_if<List>(attribute)) return *list;
    if (const auto* number = std::get_if<T>(attribute)) return List{*number};
    return std::nullopt;
  }
  if (index >= arguments.constants.size() || arguments.constants[index] == nullptr) return std::nullopt;
  return values_as<T>(*arguments.constants[index]);
}

}  // namespace

std::optional<Ints> ShapeArguments::parameter_ints(std::string_view name, size_t index) const {
  return parameter<int64_t, Ints>(*this, name, index);
}

std::optional<Floats> ShapeArguments::parameter_floats(std::string_view name, size_t index) const {
  return parameter<float, Floats>(*this, name, index);
}

Result<std::vector<ValueType>> infer_node(const Graph& graph, const Node& node) {
  Result<std::vector<ValueType>> types = infer(graph, node);
  if (types.ok()) return types;
  return types.status().with_prefix(fmt::format("node '{}' ({}): ", node.name, op_info(node.op).name));
}

Status infer_shapes(Graph& graph) {
  for (const Node& node : graph.nodes) {
    std::vector<ValueType> types = TRY(infer_node(graph, node));
    for (size_t i = 0; i < types.size(); ++i) {
      if (!node.has_output(i)) continue;
      Value& value = graph.value(node.outputs[i]);
      value.dtype = types[i].dtype;
      value.shape = std::move(types[i].shape);
    }
  }
  return {};
}

}  // namespace sixtops
