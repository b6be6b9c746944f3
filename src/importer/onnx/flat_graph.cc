#include "importer/onnx/flat_graph.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "base/error.h"

namespace sixtops::importer::onnx {
namespace {

using google::protobuf::RepeatedPtrField;
using wire::onnx::AttributeProto;
using wire::onnx::FunctionProto;
using wire::onnx::GraphProto;
using wire::onnx::ModelProto;
using wire::onnx::NodeProto;
using wire::onnx::OperatorSetIdProto;
using wire::onnx::TensorProto;

constexpr int kMaxDepth = 32;                 // functions and branches within each other
constexpr size_t kMaxCopiedBytes = 32 << 20;  // of what bodies unfold into
constexpr size_t kEntryBytes = 64;            // of a name or node beside its text
constexpr int kNewestKnown = 1 << 16;         // larger version numbers are as good as this one
constexpr int kBoolType = 9;                  // TensorProto.DataType

// The body that is being copied, and how to read the names and attribute references in it.
struct Frame {
  const Frame* outer = nullptr;  // a branch sees the names around it; a function does not
  std::unordered_map<std::string, std::string> names;
  std::unordered_map<std::string, const AttributeProto*> attributes;  // a function's parameters
  std::string prefix;                                                 // of the function's own names
  int opset = 1;
  int depth = 0;  // 0: the model's own graph, whose nodes are not copied

  std::string resolve(const std::string& name) const {
    if (name.empty()) return name;
    const auto found = names.find(name);
    if (found != names.end()) return found->second;
    return outer != nullptr ? outer->resolve(name) : prefix + name;
  }

  const AttributeProto* resolve(const AttributeProto& attribute) const {
    if (attribute.ref_attr_name().empty()) return &attribute;
    const auto found = attributes.find(attribute.ref_attr_name());
    return found != attributes.end() ? found->second : nullptr;
  }
};

int onnx_opset(const RepeatedPtrField<OperatorSetIdProto>& imports, int fallback) {
  for (const OperatorSetIdProto& import : imports) {
    if (is_onnx_domain(import.domain()))
      return static_cast<int>(std::clamp<int64_t>(import.version(), 1, kNewestKnown));
  }
  return fallback;
}

std::string function_key(const std::string& domain, const std::string& name, const std::string& overload) {
  return (is_onnx_domain(domain) ? "" : domain) + '\0' + name + '\0' + overload;
}

std::optional<bool> as_flag(const TensorProto& tensor) {
  if (tensor.data_type() != kBoolType) return {};
  if (tensor.raw_data().size() == 1) return tensor.raw_data()[0] != 0;
  if (tensor.int32_data_size() == 1) return tensor.int32_data(0) != 0;
  return {};
}

class Flattener {
 public:
  explicit Flattener(const std::shared_ptr<const ModelProto>& model) : model_(model) {}

  Result<FlatGraph> run() {
    for (const FunctionProto& function : model_->functions()) {
      functions_[function_key(function.domain(), function.name(), function.overload())] = &function;
    }
    Frame frame;
    frame.opset = onnx_opset(model_->opset_import(), 1);
    TRY(add_graph(model_->graph(), frame));
    return std::move(flat_);
  }

 private:
  Status add_graph(const GraphProto& graph, const Frame& frame) {
    for (const TensorProto& tensor : graph.initializer()) {
      flat_.initializers.emplace_back(frame.resolve(tensor.name()), &tensor);
      remember_flag(tensor, flat_.initializers.back().first);
    }
    for (const wire::onnx::SparseTensorProto& sparse : graph.sparse_initializer()) {
      flat_.sparse_initializers.emplace_back(frame.resolve(sparse.values().name()), &sparse);
    }
    return add_nodes(graph.node(), frame);
  }

  Status add_nodes(const RepeatedPtrField<NodeProto>& nodes, const Frame& frame) {
    for (const NodeProto& node : nodes) TRY(add_node(node, frame));
    return {};
  }

  Status add_node(const NodeProto& node, const Frame& frame) {
    const auto function = functions_.find(function_key(node.domain(), node.op_type(), node.overload()));
    if (function != functions_.end()) return add_call(node, *function->second, frame);
    if (is_onnx_domain(node.domain()) && node.op_type() == "If" && node.input_size() == 1) {
      const auto flag = flags_.find(frame.resolve(node.input(0)));
      if (flag != flags_.end()) return add_branch(node, flag->second, frame);
    }
    if (node.op_type() == "Constant" && node.output_size() == 1 && node.attribute_size() == 1) {
      remember_flag(node.attribute(0).t(), frame.resolve(node.output(0)));
    }
    std::shared_ptr<const NodeProto> kept(model_, &node);
    if (frame.depth > 0) {
      TRY(spend(node, node.ByteSizeLong()));
      kept = copy(node, frame);
    }
    flat_.nodes.push_back({std::move(kept), frame.opset});
    return {};
  }

