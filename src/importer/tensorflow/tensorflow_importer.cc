#include "importer/tensorflow/tensorflow_importer.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/error.h"
#include "graph/verify.h"
#include "importer/input_shapes.h"
#include "importer/tensorflow/graph_def.h"
#include "importer/tensorflow/known_integers.h"
#include "importer/tensorflow/tensor.h"
#include "importer/tensorflow/translation.h"
#include "importer/unsupported_operators.h"

namespace sixtops::importer::tensorflow {
namespace {

using wire::tensorflow::NodeDef;

constexpr size_t kPictureRank = 4;
constexpr size_t kMaxNameBytes = 1024;

using Nodes = std::unordered_map<std::string, NodeDef*>;

std::string node_of(const std::string& input) {
  const std::string name = input.starts_with('^') ? input.substr(1) : input;
  return name.substr(0, name.find(':'));
}

bool is_placeholder(const NodeDef& node) { return node.op() == "Placeholder"; }

// Placeholders, and nodes that the caller begins at.
struct Beginnings {
  const ImportOptions& options;

  bool contains(const NodeDef& node) const {
    if (is_placeholder(node)) return true;
    return options.input_shapes.contains(node.name()) &&
           std::find(options.inputs.begin(), options.inputs.end(), node.name()) != options.inputs.end();
  }
};

bool is_constant(const NodeDef& node) { return node.op() == "Const"; }
bool is_nothing(const NodeDef& node) { return node.op() == "NoOp" || node.op() == "Assert"; }

Result<Nodes> index_nodes(Model& model) {
  Nodes nodes;
  for (NodeDef& node : *model.graph.mutable_node()) {
    if (node.name().empty() || node.name().size() > kMaxNameBytes)
      return invalid_data("a node with a name of {} bytes", node.name().size());
    if (!nodes.emplace(node.name(), &node).second) return invalid_data("node '{}' stands there twice", node.name());
  }
  return nodes;
}

std::vector<std::string> find_outputs(const Model& model, const Nodes& nodes, const ImportOptions& options) {
  // A name that is no node's is for whoever cuts the graph, who knows all tensors.
  const auto is_node = [&](const std::string& output) { return nodes.contains(node_of(output)); };
  if (!options.outputs.empty() && std::all_of(options.outputs.begin(), options.outputs.end(), is_node)) {
    return options.outputs;
  }
  if (!model.outputs.empty()) return model.outputs;
  std::unordered_set<std::string> read;
  for (const NodeDef& node : model.graph.node()) {
    for (const std::string& input : node.input()) read.insert(node_of(input));
  }
  std::vector<std::string> outputs;
  for (const NodeDef& node : model.graph.node()) {
    if (!read.contains(node.name()) && !is_constant(node) && !is_placeholder(node) && !is_nothing(node))
      outputs.push_back(node.name());
  }
  return outputs;
}

// What the outputs need, every node behind those that it reads.
Result<std::vector<NodeDef*>> order_nodes(const Nodes& nodes, const std::vector<std::string>& outputs,
                                          const Beginnings& beginnings) {
  enum class Mark : uint8_t { kOpen, kDone };
  std::unordered_map<const NodeDef*, Mark> marks;
  std::vector<NodeDef*> ordered;
  std::vector<std::pair<NodeDef*, int>> stack;
  const auto visit = [&](const std::string& name, const std::string& reader) -> Status {
    const auto found = nodes.find(name);
    if (found == nodes.end()) return invalid_data("'{}' reads '{}', which is no node", reader, name);
    const auto mark = marks.find(found->second);
    if (mark == marks.end()) {
      marks[found->second] = Mark::kOpen;
      stack.emplace_back(found->second, 0);
    } else if (mark->second == Mark::kOpen) {
      return invalid_data("node '{}' depends on itself", name);
    }
    return {};
  };
  for (const std::string& output : outputs) {
    TRY(visit(node_of(output), "the list of outputs"));
    while (!stack.empty()) {
      auto& [node, next] = stack.back();
      if (beginnings.contains(*node)) next = node->input_size();
      while (next < node->input_size() && node->input(next).starts_with('^')) ++next;
      if (next < node->input_size()) {
        const NodeDef* reader = node;
        const int at = next++;
        TRY(visit(node_of(reader->input(at)), reader->name()));
        continue;
      }
      marks[node] = Mark::kDone;
      ordered.push_back(node);
      stack.pop_back();
    }
  }
  return ordered;
}

Status check_operators(const std::vector<NodeDef*>& nodes, const Beginnings& beginnings) {
  UnsupportedOperators missing;
  for (const NodeDef* node : nodes) {
    if (beginnings.contains(*node)) continue;
    if (node->op().starts_with("VarHandle") || node->op() == "ReadVariableOp" || node->op() == "VariableV2") {
      return unsupported("variable '{}' is no constant; freeze the graph first (convert_variables_to_constants_v2)",
                         node->name());
    }
    if (is_constant(*node) || find_translator(node->op()) != nullptr) continue;
    missing.add(node->op(), "'" + node->name() + "'");
  }
  return missing.status("operator");
}

struct Network {
  GraphBuilder builder;
  ChannelsLast layout{builder};
  Values values;
};

Status define_inputs(const std::vector<NodeDef*>& nodes, const Beginnings& beginnings, Network& network) {
  std::vector<DeclaredInput> declared;
  std::vector<DType> types;
  for (const NodeDef* node : nodes) {
    if (!beginnings.contains(*node)) continue;
    DeclaredInput& input = declared.emplace_back();
    input.name = node->name();
    const auto shape = node->attr().find("shape");
    if (is_placeholder(*node) && shape != node->attr().end() && !shape->second.shape().unknown_rank()) {
      input.shape.emplace();
      for (const auto& dim : shape->second.shape().dim())
        input.shape->push_back(dim.size() < 0 ? kUnknownExtent : dim.size());
      if (input.shape->size() > kMaxRank)
        return resource_error("input '{}' has {} axes", input.name, input.shape->size());
    }
    const auto type = node->attr().find(is_placeholder(*node) ? "dtype" : "T");
    types.push_back(type == node->attr().end() ? DType::kF32 : TRY(element_type(type->second.type())));
  }
  const std::vector<Shape> shapes = TRY(bind_input_shapes(declared, beginnings.options));
  for (size_t i = 0; i < shapes.size(); ++i) {
    const bool is_picture = shapes[i].size() == kPictureRank;
    const Shape& s = shapes[i];
    const ValueId id =
        network.builder.define(declared[i].name, types[i], is_picture ? Shape{s[0], s[3], s[1], s[2]} : s);
    if (is_picture) network.layout.mark_channels_first(id);
    network.builder.graph.inputs.push_back(id);
    network.values[declared[i].name] = id;
  }
  return {};
}

// Takes the data out of constants: a large file is in memory once.
Status translate(NodeDef& node, Network& network) {
  if (is_constant(node)) {
    const auto value = node.mutable_attr()->find("value");
    if (value == node.mutable_attr()->end() || !value->second.has_tensor()) {
      return invalid_data("a constant without a value");
    }
    const Tensor tensor = TRY(read_tensor(value->second.tensor()));
    value->second.clear_tensor();
    const ValueId id = network.builder.define(node.name(), tensor.dtype(), tensor.shape());
    network.builder.graph.value(id).constant = tensor;
    network.values[node.name()] = id;
    return {};
  }
  Translation translation(network.builder, network.layout, network.values, node);
  if (TRY(write_known_integers(translation))) return {};
  return find_translator(node.op())(translation);
}

Status add_outputs(const std::vector<std::string>& outputs, Network& network) {
  Graph& graph = network.builder.graph;
  for (const std::string& output : outputs) {
    const std::string name = value_name(output);
    const auto found = network.values.find(name);
    if (found == network.values.end()) return invalid_data("output '{}' is written by no node", name);
    ValueId id = found->second;
    // An Identity behind a value is what the file calls its output.
    if (graph.value(id).name != name) {
      const bool first = network.layout.is_channels_first(id);
      id = TRY(network.builder.append(Op::kIdentity, name, name, {id}));
      if (network.builder.find(name) == kNoValue) network.builder.rename(id, name);
      if (first) network.layout.mark_channels_first(id);
    }
    graph.outputs.push_back(id);
  }
  if (outputs.empty()) return invalid_data("the graph has no output");
  return {};
}

Result<Graph> build_graph(Model& model, const ImportOptions& options) {
  const Nodes nodes = TRY(index_nodes(model));
  const Beginnings beginnings{options};
  const std::vector<std::string> outputs = find_outputs(model, nodes, options);
  const std::vector<NodeDef*> ordered = TRY(order_nodes(nodes, outputs, beginnings));
  TRY(check_operators(ordered, beginnings));
  Network network;
  for (const NodeDef* node : ordered) network.builder.reserve(node->name());
  network.builder.graph.hints.normalized_boxes = true;  // TensorFlow's convention
  TRY(define_inputs(ordered, beginnings, network));
  for (NodeDef* node : ordered) {
    if (beginnings.contains(*node)) continue;
    const Status status = translate(*node, network);
    if (!status.ok()) return status.with_prefix(fmt::format("{} '{}': ", node->op(), node->name()));
  }
  TRY(add_outputs(outputs, network));
  // Weights whose axes were moved leave those of the file behind.
  remove_nodes(network.builder.graph, std::vector<bool>(network.builder.graph.nodes.size(), false));
  TRY(verify(network.builder.graph, VerifyLevel::kImported));
  return std::move(network.builder.graph);
}

}  // namespace

std::vector<std::string> operator_names() { return translated_types(); }

bool recognize(ByteSpan bytes) { return looks_like_graph(bytes) || looks_like_json(bytes); }

Result<Graph> import_model(const Source& source, const ImportOptions& options) {
  Result<Model> model = looks_like_json(source.bytes.span()) ? read_json(source) : read_protocol_buffers(source.bytes);
  if (!model.ok()) return model.status().with_prefix(source.path + ": ");
  Result<Graph> graph = build_graph(*model, options);
  if (!graph.ok()) return graph.status().with_prefix(source.path + ": ");
  return graph;
}

}  // namespace sixtops::importer::tensorflow
