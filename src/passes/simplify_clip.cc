// One spelling for each piecewise linear activation:
//   Max or Min with a number       → Clip            Clip of Clip or Relu  → one Clip
//   Clip from 0 without an end     → Relu            Relu of Clip          → one Clip
//   PRelu with one slope           → LeakyRelu       Max(x, a·x), 0 < a < 1 → LeakyRelu
// Only on floats, and only where the result has the operand's shape.
#include <algorithm>
#include <cmath>
#include <limits>

#include "passes/graph_editor.h"
#include "passes/passes.h"
#include "passes/pattern.h"

namespace sixtops::passes {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct Bounds {
  ValueId x = kNoValue;
  float low = -kInfinity;
  float high = kInfinity;
};

bool is_bound(double value) { return !std::isnan(value); }

// The node as clamp(x, low, high).
std::optional<Bounds> as_bounds(const GraphEditor& editor, const Node& node) {
  const ValueId id = node.outputs[0];
  switch (node.op) {
    case Op::kRelu:
      return Bounds{node.inputs[0], 0, kInfinity};
    case Op::kClip:
      if (node.inputs.size() != 1) return std::nullopt;
      return Bounds{node.inputs[0], node.has("min") ? node.get_float("min") : -kInfinity,
                    node.has("max") ? node.get_float("max") : kInfinity};
    case Op::kMax:
      if (const auto match = with_constant(editor, id, Op::kMax); match && is_bound(match->second)) {
        return Bounds{match->first, static_cast<float>(match->second), kInfinity};
      }
      return std::nullopt;
    case Op::kMin:
      if (const auto match = with_constant(editor, id, Op::kMin); match && is_bound(match->second)) {
        return Bounds{match->first, -kInfinity, static_cast<float>(match->second)};
      }
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

// The inner clamp first: min(max(x, low), high) of ONNX, where low above high gives high.
Bounds combine(const Bounds& inner, const Bounds& outer) {
  const auto clamp = [&](float value) { return std::min(std::max(value, outer.low), outer.high); };
  return {inner.x, clamp(inner.low), clamp(inner.high)};
}

void write_clamp(GraphEditor& editor, int index, const Bounds& bounds) {
  Attributes attributes;
  if (bounds.low == 0 && bounds.high == kInfinity) {
    editor.rewrite(index, Op::kRelu, {bounds.x});
    return;
  }
  if (bounds.low != -kInfinity) attributes.set("min", bounds.low);
  if (bounds.high != kInfinity) attributes.set("max", bounds.high);
  editor.rewrite(index, Op::kClip, {bounds.x}, std::move(attributes));
}

// x · a for x below zero, when the node is that.
std::optional<std::pair<ValueId, double>> as_leaky(const GraphEditor& editor, const Node& node) {
  if (node.op == Op::kPRelu) {
    const std::optional<double> slope = uniform_constant(editor.graph(), node.inputs[1]);
    return slope ? std::optional(std::pair(node.inputs[0], *slope)) : std::nullopt;
  }
  if (node.op != Op::kMax || node.inputs.size() != 2) return std::nullopt;
  for (const size_t scaled : {size_t{0}, size_t{1}}) {
    const ValueId x = node.inputs[1 - scaled];
    const auto product = with_constant(editor, node.inputs[scaled], Op::kMul);
    if (product && product->first == x && product->second > 0 && product->second < 1) return product;
  }
  return std::nullopt;
}

void simplify(GraphEditor& editor, int index) {
  const Node& node = editor.node(index);
  if (!node.has_input(0) || !is_float(editor.graph().value(node.outputs[0]).dtype)) return;
  if (const auto leaky = as_leaky(editor, node); leaky && has_type_of(editor.graph(), node.outputs[0], leaky->first)) {
    Attributes attributes;
    attributes.set("alpha", static_cast<float>(leaky->second));
    editor.rewrite(index, Op::kLeakyRelu, {leaky->first}, std::move(attributes));
    return;
  }
  std::optional<Bounds> bounds = as_bounds(editor, node);
  if (!bounds) return;
  const int inner_index = editor.producer_index(bounds->x);
  if (inner_index != Uses::kNobody) {
    // Producers come first, so the inner one is in its simple form already.
    if (const auto inner = as_bounds(editor, editor.node(inner_index))) bounds = combine(*inner, *bounds);
  }
  if (has_type_of(editor.graph(), node.outputs[0], bounds->x)) write_clamp(editor, index, *bounds);
}

}  // namespace

Status simplify_clip(Graph& graph, const PassOptions&) {
  GraphEditor editor(graph);
  for (int n = 0; n < editor.node_count(); ++n) simplify(editor, n);
  return editor.finish();
}

}  // namespace sixtops::passes
