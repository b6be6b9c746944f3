#include "importer/onnx/values.h"

#include <algorithm>
#include <unordered_set>

#include "base/error.h"
#include "importer/input_shapes.h"
#include "importer/onnx/element_type.h"

namespace sixtops::importer::onnx {
namespace {

using wire::onnx::GraphProto;
using wire::onnx::TensorProto;
using wire::onnx::ValueInfoProto;

}  // namespace

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

Result<std::vector<InputValue>> bind_inputs(const std::vector<const ValueInfoProto*>& inputs,
                                            const ImportOptions& options) {
  std::vector<InputValue> values;
  std::vector<DeclaredInput> declared;
  for (const ValueInfoProto* input : inputs) {
    ValueType type = TRY(read_value_type(*input));
    values.push_back({input->name(), type.dtype, {}});
    DeclaredInput& added = declared.emplace_back();
    added.name = input->name();
    added.shape = std::move(type.shape);
    for (const auto& dim : input->type().tensor_type().shape().dim()) added.extent_names.push_back(dim.dim_param());
  }
  std::vector<Shape> shapes = TRY(bind_input_shapes(declared, options));
  for (size_t i = 0; i < values.size(); ++i) values[i].shape = std::move(shapes[i]);
  return values;
}

std::unordered_map<std::string, const ValueInfoProto*> stated_types(const GraphProto& graph) {
  std::unordered_map<std::string, const ValueInfoProto*> types;
  for (const ValueInfoProto& info : graph.value_info()) types.emplace(info.name(), &info);
  for (const ValueInfoProto& info : graph.output()) types.emplace(info.name(), &info);
  return types;
}

}  // namespace sixtops::importer::onnx
