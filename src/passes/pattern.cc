#include "passes/pattern.h"

#include <algorithm>
#include <cmath>

namespace sixtops::passes {
namespace {

constexpr double kRelativeTolerance = 1e-3;

bool is_commutative(Op op) { return op == Op::kAdd || op == Op::kMul || op == Op::kMax || op == Op::kMin; }

}  // namespace

std::optional<double> uniform_constant(const Graph& graph, ValueId id) {
  const Tensor* tensor = graph.constant(id);
  if (tensor == nullptr || tensor->empty() || !is_float(tensor->dtype())) return std::nullopt;
  const std::vector<double> values = values_as<double>(*tensor);
  const bool uniform = std::all_of(values.begin(), values.end(), [&](double value) { return value == values[0]; });
  return uniform ? std::optional(values[0]) : std::nullopt;
}

bool has_type_of(const Graph& graph, ValueId id, ValueId other) {
  const Value& a = graph.value(id);
  const Value& b = graph.value(other);
  return a.dtype == b.dtype && a.shape && a.shape == b.shape;
}

bool is_close(double a, double b) { return std::abs(a - b) <= kRelativeTolerance * std::abs(b); }

std::optional<std::pair<ValueId, double>> with_constant(const GraphEditor& editor, ValueId id, Op op) {
  const Node* node = editor.producer(id, op);
  if (node == nullptr || node->inputs.size() != 2) return std::nullopt;
  for (const size_t constant : {size_t{1}, size_t{0}}) {
    if (constant == 0 && !is_commutative(op)) continue;
    const ValueId operand = node->inputs[constant];
    const std::optional<double> value = uniform_constant(editor.graph(), operand);
    if (value && editor.graph().constant(operand)->element_count() == 1) {
      return std::pair(node->inputs[1 - constant], *value);
    }
  }
  return std::nullopt;
}

bool is_result(const GraphEditor& editor, ValueId id, Op op, ValueId x) {
  const Node* node = editor.producer(id, op);
  return node != nullptr && node->inputs[0] == x;
}

Product take_apart(const GraphEditor& editor, ValueId id, ValueId whole, int depth) {
  if (id != whole && depth > 0) {
    for (const Op op : {Op::kMul, Op::kDiv}) {
      if (const auto scaled = with_constant(editor, id, op)) {
        Product product = take_apart(editor, scaled->first, whole, depth - 1);
        product.scale = op == Op::kMul ? product.scale * scaled->second : product.scale / scaled->second;
        return product;
      }
    }
    if (const Node* node = editor.producer(id, Op::kMul)) {
      Product product = take_apart(editor, node->inputs[0], whole, depth - 1);
      const Product right = take_apart(editor, node->inputs[1], whole, depth - 1);
      product.factors.insert(product.factors.end(), right.factors.begin(), right.factors.end());
      product.scale *= right.scale;
      return product;
    }
  }
  return {{id}, 1};
}

bool is_product(const Product& product, double scale, ValueId a, ValueId b) {
  if (product.factors.size() != 2 || !is_close(product.scale, scale)) return false;
  return (product.factors[0] == a && product.factors[1] == b) || (product.factors[0] == b && product.factors[1] == a);
}

}  // namespace sixtops::passes
