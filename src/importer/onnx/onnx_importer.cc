#include "importer/onnx/onnx_importer.h"

#include <fmt/core.h>

#include <memory>

#include "base/error.h"
#include "graph/verify.h"
#include "importer/graph_builder.h"
#include "importer/onnx/custom.h"
#include "importer/onnx/file_cut.h"
#include "importer/onnx/flat_graph.h"
#include "importer/onnx/model_file.h"
#include "importer/onnx/node_order.h"
#include "importer/onnx/task_hints.h"
#include "importer/onnx/tensor.h"
#include "importer/onnx/translation.h"
#include "importer/onnx/translators.h"
#include "importer/onnx/values.h"
#include "importer/unsupported_operators.h"

namespace sixtops::importer::onnx {
namespace {

using wire::onnx::GraphProto;
using wire::onnx::ModelProto;
using wire::onnx::ValueInfoProto;

Status check_operators(const FlatGraph& flat) {
  UnsupportedOperators missing;
  for (const FlatNode& node : flat.nodes) {
    const std::string& type = node.proto->op_type();
    if (is_custom(*node.proto) || find_translator(type, std::min(node.opset, kNewestOpset)) != nullptr) continue;
    const std::string version = is_known_operator(type) ? fmt::format(" of opset {}", node.opset) : "";
    missing.add(type + version, node_label(*node.proto));
  }
  return missing.status("operator");
}

Status add_constants(const FlatGraph& flat, TensorReader& tensors, GraphBuilder& builder) {
  const auto add = [&](const std::string& name, Result<Tensor> tensor) -> Status {
    if (!tensor.ok()) return tensor.status().with_prefix("tensor '" + name + "': ");
    const ValueId id = builder.define(name, tensor->dtype(), tensor->shape());
    builder.graph.value(id).constant = std::move(*tensor);
    return {};
  };
  for (const auto& [name, proto] : flat.initializers) TRY(add(name, tensors.read(*proto)));
  for (const auto& [name, proto] : flat.sparse_initializers) TRY(add(name, tensors.read_sparse(*proto)));
  return {};
}

Status translate_node(Translation& node, const std::unordered_map<std::string, const ValueInfoProto*>& types) {
  if (is_custom(node.proto())) return translate_custom(node, types);
  const TranslatorRow* row = find_translator(node.type(), std::min(node.opset(), kNewestOpset));
  TRY(row->translate(node));
  return node.check_attributes(row->ignored_attributes);
}

Status translate_nodes(const FlatGraph& flat, const GraphProto& proto, TensorReader& tensors, GraphBuilder& builder) {
  const auto types = stated_types(proto);
  for (const FlatNode& flat_node : flat.nodes) {
    Translation node(builder, tensors, flat_node);
    if (node.output_count() == 0) continue;  // nobody can read what it computes
    const Status translated = translate_node(node, types);
    if (!translated.ok()) return translated.with_prefix(node_label(*flat_node.proto) + ": ");
  }
  return {};
}

Result<Graph> build_graph(const std::shared_ptr<const ModelProto>& model, const std::string& path,
                          const ImportOptions& options) {
  const GraphProto& proto = model->graph();
  FlatGraph flat = TRY(flatten(model));
  const FileCut cut = cut_file(flat, proto, options);
  const std::vector<InputValue> inputs = TRY(bind_inputs(cut.inputs, options));
  std::vector<std::string> input_names;
  input_names.reserve(inputs.size());
  for (const InputValue& input : inputs) input_names.push_back(input.name);
  TRY(order_nodes(flat, input_names));
  TRY(check_operators(flat));

  GraphBuilder builder;
  for (const FlatNode& node : flat.nodes) {
    for (const std::string& name : node.proto->output()) builder.reserve(name);
  }
  builder.graph.name = proto.name();
  builder.graph.hints = read_task_hints(*model);
  for (const InputValue& input : inputs) {
    builder.graph.inputs.push_back(builder.define(input.name, input.dtype, input.shape));
  }
  TensorReader tensors(model, path);
  TRY(add_constants(flat, tensors, builder));
  TRY(translate_nodes(flat, proto, tensors, builder));
  for (const std::string& output : cut.outputs) {
    const ValueId id = builder.find(output);
    if (id == kNoValue) return invalid_data("output '{}' is written by no node", output);
    builder.graph.outputs.push_back(id);
  }
  TRY(verify(builder.graph, VerifyLevel::kImported));
  return std::move(builder.graph);
}

}  // namespace

std::vector<std::string> operator_names() { return translated_types(); }

bool recognize(ByteSpan bytes) { return looks_like_model(bytes); }

Result<Graph> import_model(const Source& source, const ImportOptions& options) {
  const auto model = parse_model(source.bytes.span());
  if (!model.ok()) return model.status().with_prefix(source.path + ": ");
  Result<Graph> graph = build_graph(*model, source.path, options);
  if (!graph.ok()) return graph.status().with_prefix(source.path + ": ");
  return graph;
}

}  // namespace sixtops::importer::onnx