  Status add_call(const NodeProto& call, const FunctionProto& function, const Frame& caller) {
    if (call.input_size() > function.input_size() || call.output_size() > function.output_size()) {
      return invalid_data("{}: {} inputs and {} outputs, but its function has {} and {}", node_label(call),
                          call.input_size(), call.output_size(), function.input_size(), function.output_size());
    }
    Frame frame;
    frame.opset = onnx_opset(function.opset_import(), caller.opset);
    TRY(enter(frame, call, caller));
    TRY(spend(call, kEntryBytes * static_cast<size_t>(function.input_size() + function.attribute_proto_size())));
    for (int i = 0; i < function.input_size(); ++i) {
      frame.names[function.input(i)] = i < call.input_size() ? caller.resolve(call.input(i)) : "";
    }
    for (const AttributeProto& value : function.attribute_proto()) frame.attributes[value.name()] = &value;
    for (const AttributeProto& value : call.attribute()) {
      if (const AttributeProto* known = caller.resolve(value)) frame.attributes[value.name()] = known;
    }
    TRY(add_nodes(function.node(), frame));
    for (int i = 0; i < call.output_size(); ++i) hand_out(frame, function.output(i), caller, call.output(i));
    return {};
  }

  Status add_branch(const NodeProto& node, bool condition, const Frame& around) {
    const std::string wanted = condition ? "then_branch" : "else_branch";
    const auto attribute = std::find_if(node.attribute().begin(), node.attribute().end(),
                                        [&](const AttributeProto& candidate) { return candidate.name() == wanted; });
    if (attribute == node.attribute().end() || attribute->g().output_size() != node.output_size()) {
      return invalid_data("{}: {} is missing or has another number of outputs", node_label(node), wanted);
    }
    const GraphProto& branch = attribute->g();
    Frame frame;
    frame.outer = &around;
    frame.opset = around.opset;
    frame.attributes = around.attributes;
    TRY(enter(frame, node, around));
    TRY(spend(node, branch.ByteSizeLong()));
    const auto own = [&](const std::string& name) { frame.names[name] = frame.prefix + name; };
    for (const TensorProto& tensor : branch.initializer()) own(tensor.name());
    for (const wire::onnx::SparseTensorProto& sparse : branch.sparse_initializer()) own(sparse.values().name());
    for (const NodeProto& inner : branch.node()) std::for_each(inner.output().begin(), inner.output().end(), own);
    TRY(add_graph(branch, frame));
    for (int i = 0; i < node.output_size(); ++i) hand_out(frame, branch.output(i).name(), around, node.output(i));
    return {};
  }

  // Output names are unique in a graph, so they make the names behind them unique.
  Status enter(Frame& frame, const NodeProto& node, const Frame& around) {
    frame.depth = around.depth + 1;
    if (frame.depth > kMaxDepth)
      return resource_error("{}: functions nest deeper than {}", node_label(node), kMaxDepth);
    frame.prefix = (node.output_size() > 0 ? around.resolve(node.output(0)) : around.prefix) + "::";
    return spend(node, frame.prefix.size());
  }

  // Accounts for what unfolding costs: a few calls of calls would fill any memory.
  Status spend(const NodeProto& node, size_t bytes) {
    copied_bytes_ += bytes + kEntryBytes;
    if (copied_bytes_ <= kMaxCopiedBytes) return {};
    return resource_error("{}: functions unfold into more than {} MB of nodes", node_label(node),
                          kMaxCopiedBytes >> 20);
  }

  // The body's value becomes the caller's.
  void hand_out(const Frame& body, const std::string& inner, const Frame& around, const std::string& outer) {
    if (outer.empty()) return;
    auto identity = std::make_shared<NodeProto>();
    identity->set_op_type("Identity");
    identity->add_input(body.resolve(inner));
    identity->add_output(around.resolve(outer));
    flat_.nodes.push_back({std::move(identity), body.opset});
  }

  static std::shared_ptr<const NodeProto> copy(const NodeProto& node, const Frame& frame) {
    auto result = std::make_shared<NodeProto>();
    result->set_name(frame.prefix + node.name());
    result->set_op_type(node.op_type());
    result->set_domain(node.domain());
    for (const std::string& name : node.input()) result->add_input(frame.resolve(name));
    for (const std::string& name : node.output()) result->add_output(frame.resolve(name));
    for (const AttributeProto& attribute : node.attribute()) {
      const AttributeProto* value = frame.resolve(attribute);
      if (value == nullptr) continue;  // the caller left the parameter out, and so does the node
      *result->add_attribute() = *value;
      result->mutable_attribute(result->attribute_size() - 1)->set_name(attribute.name());
    }
    return result;
  }

  void remember_flag(const TensorProto& tensor, const std::string& name) {
    if (const std::optional<bool> flag = as_flag(tensor)) flags_[name] = *flag;
  }

  std::shared_ptr<const ModelProto> model_;
  std::unordered_map<std::string, const FunctionProto*> functions_;
  std::unordered_map<std::string, bool> flags_;  // constants that an If may ask
  FlatGraph flat_;
  size_t copied_bytes_ = 0;
};

}  // namespace

Result<FlatGraph> flatten(const std::shared_ptr<const ModelProto>& model) { return Flattener(model).run(); }

std::string node_label(const NodeProto& node) {
  if (!node.name().empty()) return fmt::format("node '{}' ({})", node.name(), node.op_type());
  return fmt::format("{} node that writes '{}'", node.op_type(), node.output_size() > 0 ? node.output(0) : "");
}

bool is_onnx_domain(const std::string& domain) { return domain.empty() || domain == "ai.onnx"; }

}  // namespace sixtops::importer::onnx
