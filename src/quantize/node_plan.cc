#include "quantize/node_plan.h"

#include <algorithm>
#include <limits>
#include <set>

#include "base/error.h"

namespace sixtops::quantize {
namespace {

bool is_activation_tensor(const Graph& graph, ValueId id) {
  return id != kNoValue && !graph.value(id).constant && graph.value(id).dtype == DType::kF32;
}

bool has_known_shape(const Graph& graph, ValueId id) {
  return graph.value(id).shape && is_static(*graph.value(id).shape);
}

// The 1x1 convolution that ends a distribution focal loss head: its weights are 0, 1, 2, ... and its answer is box
// arithmetic, not a feature.
bool is_distribution_mean(const Graph& graph, const Node& node) {
  const Tensor* weights = node.op == Op::kConv ? graph.constant(node.inputs[1]) : nullptr;
  if (weights == nullptr || weights->dtype() != DType::kF32 || weights->shape()[0] != 1) return false;
  const auto values = weights->values<float>();
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] != static_cast<float>(i)) return false;
  }
  return values.size() > 1;
}

std::string why_weighted_is_float(const Graph& graph, const Node& node) {
  const Tensor* weights = graph.constant(node.inputs[1]);
  if (weights == nullptr) return "its weights are computed, not constant";
  if (weights->dtype() != DType::kF32) return "its weights are not float32";
  if (node.has_input(2) && graph.constant(node.inputs[2]) == nullptr) return "its bias is computed, not constant";
  if (node.op == Op::kGemm) {
    if (node.get_float("alpha") != 1 || node.get_float("beta") != 1) return "it scales its operands (alpha, beta)";
    if (node.get_int("transA") != 0) return "it transposes its activations";
    if (node.has_input(2) &&
        graph.constant(node.inputs[2])->element_count() != weights->shape()[node.get_int("transB") ? 0 : 1]) {
      return "its bias is not one value a column";
    }
  }
  if (node.op == Op::kMatMul && weights->rank() != 2) return "its weights are a batch of matrices";
  if (is_distribution_mean(graph, node)) return "it is the mean of a box distribution";
  return {};
}

// Empty: the node has an integer form. The forms of its neighbours are looked at later.
std::string why_float(const Graph& graph, const Node& node) {
  if (!is_activation_tensor(graph, node.inputs.empty() ? kNoValue : node.inputs[0]))
    return "its input is no float32 tensor";
  if (!has_known_shape(graph, node.inputs[0]) || !has_known_shape(graph, node.outputs[0]))
    return "its shape depends on data";
  switch (op_info(node.op).quant_rule) {
    case QuantRule::kFloat:
      return "the operator has no integer form";
    case QuantRule::kWeighted:
      return why_weighted_is_float(graph, node);
    case QuantRule::kAdd:
      if (!is_activation_tensor(graph, node.inputs[1])) return "one operand is a constant";
      if (graph.value(node.inputs[0]).shape != graph.value(node.inputs[1]).shape) return "its operands differ in shape";
      return {};
    case QuantRule::kMultiply:
      return is_activation_tensor(graph, node.inputs[1]) ? "" : "one operand is a constant";
    case QuantRule::kAverage:
      return why_average_is_float(node);
    case QuantRule::kTable:
      return {};
    case QuantRule::kConcat:
      for (const ValueId id : node.inputs) {
        if (!is_activation_tensor(graph, id)) return "one part is a constant";
      }
      return {};
    case QuantRule::kShared:
      return why_movement_is_float(graph, node);
  }
  return {};
}

bool is_weighted(const Node& node) { return op_info(node.op).quant_rule == QuantRule::kWeighted; }

// By node: an integer sum of products lies somewhere behind it.
std::vector<bool> reaches_weighted(const Graph& graph, const Uses& uses, const std::vector<NodePlan>& plans) {
  std::vector<bool> reaches(graph.nodes.size(), false);
  for (size_t n = graph.nodes.size(); n-- > 0;) {
    for (const ValueId id : graph.nodes[n].outputs) {
      if (id == kNoValue) continue;
      for (const int reader : uses.readers[static_cast<size_t>(id)]) {
        const auto r = static_cast<size_t>(reader);
        if (reaches[r] || (is_weighted(graph.nodes[r]) && plans[r].integer)) reaches[n] = true;
      }
    }
  }
  return reaches;
}

