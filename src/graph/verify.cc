#include "graph/verify.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/checked.h"
#include "base/error.h"
#include "graph/verify_static.h"

namespace sixtops {
namespace {

std::string describe(const Node& node) { return fmt::format("node '{}' ({})", node.name, op_info(node.op).name); }

bool in_range(const Graph& graph, ValueId id) { return id >= 0 && static_cast<size_t>(id) < graph.values.size(); }

// ---- values

Status verify_shape(const Value& value) {
  const Shape& shape = *value.shape;
  if (shape.size() > static_cast<size_t>(kMaxRank)) {
    return invalid_data("tensor '{}' has {} axes, at most {} are supported", value.name, shape.size(), kMaxRank);
  }
  int64_t bytes = static_cast<int64_t>(dtype_size(value.dtype));
  for (const int64_t extent : shape) {
    if (extent < kUnknownExtent) return invalid_data("tensor '{}' has the extent {}", value.name, extent);
    if (extent < 1) continue;
    const Result<int64_t> product = checked_multiply(bytes, extent);
    if (!product.ok()) return resource_error("tensor '{}' is too large: {}", value.name, shape_text(shape));
    bytes = *product;
  }
  return {};
}

Status verify_quant(const Value& value) {
  const QuantParams& quant = *value.quant;
  if (is_float(value.dtype) || value.dtype == DType::kBool) {
    return invalid_data("tensor '{}' of type {} has quantization parameters, which belong to integers", value.name,
                        dtype_name(value.dtype));
  }
  if (quant.scale.size() != quant.zero_point.size()) {
    return invalid_data("tensor '{}' has {} scales and {} zero points", value.name, quant.scale.size(),
                        quant.zero_point.size());
  }
  size_t expected = 1;
  if (!quant.per_tensor()) {
    if (!value.shape) return invalid_data("tensor '{}' has scales an axis, but no known rank", value.name);
    if (static_cast<size_t>(quant.axis) >= value.shape->size()) {
      return invalid_data("tensor '{}' has scales on axis {}, but the rank {}", value.name, quant.axis,
                          value.shape->size());
    }
    const int64_t extent = (*value.shape)[static_cast<size_t>(quant.axis)];
    expected = extent < 0 ? quant.scale.size() : static_cast<size_t>(extent);
  }
  if (quant.scale.size() != expected) {
    return invalid_data("tensor '{}' has {} scales, expected {}", value.name, quant.scale.size(), expected);
  }
  if (!std::all_of(quant.scale.begin(), quant.scale.end(), [](float s) { return std::isfinite(s) && s >= 0; })) {
    return invalid_data("tensor '{}' has a scale that is negative or not finite", value.name);
  }
  const bool fits = visit_dtype(value.dtype, [&]<typename T>(T) {
    return std::all_of(quant.zero_point.begin(), quant.zero_point.end(), [](int32_t z) {
      if constexpr (std::is_integral_v<T> && sizeof(T) < sizeof(int32_t)) {
        return z >= std::numeric_limits<T>::min() && z <= std::numeric_limits<T>::max();
      }
      return true;
    });
  });
  if (!fits) return invalid_data("tensor '{}' has a zero point outside of {}", value.name, dtype_name(value.dtype));
  return {};
}

Status verify_values(const Graph& graph) {
  if (graph.values.size() > static_cast<size_t>(std::numeric_limits<ValueId>::max())) {
    return resource_error("{} tensors are more than a graph holds", graph.values.size());
  }
  std::unordered_set<std::string_view> names;
  for (const Value& value : graph.values) {
    if (value.name.empty()) return invalid_data("a tensor has no name");
    if (!names.insert(value.name).second) return invalid_data("two tensors are named '{}'", value.name);
    if (static_cast<int>(value.dtype) >= kDTypeCount) return invalid_data("tensor '{}' has no type", value.name);
    if (value.shape) TRY(verify_shape(value));
    if (value.quant) TRY(verify_quant(value));
    if (!value.constant) continue;
    if (value.constant->dtype() != value.dtype || value.shape != value.constant->shape()) {
      return invalid_data("constant '{}' is {}[{}], but its tensor says {}[{}]", value.name,
                          dtype_name(value.constant->dtype()), shape_text(value.constant->shape()),
                          dtype_name(value.dtype), value.shape ? shape_text(*value.shape) : "..");
    }
  }
  return {};
}

// ---- nodes

Status verify_operands(const Graph& graph, const Node& node, const std::vector<ValueId>& ids, Arity arity,
                       std::string_view side) {
  if (ids.size() < static_cast<size_t>(arity.min) || ids.size() > static_cast<size_t>(arity.max)) {
    return invalid_data("{} has {} {}s, expected {} to {}", describe(node), ids.size(), side, arity.min, arity.max);
  }
  // A list of any length (Concat, Max) has no places that may stay empty; outputs that nobody wants may.
  const bool is_list = arity.max == kAnyCount && node.op != Op::kCustom && side == "input";
  for (size_t i = 0; i < ids.size(); ++i) {
    const bool required = i < static_cast<size_t>(arity.min) || is_list;
    if (ids[i] == kNoValue && !required) continue;
    if (ids[i] == kNoValue) return invalid_data("{}: {} {} is missing", describe(node), side, i);
    if (!in_range(graph, ids[i])) return invalid_data("{}: {} {} is no tensor of the graph", describe(node), side, i);
  }
  return {};
}

Status verify_number(const Node& node, const Field& field, double value) {
  if (value >= field.min && value <= field.max) return {};
  return invalid_data("{}: attribute {} is {}, expected {} to {}", describe(node), field.name, value, field.min,
                      field.max);
}

Status verify_attribute(const Node& node, const Field& field, const Attribute& attribute) {
  Status wrong_type = invalid_data("{}: attribute {} has the wrong type", describe(node), field.name);
  switch (field.type) {
    case FieldType::kInt: {
      const auto* value = std::get_if<int64_t>(&attribute);
      return value == nullptr ? wrong_type : verify_number(node, field, static_cast<double>(*value));
    }
    case FieldType::kFloat: {
      const auto* value = std::get_if<float>(&attribute);
      return value == nullptr ? wrong_type : verify_number(node, field, *value);
    }
    case FieldType::kInts: {
      const auto* values = std::get_if<Ints>(&attribute);
      if (values == nullptr) return wrong_type;
      for (const int64_t value : *values) TRY(verify_number(node, field, static_cast<double>(value)));
      return {};
    }
    case FieldType::kFloats: {
      const auto* values = std::get_if<Floats>(&attribute);
      if (values == nullptr) return wrong_type;
      for (const float value : *values) TRY(verify_number(node, field, value));
      return {};
    }
    case FieldType::kText: {
      const auto* value = std::get_if<std::string>(&attribute);
      if (value == nullptr) return wrong_type;
      if (field.choices.empty()) return {};
      for (size_t begin = 0; begin <= field.choices.size();) {
        const size_t end = std::min(field.choices.find('|', begin), field.choices.size());
        if (field.choices.substr(begin, end - begin) == *value) return {};
        begin = end + 1;
      }
      return invalid_data("{}: attribute {} is '{}', expected one of {}", describe(node), field.name, *value,
                          field.choices);
    }
  }
  return wrong_type;
}

Status verify_attributes(const Node& node) {
  const OpInfo& info = op_info(node.op);
  for (const auto& [name, attribute] : node.attributes) {
    const Field* field = info.find_field(name);
    if (field != nullptr) {
      TRY(verify_attribute(node, *field, attribute));
    } else if (node.op != Op::kCustom) {
      return invalid_data("{} has the attribute '{}', which the operator does not know", describe(node), name);
    }
  }
  for (const Field& field : info.fields) {
    if (field.required && !node.attributes.has(field.name)) {
      return invalid_data("{}: attribute {} is missing", describe(node), field.name);
    }
  }
  return {};
}

Status verify_nodes(const Graph& graph) {
  enum class State : uint8_t { kUnwritten, kWritten };
  std::vector<State> states(graph.values.size(), State::kUnwritten);
  for (size_t i = 0; i < graph.values.size(); ++i) {
    if (graph.values[i].constant) states[i] = State::kWritten;
  }
  for (const ValueId id : graph.inputs) {
    if (!in_range(graph, id)) return invalid_data("graph input {} is no tensor of the graph", id);
    State& state = states[static_cast<size_t>(id)];
    if (state == State::kWritten) {
      return invalid_data("graph input '{}' is a constant or stands twice in the list", graph.value(id).name);
    }
    state = State::kWritten;
  }
  for (const Node& node : graph.nodes) {
    TRY(verify_node(graph, node));
    for (const ValueId id : node.inputs) {
      if (id != kNoValue && states[static_cast<size_t>(id)] == State::kUnwritten) {
        return invalid_data("{} reads tensor '{}', which nothing before it writes", describe(node),
                            graph.value(id).name);
      }
    }
    for (const ValueId id : node.outputs) {
      if (id == kNoValue) continue;
      State& state = states[static_cast<size_t>(id)];
      if (state == State::kWritten) {
        return invalid_data("{} writes tensor '{}', which has its value already", describe(node), graph.value(id).name);
      }
      state = State::kWritten;
    }
  }
  if (graph.outputs.empty()) return invalid_data("graph '{}' has no output", graph.name);
  for (const ValueId id : graph.outputs) {
    if (!in_range(graph, id)) return invalid_data("graph output {} is no tensor of the graph", id);
    if (states[static_cast<size_t>(id)] == State::kUnwritten) {
      return invalid_data("nothing writes the graph output '{}'", graph.value(id).name);
    }
  }
  return {};
}

Status verify_descriptions(const Graph& graph) {
  if (!graph.input_descriptions.empty() && graph.input_descriptions.size() != graph.inputs.size()) {
    return invalid_data("{} input descriptions for {} inputs", graph.input_descriptions.size(), graph.inputs.size());
  }
  const auto finite = [](float value) { return std::isfinite(value); };
  for (size_t i = 0; i < graph.input_descriptions.size(); ++i) {
    const InputDescription& description = graph.input_descriptions[i];
    const std::string& name = graph.value(graph.inputs[i]).name;
    if (!std::all_of(description.mean.begin(), description.mean.end(), finite)) {
      return invalid_data("input '{}' has a mean that is not finite", name);
    }
    const auto divides = [](float value) { return std::isfinite(value) && value != 0; };
    if (!std::all_of(description.std.begin(), description.std.end(), divides)) {
      return invalid_data("input '{}' has a standard deviation of zero or not finite", name);
    }
  }
  if (!std::all_of(graph.hints.anchors.begin(), graph.hints.anchors.end(), finite)) {
    return invalid_data("an anchor is not finite");
  }
  return {};
}

}  // namespace

Status verify_node(const Graph& graph, const Node& node) {
  if (static_cast<int>(node.op) >= kOpCount) return invalid_data("node '{}' has no operator", node.name);
  if (node.precision > Precision::kInt8) return invalid_data("{} has no precision", describe(node));
  TRY(verify_operands(graph, node, node.inputs, op_info(node.op).inputs, "input"));
  TRY(verify_operands(graph, node, node.outputs, op_info(node.op).outputs, "output"));
  return verify_attributes(node);
}

Status verify(const Graph& graph, VerifyLevel level) {
  TRY(verify_values(graph));
  TRY(verify_nodes(graph));
  TRY(verify_descriptions(graph));
  return level == VerifyLevel::kStatic ? verify_static(graph) : Status();
}

}  // namespace sixtops
