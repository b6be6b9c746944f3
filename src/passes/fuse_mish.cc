// log(exp(x) + 1) → Softplus(x); x · tanh(softplus(x)) → Mish(x).
#include "passes/graph_editor.h"
#include "passes/passes.h"
#include "passes/pattern.h"

namespace sixtops::passes {
namespace {

ValueId softplus_operand(const GraphEditor& editor, const Node& node) {
  if (node.op != Op::kLog) return kNoValue;
  const auto sum = with_constant(editor, node.inputs[0], Op::kAdd);
  if (!sum || sum->second != 1) return kNoValue;
  const Node* power = editor.producer(sum->first, Op::kExp);
  return power != nullptr ? power->inputs[0] : kNoValue;
}

bool is_gate(const GraphEditor& editor, ValueId id, ValueId x) {
  const Node* tanh = editor.producer(id, Op::kTanh);
  return tanh != nullptr && is_result(editor, tanh->inputs[0], Op::kSoftplus, x);
}

ValueId mish_operand(const GraphEditor& editor, const Node& node) {
  if (node.op != Op::kMul) return kNoValue;
  if (is_gate(editor, node.inputs[1], node.inputs[0])) return node.inputs[0];
  if (is_gate(editor, node.inputs[0], node.inputs[1])) return node.inputs[1];
  return kNoValue;
}

}  // namespace

Status fuse_mish(Graph& graph, const PassOptions&) {
  GraphEditor editor(graph);
  for (int n = 0; n < editor.node_count(); ++n) {
    const Node& node = editor.node(n);
    const ValueId softplus = softplus_operand(editor, node);
    const ValueId mish = mish_operand(editor, node);
    if (softplus != kNoValue && has_type_of(graph, node.outputs[0], softplus)) {
      editor.rewrite(n, Op::kSoftplus, {softplus});
    } else if (mish != kNoValue && has_type_of(graph, node.outputs[0], mish)) {
      editor.rewrite(n, Op::kMish, {mish});
    }
  }
  return editor.finish();
}

}  // namespace sixtops::passes
