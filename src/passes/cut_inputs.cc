#include "passes/cut_inputs.h"

#include <algorithm>

#include "base/error.h"
#include "base/near_names.h"
#include "graph/shape_rules.h"
#include "passes/graph_editor.h"

namespace sixtops::passes {
namespace {

Result<ValueId> find_tensor(const Graph& graph, const std::string& name) {
  const ValueId id = graph.find_value(name);
  if (id == kNoValue) {
    std::vector<std::string> candidates;
    for (const Value& value : graph.values) {
      if (!value.constant) candidates.push_back(value.name);
    }
    return usage_error("there is no tensor '{}' to begin at{}", name, suggest_names(name, candidates));
  }
  if (graph.value(id).constant) return usage_error("tensor '{}' is a constant, which cannot be an input", name);
  return id;
}

// What the graph knows of the tensor and what the user says of it, as one static shape.
Result<Shape> input_shape(const Value& value, const std::map<std::string, Shape>& shapes) {
  const auto given = shapes.find(value.name);
  if (given == shapes.end()) {
    if (value.shape && is_static(*value.shape)) return *value.shape;
    return usage_error("the shape of tensor '{}' is not known; give it by an option like --input {}:1x3x640x640",
                       value.name, value.name);
  }
  const Shape& wanted = given->second;
  if (!value.shape) return wanted;
  bool fits = wanted.size() == value.shape->size();
  for (size_t axis = 0; fits && axis < wanted.size(); ++axis) {
    fits = (*value.shape)[axis] == kUnknownExtent || (*value.shape)[axis] == wanted[axis];
  }
  if (fits) return wanted;
  return usage_error("--input {}:{} does not fit the tensor, which is {}", value.name, shape_text(wanted),
                     shape_text(*value.shape));
}

void detach_from_producer(Graph& graph, ValueId id) {
  for (Node& node : graph.nodes) std::replace(node.outputs.begin(), node.outputs.end(), id, kNoValue);
}

bool is_in(const std::vector<ValueId>& ids, ValueId id) { return std::find(ids.begin(), ids.end(), id) != ids.end(); }

InputDescription description_of(const Graph& graph, ValueId id) {
  for (size_t i = 0; i < graph.input_descriptions.size(); ++i) {
    if (graph.inputs[i] == id) return graph.input_descriptions[i];
  }
  return {};
}

// Inputs behind the first `named` ones are those of the file that the user did not name.
Status drop_unnamed(Graph& graph, size_t named) {
  const Uses uses = find_uses(graph);
  const auto is_needed = [&](ValueId id) {
    return !uses.readers[static_cast<size_t>(id)].empty() || uses.is_output[static_cast<size_t>(id)];
  };
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    const std::string& name = graph.value(graph.inputs[i]).name;
    if (i < named && !is_needed(graph.inputs[i])) return usage_error("the outputs do not need tensor '{}'", name);
    if (i >= named && is_needed(graph.inputs[i])) {
      return usage_error("the outputs still need input '{}', which --inputs does not name", name);
    }
  }
  graph.inputs.resize(named);
  graph.input_descriptions.resize(named);
  remove_nodes(graph, std::vector<bool>(graph.nodes.size(), false));
  return {};
}

// The tensor in the input's element type and shape.
Result<Tensor> tensor_for(const Value& input, const Tensor& tensor) {
  const Shape shape = input.shape.value_or(Shape{});
  if (tensor.shape() == shape) return cast(tensor, input.dtype);
  if (tensor.element_count() != 1) {
    return usage_error("the constant for input '{}' is {}, the input {}", input.name, shape_text(tensor.shape()),
                       shape_text(shape));
  }
  const auto count = static_cast<size_t>(TRY(element_count(shape)));
  return cast(Tensor::from_values<double>(shape, std::vector<double>(count, values_as<double>(tensor)[0])),
              input.dtype);
}

}  // namespace

Status begin_at(Graph& graph, const std::vector<std::string>& names, const std::map<std::string, Shape>& shapes) {
  TRY(infer_shapes(graph));
  std::vector<ValueId> inputs;
  std::vector<InputDescription> descriptions;
  for (const std::string& name : names) {
    const ValueId id = TRY(find_tensor(graph, name));
    if (is_in(inputs, id)) return usage_error("tensor '{}' is named twice as an input", name);
    if (!is_in(graph.inputs, id)) {
      graph.value(id).shape = TRY(input_shape(graph.value(id), shapes));
      detach_from_producer(graph, id);
    }
    inputs.push_back(id);
    descriptions.push_back(description_of(graph, id));
  }
  std::copy_if(graph.inputs.begin(), graph.inputs.end(), std::back_inserter(inputs),
               [&](ValueId id) { return !is_in(inputs, id); });
  graph.inputs = std::move(inputs);
  graph.input_descriptions = std::move(descriptions);
  TRY(GraphEditor(graph).finish());
  return drop_unnamed(graph, names.size());
}

Status fill_inputs(Graph& graph, const std::map<std::string, Tensor>& values) {
  for (const auto& [name, tensor] : values) {
    const ValueId id = graph.find_value(name);
    const auto at = std::find(graph.inputs.begin(), graph.inputs.end(), id);
    if (id == kNoValue || at == graph.inputs.end()) {
      std::vector<std::string> candidates;
      for (const ValueId input : graph.inputs) candidates.push_back(graph.value(input).name);
      return usage_error("there is no input '{}' to fill{}", name, suggest_names(name, candidates));
    }
    Value& value = graph.value(id);
    value.constant = TRY(tensor_for(value, tensor));
    if (!graph.input_descriptions.empty()) {
      graph.input_descriptions.erase(graph.input_descriptions.begin() + (at - graph.inputs.begin()));
    }
    graph.inputs.erase(at);
  }
  if (!values.empty() && graph.inputs.empty()) return usage_error("every input is a constant; leave one to be given");
  return {};
}

}  // namespace sixtops::passes
