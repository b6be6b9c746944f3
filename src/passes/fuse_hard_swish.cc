// clip(x + 3, 0, 6) / 6 → HardSigmoid(x) with alpha 1/6 and beta 1/2; x times that, in any association → HardSwish(x).
#include "passes/graph_editor.h"
#include "passes/passes.h"
#include "passes/pattern.h"

namespace sixtops::passes {
namespace {

constexpr double kSixth = 1.0 / 6;

// The x of clip(x + 3, 0, 6).
ValueId ramp_operand(const GraphEditor& editor, ValueId id) {
  const Node* clip = editor.producer(id, Op::kClip);
  if (clip == nullptr || clip->inputs.size() != 1 || !clip->has("min") || !clip->has("max") ||
      clip->get_float("min") != 0 || clip->get_float("max") != 6) {
    return kNoValue;
  }
  const auto sum = with_constant(editor, clip->inputs[0], Op::kAdd);
  return sum && sum->second == 3 ? sum->first : kNoValue;
}

// The x of HardSigmoid(x) with the slope of a hard swish.
ValueId gate_operand(const GraphEditor& editor, ValueId id) {
  const Node* gate = editor.producer(id, Op::kHardSigmoid);
  const bool fits = gate != nullptr && is_close(static_cast<double>(gate->get_float("alpha")), kSixth) &&
                    gate->get_float("beta") == 0.5F;
  return fits ? gate->inputs[0] : kNoValue;
}

// The x of x · gate(x), where the gate is a HardSigmoid or a ramp with its sixth somewhere in the product.
ValueId swish_operand(const GraphEditor& editor, ValueId id) {
  for (const ValueId factor : take_apart(editor, id).factors) {
    const ValueId ramp = ramp_operand(editor, factor);
    if (ramp != kNoValue && is_product(take_apart(editor, id, ramp), kSixth, ramp, factor)) return ramp;
    const ValueId gated = gate_operand(editor, factor);
    if (gated != kNoValue && is_product(take_apart(editor, id, gated), 1, gated, factor)) return gated;
  }
  return kNoValue;
}

// The x of ramp(x) / 6.
ValueId sigmoid_operand(const GraphEditor& editor, ValueId id) {
  const Product product = take_apart(editor, id);
  if (product.factors.size() != 1 || !is_close(product.scale, kSixth)) return kNoValue;
  return ramp_operand(editor, product.factors[0]);
}

}  // namespace

Status fuse_hard_swish(Graph& graph, const PassOptions&) {
  GraphEditor editor(graph);
  for (int n = 0; n < editor.node_count(); ++n) {
    const Node& node = editor.node(n);
    if (node.op != Op::kMul && node.op != Op::kDiv) continue;
    const ValueId result = node.outputs[0];
    if (const ValueId x = swish_operand(editor, result); x != kNoValue && has_type_of(graph, result, x)) {
      editor.rewrite(n, Op::kHardSwish, {x});
    } else if (const ValueId y = sigmoid_operand(editor, result); y != kNoValue && has_type_of(graph, result, y)) {
      Attributes attributes;
      attributes.set("alpha", static_cast<float>(kSixth));
      attributes.set("beta", 0.5F);
      editor.rewrite(n, Op::kHardSigmoid, {y}, std::move(attributes));
    }
  }
  return editor.finish();
}

}  // namespace sixtops::passes
