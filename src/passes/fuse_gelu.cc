// x / 2 · (1 + erf(x / √2)) → Gelu(x), and x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) → Gelu(x) with approximate
// "tanh", in whatever association and order the exporter wrote them.
#include <cmath>

#include "passes/graph_editor.h"
#include "passes/passes.h"
#include "passes/pattern.h"

namespace sixtops::passes {
namespace {

constexpr double kCubeWeight = 0.044715;

struct Match {
  ValueId x = kNoValue;
  const char* approximate = "none";
};

// The x of erf(x / √2).
ValueId erf_operand(const GraphEditor& editor, ValueId id) {
  const Node* erf = editor.producer(id, Op::kErf);
  if (erf == nullptr) return kNoValue;
  // Not further than one node: x may be a product itself.
  const Product product = take_apart(editor, erf->inputs[0], kNoValue, 1);
  const bool fits = product.factors.size() == 1 && is_close(product.scale, std::sqrt(0.5));
  return fits ? product.factors[0] : kNoValue;
}

// 0.044715 · x³
bool is_weighted_cube(const GraphEditor& editor, ValueId id, ValueId x) {
  const Product product = take_apart(editor, id, x);
  if (!is_close(product.scale, kCubeWeight)) return false;
  if (product.factors.size() == 3) return product.factors == std::vector<ValueId>(3, x);
  if (product.factors.size() != 1) return false;
  const auto power = with_constant(editor, product.factors[0], Op::kPow);
  return power && power->first == x && power->second == 3;
}

// The x of tanh(√(2/π) · (x + 0.044715 · x³)).
ValueId tanh_operand(const GraphEditor& editor, ValueId id) {
  const Node* tanh = editor.producer(id, Op::kTanh);
  if (tanh == nullptr) return kNoValue;
  const Product product = take_apart(editor, tanh->inputs[0]);
  if (product.factors.size() != 1 || !is_close(product.scale, std::sqrt(2 / M_PI))) return kNoValue;
  const Node* sum = editor.producer(product.factors[0], Op::kAdd);
  if (sum == nullptr) return kNoValue;
  for (const size_t i : {size_t{0}, size_t{1}}) {
    if (is_weighted_cube(editor, sum->inputs[1 - i], sum->inputs[i])) return sum->inputs[i];
  }
  return kNoValue;
}

Match match_gelu(const GraphEditor& editor, ValueId id) {
  for (const ValueId factor : take_apart(editor, id).factors) {
    const auto gate = with_constant(editor, factor, Op::kAdd);
    if (!gate || gate->second != 1) continue;
    const ValueId exact = erf_operand(editor, gate->first);
    if (exact != kNoValue && is_product(take_apart(editor, id, exact), 0.5, exact, factor)) return {exact, "none"};
    const ValueId tanh = tanh_operand(editor, gate->first);
    if (tanh != kNoValue && is_product(take_apart(editor, id, tanh), 0.5, tanh, factor)) return {tanh, "tanh"};
  }
  return {};
}

}  // namespace

Status fuse_gelu(Graph& graph, const PassOptions&) {
  GraphEditor editor(graph);
  for (int n = 0; n < editor.node_count(); ++n) {
    const Node& node = editor.node(n);
    if (node.op != Op::kMul && node.op != Op::kDiv) continue;
    const Match match = match_gelu(editor, node.outputs[0]);
    if (match.x == kNoValue || !has_type_of(graph, node.outputs[0], match.x)) continue;
    Attributes attributes;
    attributes.set("approximate", std::string(match.approximate));
    editor.rewrite(n, Op::kGelu, {match.x}, std::move(attributes));
  }
  return editor.finish();
}

}  // namespace sixtops::passes