// By node: codes that leave it reach graph outputs by movement and averages alone.
std::vector<bool> moves_to_output(const Graph& graph, const Uses& uses, const std::vector<NodePlan>& plans) {
  std::vector<bool> moves(graph.nodes.size(), false);
  for (size_t n = graph.nodes.size(); n-- > 0;) {
    const QuantRule rule = op_info(graph.nodes[n].op).quant_rule;
    bool all = plans[n].integer && (rule == QuantRule::kShared || rule == QuantRule::kAverage);
    for (const ValueId id : graph.nodes[n].outputs) {
      if (id == kNoValue) continue;
      for (const int reader : uses.readers[static_cast<size_t>(id)]) all = all && moves[static_cast<size_t>(reader)];
    }
    moves[n] = all;
  }
  return moves;
}

void keep_tail_float(const Graph& graph, const Uses& uses, std::vector<NodePlan>& plans) {
  const std::vector<bool> reaches = reaches_weighted(graph, uses, plans);
  const std::vector<bool> moves = moves_to_output(graph, uses, plans);
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    if (!plans[n].integer || is_weighted(graph.nodes[n]) || reaches[n] || moves[n] || plans[n].is_fused) continue;
    if (op_info(graph.nodes[n].op).quant_rule == QuantRule::kAverage) continue;
    plans[n].integer = false;
    plans[n].reason = "it belongs to the tail behind the last convolution";
    if (plans[n].activation != kNoNode) plans[static_cast<size_t>(plans[n].activation)].is_fused = false;
    plans[n].activation = kNoNode;
  }
}

// The only reader of the node's result, when the graph itself does not hand the result out.
int sole_reader(const Uses& uses, const Node& node) {
  const auto id = static_cast<size_t>(node.outputs[0]);
  return uses.readers[id].size() == 1 && !uses.is_output[id] ? uses.readers[id][0] : kNoNode;
}

void fuse_activations(const Graph& graph, const Uses& uses, std::vector<NodePlan>& plans) {
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const QuantRule rule = op_info(graph.nodes[n].op).quant_rule;
    const bool requantizes = rule == QuantRule::kWeighted || rule == QuantRule::kAdd || rule == QuantRule::kMultiply ||
                             rule == QuantRule::kAverage;
    if (!plans[n].integer || !requantizes) continue;
    const int reader = sole_reader(uses, graph.nodes[n]);
    if (reader == kNoNode) continue;
    const auto r = static_cast<size_t>(reader);
    if (op_info(graph.nodes[r].op).quant_rule != QuantRule::kTable || !plans[r].integer) continue;
    plans[n].activation = reader;
    plans[r].is_fused = true;
  }
}

// Where the float region begins right behind a convolution, or behind its activation, a code would only lose precision.
void give_sums_to_float_readers(const Graph& graph, const Uses& uses, std::vector<NodePlan>& plans) {
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    if (!plans[n].integer || graph.nodes[n].op != Op::kConv) continue;
    const int activation = plans[n].activation;
    const Node& last = activation == kNoNode ? graph.nodes[n] : graph.nodes[static_cast<size_t>(activation)];
    const auto id = static_cast<size_t>(last.outputs[0]);
    if (uses.is_output[id] || uses.readers[id].empty()) continue;
    const bool only_float = std::none_of(uses.readers[id].begin(), uses.readers[id].end(),
                                         [&](int reader) { return plans[static_cast<size_t>(reader)].integer; });
    if (!only_float) continue;
    plans[n].gives_sums = true;
    plans[n].activation = kNoNode;
    if (activation == kNoNode) continue;
    NodePlan& plan = plans[static_cast<size_t>(activation)];
    plan = {false, "it begins the float tail", kNoNode, false, false, false};
  }
}

