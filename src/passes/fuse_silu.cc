// x · sigmoid(x) → Silu(x); x / (1 + exp(-x)) → Silu(x).
//
// The sigmoid stays where others read it too.
#include "passes/graph_editor.h"
#include "passes/passes.h"
#include "passes/pattern.h"

namespace sixtops::passes {
namespace {

// 1 + exp(-x)
bool is_logistic_divisor(const GraphEditor& editor, ValueId id, ValueId x) {
  const auto sum = with_constant(editor, id, Op::kAdd);
  if (!sum || sum->second != 1) return false;
  const Node* power = editor.producer(sum->first, Op::kExp);
  return power != nullptr && is_result(editor, power->inputs[0], Op::kNeg, x);
}

ValueId silu_operand(const GraphEditor& editor, const Node& node) {
  if (node.op == Op::kMul) {
    if (is_result(editor, node.inputs[1], Op::kSigmoid, node.inputs[0])) return node.inputs[0];
    if (is_result(editor, node.inputs[0], Op::kSigmoid, node.inputs[1])) return node.inputs[1];
  }
  if (node.op == Op::kDiv && is_logistic_divisor(editor, node.inputs[1], node.inputs[0])) return node.inputs[0];
  return kNoValue;
}

}  // namespace

Status fuse_silu(Graph& graph, const PassOptions&) {
  GraphEditor editor(graph);
  for (int n = 0; n < editor.node_count(); ++n) {
    const ValueId x = silu_operand(editor, editor.node(n));
    if (x != kNoValue && has_type_of(graph, editor.node(n).outputs[0], x)) editor.rewrite(n, Op::kSilu, {x});
  }
  return editor.finish();
}

}  // namespace sixtops::passes
