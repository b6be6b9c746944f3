#include "quantize/scale_classes.h"

#include <numeric>

namespace sixtops::quantize {
namespace {

class UnionFind {
 public:
  explicit UnionFind(size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), 0); }
  ValueId find(ValueId id) {
    while (parent(id) != id) {
      parent(id) = parent(parent(id));
      id = parent(id);
    }
    return id;
  }
  void join(ValueId a, ValueId b) { parent(find(a)) = find(b); }

 private:
  ValueId& parent(ValueId id) { return parent_[static_cast<size_t>(id)]; }
  std::vector<ValueId> parent_;
};

bool moves_codes(const Node& node, const NodePlan& plan) {
  const QuantRule rule = op_info(node.op).quant_rule;
  return plan.integer && (rule == QuantRule::kShared || rule == QuantRule::kConcat);
}

}  // namespace

ScaleClasses find_scale_classes(const Graph& graph, const std::vector<NodePlan>& plans) {
  UnionFind sets(graph.values.size());
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const Node& node = graph.nodes[n];
    if (!moves_codes(node, plans[n]) || plans[n].keeps_scales) continue;
    for (const ValueId output : node.outputs) {
      if (output != kNoValue) sets.join(node.inputs[0], output);
    }
    if (node.op != Op::kConcat) continue;
    for (const ValueId input : node.inputs) sets.join(input, node.outputs[0]);
  }

  ScaleClasses classes;
  classes.producers.assign(graph.values.size(), 0);
  for (size_t i = 0; i < graph.values.size(); ++i) {
    classes.representative.push_back(sets.find(static_cast<ValueId>(i)));
  }
  const auto count_producer = [&](ValueId id) { ++classes.producers[static_cast<size_t>(classes.of(id))]; };
  for (const ValueId input : graph.inputs) count_producer(input);
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    // A node with a fused activation makes no codes of its own that anybody else sees.
    if (moves_codes(graph.nodes[n], plans[n]) || plans[n].activation != kNoNode) continue;
    for (const ValueId output : graph.nodes[n].outputs) {
      if (output != kNoValue) count_producer(output);
    }
  }
  return classes;
}

}  // namespace sixtops::quantize