// A reader that can take another scale and zero point for each input channel: they go into its weights and its bias.
// With padding it cannot, because one code has to stand for zero in all channels.
bool absorbs_scales(const Node& node, const NodePlan& plan) {
  if (!plan.integer || node.op != Op::kConv || node.get_int("group") != 1) return false;
  const Ints& pads = node.get_ints("pads");
  return (node.get_text("auto_pad") == "NOTSET" || node.get_text("auto_pad") == "VALID") &&
         std::all_of(pads.begin(), pads.end(), [](int64_t pad) { return pad == 0; });
}

void keep_concat_scales(const Graph& graph, const Uses& uses, std::vector<NodePlan>& plans) {
  for (size_t n = graph.nodes.size(); n-- > 0;) {
    const Node& node = graph.nodes[n];
    if (!plans[n].integer || node.op != Op::kConcat) continue;
    const auto id = static_cast<size_t>(node.outputs[0]);
    const int64_t rank = static_cast<int64_t>(graph.value(node.outputs[0]).shape->size());
    const int64_t axis = node.get_int("axis");
    bool all = !uses.is_output[id] && (axis < 0 ? axis + rank : axis) == 1;
    for (const int reader : uses.readers[id]) {
      const auto r = static_cast<size_t>(reader);
      all = all && (plans[r].keeps_scales ||
                    (absorbs_scales(graph.nodes[r], plans[r]) && graph.nodes[r].inputs[0] == node.outputs[0]));
    }
    plans[n].keeps_scales = all;
  }
}

}  // namespace

std::string why_average_is_float(const Node& node) {
  if (node.op == Op::kGlobalAveragePool) return {};
  const Ints& pads = node.get_ints("pads");
  const bool padded = node.get_text("auto_pad") == "SAME_UPPER" || node.get_text("auto_pad") == "SAME_LOWER" ||
                      std::any_of(pads.begin(), pads.end(), [](int64_t pad) { return pad != 0; });
  if (padded && node.get_int("count_include_pad") == 0) return "the divisor of its windows varies at the border";
  if (node.get_int("ceil_mode") != 0) return "its last windows may reach over the border";
  return {};
}

std::string why_movement_is_float(const Graph& graph, const Node& node) {
  if (node.op == Op::kResize && node.get_text("mode") != "nearest") return "it interpolates";
  if (node.op == Op::kResize && node.get_text("coordinate_transformation_mode") == "tf_crop_and_resize")
    return "it may read outside of its input";
  if (node.op == Op::kMaxPool && node.has_output(1)) return "it answers indices";
  if (node.op == Op::kPad && node.has("value") && node.get_float("value") != 0)
    return "it pads with a value other than zero";
  for (size_t i = 1; i < node.inputs.size(); ++i) {
    if (node.has_input(i) && graph.constant(node.inputs[i]) == nullptr) return "a parameter is computed, not constant";
  }
  return {};
}

bool is_clamp(const Node& node) {
  if (node.op == Op::kRelu) return true;
  return node.op == Op::kClip && node.inputs.size() == 1 && node.has("min") && node.get_float("min") == 0;
}

double clamp_limit(const Node& node) {
  return node.op == Op::kClip && node.has("max") ? node.get_float("max") : std::numeric_limits<double>::infinity();
}

Result<std::vector<NodePlan>> plan_nodes(const Graph& graph, const Uses& uses, const QuantizeOptions& options) {
  std::set<std::string> keep(options.keep_float.begin(), options.keep_float.end());
  std::vector<NodePlan> plans(graph.nodes.size());
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const Node& node = graph.nodes[n];
    plans[n].reason = why_float(graph, node);
    if (keep.count(node.name) != 0) plans[n].reason = "it was asked to stay float";
    plans[n].integer = plans[n].reason.empty();
  }
  for (const Node& node : graph.nodes) keep.erase(node.name);
  if (!keep.empty()) {
    return usage_error("--keep-float '{}': the network has no node of this name; `sixtops inspect` lists them",
                       *keep.begin());
  }
  fuse_activations(graph, uses, plans);
  keep_tail_float(graph, uses, plans);
  give_sums_to_float_readers(graph, uses, plans);
  keep_concat_scales(graph, uses, plans);
  return plans;
}

}  // namespace sixtops::quantize
