// Of a chain of Transposes one is left, and a Transpose that stands behind elementwise ops takes up those before them:
//   Transpose(f(Transpose(x, p)), q) → f(Transpose(x, p∘q)), which is f(x) where q undoes p.
// f is a tree of elementwise ops of equal shapes, and softmaxes, that nothing else reads; constants of one element may
// take part.
#include <algorithm>
#include <set>

#include "passes/graph_editor.h"
#include "passes/passes.h"

namespace sixtops::passes {
namespace {

// Trees of exporters are small; the bound keeps the search linear on others.
constexpr size_t kMaxTreeNodes = 32;

// perm as written, or the reversal that stands for a missing one.
Ints order_of(const Graph& graph, const Node& transpose) {
  if (transpose.has("perm")) return transpose.get_ints("perm");
  const auto rank = static_cast<int64_t>(graph.value(transpose.inputs[0]).shape->size());
  Ints perm;
  for (int64_t axis = rank; axis-- > 0;) perm.push_back(axis);
  return perm;
}

// First `inner`, then `outer`.
Ints compose(const Ints& inner, const Ints& outer) {
  Ints perm;
  for (const int64_t axis : outer) perm.push_back(inner[static_cast<size_t>(axis)]);
  return perm;
}

bool is_along_axis(const Node& node) { return node.op == Op::kSoftmax || node.op == Op::kLogSoftmax; }

bool is_independent_of_order(const Node& node) {
  const QuantRule rule = op_info(node.op).quant_rule;
  if (node.precision == Precision::kInt8) return false;
  if (rule == QuantRule::kTable || is_along_axis(node)) return node.inputs.size() == 1;
  switch (node.op) {
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
    case Op::kDiv:
    case Op::kPow:
    case Op::kMax:
    case Op::kMin:
    case Op::kCast:
      return true;
    default:
      return false;
  }
}

// The elementwise tree in front of a Transpose: its nodes and the Transposes at its leaves, all of one order.
class Tree {
 public:
  Tree(const GraphEditor& editor, ValueId root) : editor_(editor), found_(visit(root) && !leaves_.empty()) {}

  bool found() const { return found_; }
  const std::set<int>& nodes() const { return nodes_; }
  const std::set<int>& leaves() const { return leaves_; }
  const Ints& order() const { return order_; }

 private:
  bool visit(ValueId id) {
    const Graph& graph = editor_.graph();
    const Tensor* constant = graph.constant(id);
    if (constant != nullptr) return constant->element_count() == 1;
    const int index = editor_.producer_index(id);
    if (index == Uses::kNobody || !graph.value(id).shape || nodes_.size() > kMaxTreeNodes) return false;
    const Node& node = editor_.node(index);
    if (node.op == Op::kTranspose) {
      const Ints order = order_of(graph, node);
      if (!leaves_.empty() && order != order_) return false;
      order_ = order;
      leaves_.insert(index);
      return true;
    }
    // Read once, by this tree: the values in between change their order.
    if (!is_independent_of_order(node) || !editor_.is_private(id) || node.outputs.size() != 1) return false;
    nodes_.insert(index);
    return std::all_of(node.inputs.begin(), node.inputs.end(), [&](ValueId operand) {
      const bool same = graph.constant(operand) != nullptr || graph.value(operand).shape == graph.value(id).shape;
      return same && visit(operand);
    });
  }

  const GraphEditor& editor_;
  std::set<int> nodes_;
  std::set<int> leaves_;
  Ints order_;
  bool found_;
};

void merge(GraphEditor& editor, int index, const Node& inner) {
  Attributes attributes;
  attributes.set("perm", compose(order_of(editor.graph(), inner), order_of(editor.graph(), editor.node(index))));
  editor.rewrite(index, Op::kTranspose, {inner.inputs[0]}, std::move(attributes));
}

// Where the outer order puts the node's axis.
int64_t moved_axis(const Node& node, const Ints& order) {
  const auto rank = static_cast<int64_t>(order.size());
  const int64_t axis = node.get_int("axis") < 0 ? node.get_int("axis") + rank : node.get_int("axis");
  return std::find(order.begin(), order.end(), axis) - order.begin();
}

// Moves the Transpose at `index` in front of its tree.
void lift(GraphEditor& editor, int index, const Tree& tree) {
  Graph& graph = editor.graph();
  const Node outer = editor.node(index);
  const Ints perm = compose(tree.order(), order_of(graph, outer));
  const std::optional<Shape> shape = graph.value(outer.outputs[0]).shape;
  for (const int leaf : tree.leaves()) {
    const ValueId old_value = editor.node(leaf).outputs[0];
    const ValueId source = editor.node(leaf).inputs[0];
    Node transpose;
    transpose.op = Op::kTranspose;
    transpose.name = editor.node(leaf).name;
    transpose.attributes.set("perm", perm);
    transpose.inputs = {source};
    transpose.outputs = {editor.add_value(graph.value(old_value).name, graph.value(old_value).dtype, shape)};
    const ValueId new_value = transpose.outputs[0];
    editor.add_node(std::move(transpose));
    for (const int node : tree.nodes()) {
      std::vector<ValueId> inputs = editor.node(node).inputs;
      std::replace(inputs.begin(), inputs.end(), old_value, new_value);
      editor.set_inputs(node, std::move(inputs));
    }
  }
  for (const int index_of_node : tree.nodes()) {
    Node& node = editor.node(index_of_node);
    graph.value(node.outputs[0]).shape = shape;
    if (is_along_axis(node)) node.attributes.set("axis", moved_axis(node, order_of(graph, outer)));
  }
  editor.replace(outer.outputs[0], outer.inputs[0]);
}

}  // namespace

Status canonical_transpose(Graph& graph, const PassOptions&) {
  GraphEditor editor(graph);
  const int count = editor.node_count();
  for (int n = 0; n < count; ++n) {
    const Node& node = editor.node(n);
    if (node.op != Op::kTranspose || !graph.value(node.inputs[0]).shape || !graph.value(node.outputs[0]).shape)
      continue;
    if (const Node* inner = editor.producer(node.inputs[0], Op::kTranspose)) {
      merge(editor, n, *inner);
      continue;
    }
    const Tree tree(editor, node.inputs[0]);
    if (tree.found() && !tree.nodes().empty()) lift(editor, n, tree);
  }
  return editor.finish();
}

}  // namespace sixtops::passes
