#include "importer/onnx/values.h"

#include <algorithm>
#include <unordered_set>

#include "base/error.h"
#include "importer/onnx/element_type.h"

namespace sixtops::importer::onnx {
namespace {

using wire::onnx::GraphProto;
using wire::onnx::TensorProto;
using wire::onnx::TensorShapeProto;
using wire::onnx::ValueInfoProto;

using Extents = std::unordered_map<std::string, int64_t>;  // of named dynamic extents

std::vector<const ValueInfoProto*> find_inputs(const GraphProto& graph) {
  // Files of IR version 3 and older list their initializers among the inputs.
  std::unordered_set<std::string> constants;
  for (const TensorProto& tensor : graph.initializer()) constants.insert(tensor.name());
  for (const auto& sparse : graph.sparse_initializer()) constants.insert(sparse.values().name());
  std::vector<const ValueInfoProto*> inputs;
  for (const ValueInfoProto& input : graph.input()) {
    if (!constants.contains(input.name())) inputs.push_back(&input);
  }
  return inputs;
}

// "images:1x3x?x?", with the file's own names for the open extents.
std::string option_text(const ValueInfoProto& input) {
  std::string text = input.name() + ":";
  const TensorShapeProto& shape = input.type().tensor_type().shape();
  for (int i = 0; i < shape.dim_size(); ++i) {
    const auto& dim = shape.dim(i);
    if (i > 0) text += "x";
    text += dim.has_dim_value() ? std::to_string(dim.dim_value()) : dim.dim_param().empty() ? "?" : dim.dim_param();
  }
  return text;
}

// The user's shape for an input, held against what the file says.
Status check_binding(const ValueInfoProto& input, const std::optional<Shape>& declared, const Shape& bound) {
  if (!is_static(bound)) return usage_error("--input {}:{} leaves an extent open", input.name(), shape_text(bound));
  TRY(element_count(bound));
  if (!declared) return {};
  if (declared->size() != bound.size()) {
    return usage_error("--input {}:{} has {} axes, but the model's input has {} ({})", input.name(), shape_text(bound),
                       bound.size(), declared->size(), option_text(input));
  }
  for (size_t axis = 0; axis < bound.size(); ++axis) {
    if ((*declared)[axis] != kUnknownExtent && (*declared)[axis] != bound[axis]) {
      return usage_error("--input {}:{}: the model fixes axis {} to {} ({}); export it with a dynamic axis",
                         input.name(), shape_text(bound), axis, (*declared)[axis], option_text(input));
    }
  }
  return {};
}

// What the file leaves open and no option binds.
Result<Shape> bind_rest(const ValueInfoProto& input, Shape shape, const Extents& named) {
  const TensorShapeProto& declared = input.type().tensor_type().shape();
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    if (shape[axis] != kUnknownExtent) continue;
    const auto extent = named.find(declared.dim(static_cast<int>(axis)).dim_param());
    if (extent != named.end()) shape[axis] = extent->second;
  }
  const auto open = std::find(shape.rbegin(), shape.rend(), kUnknownExtent);  // the last one
  if (open == shape.rend()) return shape;
  const auto axis = shape.rend() - open - 1;
  if (axis > 0) {
    return usage_error("input '{}' leaves axis {} open ({}); give its shape by an option like --input {}:1x3x640x640",
                       input.name(), axis, option_text(input), input.name());
  }
  shape[0] = 1;
  return shape;
}

}  // namespace

Result<ValueType> read_value_type(const ValueInfoProto& info) {
  if (!info.type().has_tensor_type()) {
    return unsupported("'{}' is no plain tensor; sequences, maps and optional values are not supported", info.name());
  }
  const auto& tensor = info.type().tensor_type();
  const Result<DType> dtype = element_type(tensor.elem_type());
  if (!dtype.ok()) return dtype.status().with_prefix("'" + info.name() + "': ");
  ValueType type{*dtype, {}};
  if (!tensor.has_shape()) return type;
  if (tensor.shape().dim_size() > kMaxRank) {
    return resource_error("'{}' has {} axes, at most {} are supported", info.name(), tensor.shape().dim_size(),
                          kMaxRank);
  }
  type.shape.emplace();
  for (const auto& dim : tensor.shape().dim()) {
    // Exporters write an open extent as a name, as nothing, or as -1.
    type.shape->push_back(dim.has_dim_value() && dim.dim_value() >= 0 ? dim.dim_value() : kUnknownExtent);
  }
  return type;
}

Result<std::vector<InputValue>> bind_inputs(const GraphProto& graph, const ImportOptions& options) {
  const std::vector<const ValueInfoProto*> inputs = find_inputs(graph);
  for (const auto& [name, shape] : options.input_shapes) {
    const bool known =
        std::any_of(inputs.begin(), inputs.end(), [&, &wanted = name](auto* input) { return input->name() == wanted; });
    if (known) continue;
    std::string names;
    for (const ValueInfoProto* input : inputs) names += (names.empty() ? "" : ", ") + option_text(*input);
    return usage_error("--input {}: the model has no such input; it has {}", name, names.empty() ? "none" : names);
  }

  Extents named;
  std::vector<InputValue> values;
  std::vector<std::optional<Shape>> shapes;
  for (const ValueInfoProto* input : inputs) {
    ValueType type = TRY(read_value_type(*input));
    values.push_back({input->name(), type.dtype, {}});
    const auto bound = options.input_shapes.find(input->name());
    if (bound != options.input_shapes.end()) {
      TRY(check_binding(*input, type.shape, bound->second));
      const TensorShapeProto& declared = input->type().tensor_type().shape();
      for (int i = 0; i < declared.dim_size(); ++i) {
        if (!declared.dim(i).dim_param().empty()) {
          named[declared.dim(i).dim_param()] = bound->second[static_cast<size_t>(i)];
        }
      }
      type.shape = bound->second;
    }
    shapes.push_back(std::move(type.shape));
  }
  for (size_t i = 0; i < values.size(); ++i) {
    if (!shapes[i]) {
      return usage_error("input '{}' has no shape; give it by an option like --input {}:1x3x640x640", values[i].name,
                         values[i].name);
    }
    values[i].shape = TRY(bind_rest(*inputs[i], std::move(*shapes[i]), named));
    const Result<int64_t> count = element_count(values[i].shape);
    if (!count.ok()) return count.status().with_prefix("input '" + values[i].name + "': ");
  }
  return values;
}

std::unordered_map<std::string, const ValueInfoProto*> stated_types(const GraphProto& graph) {
  std::unordered_map<std::string, const ValueInfoProto*> types;
  for (const ValueInfoProto& info : graph.value_info()) types.emplace(info.name(), &info);
  for (const ValueInfoProto& info : graph.output()) types.emplace(info.name(), &info);
  return types;
}

}  // namespace sixtops::importer::onnx
