// d = x - mean(x); d / sqrt(mean(d²) + epsilon) [· gamma [+ beta]] → LayerNormalization, when the means run over the
// last axes and gamma and beta are constants of the normalized shape.
//
// d² may be spelled Pow(d, 2), Mul(d, d), or Pow of a second subtraction.
#include <cmath>
#include <string>

#include "passes/graph_editor.h"
#include "passes/passes.h"
#include "passes/pattern.h"

namespace sixtops::passes {
namespace {

struct Match {
  ValueId x = kNoValue;
  size_t axis = 0;
  double epsilon = 0;
};

// The first of the axes when they are the last ones of x.
std::optional<size_t> trailing_axis(const Graph& graph, const Node& mean) {
  const std::optional<Shape>& shape = graph.value(mean.inputs[0]).shape;
  if (!shape || !mean.has("axes") || mean.get_int("keepdims") == 0 || mean.inputs.size() != 1) return std::nullopt;
  const Ints& axes = mean.get_ints("axes");
  const size_t rank = shape->size();
  std::vector<bool> reduced(rank, false);
  for (const int64_t axis : axes)
    reduced[static_cast<size_t>(axis < 0 ? axis + static_cast<int64_t>(rank) : axis)] = true;
  for (size_t i = 0; i < rank; ++i) {
    if (reduced[i] != (i >= rank - axes.size())) return std::nullopt;
  }
  return axes.empty() ? std::nullopt : std::optional(rank - axes.size());
}

// d = x - mean(x): the node that takes the mean.
const Node* deviation_mean(const GraphEditor& editor, ValueId id) {
  const Node* difference = editor.producer(id, Op::kSub);
  if (difference == nullptr) return nullptr;
  const Node* mean = editor.producer(difference->inputs[1], Op::kReduceMean);
  return mean != nullptr && mean->inputs[0] == difference->inputs[0] ? mean : nullptr;
}

ValueId squared(const GraphEditor& editor, ValueId id) {
  if (const auto power = with_constant(editor, id, Op::kPow); power && power->second == 2) return power->first;
  const Node* product = editor.producer(id, Op::kMul);
  return product != nullptr && product->inputs[0] == product->inputs[1] ? product->inputs[0] : kNoValue;
}

std::optional<Match> match_normalization(const GraphEditor& editor, const Node& node) {
  const Graph& graph = editor.graph();
  if (node.op != Op::kDiv) return std::nullopt;
  const Node* mean = deviation_mean(editor, node.inputs[0]);
  const Node* root = editor.producer(node.inputs[1], Op::kSqrt);
  if (mean == nullptr || root == nullptr) return std::nullopt;
  const auto sum = with_constant(editor, root->inputs[0], Op::kAdd);
  const Node* variance = sum ? editor.producer(sum->first, Op::kReduceMean) : nullptr;
  if (variance == nullptr || sum->second < 0) return std::nullopt;
  const ValueId base = squared(editor, variance->inputs[0]);
  const Node* base_mean = base != kNoValue ? deviation_mean(editor, base) : nullptr;
  if (base_mean == nullptr || base_mean->inputs[0] != mean->inputs[0]) return std::nullopt;
  const auto axis = trailing_axis(graph, *mean);
  if (!axis || trailing_axis(graph, *base_mean) != axis || trailing_axis(graph, *variance) != axis) return std::nullopt;
  if (!has_type_of(graph, node.outputs[0], mean->inputs[0])) return std::nullopt;
  return Match{mean->inputs[0], *axis, sum->second};
}

// The constant operand of an Add or Mul, when it has the normalized shape.
ValueId parameter(const Graph& graph, const Node& node, ValueId data, const Shape& normalized) {
  for (const size_t i : {size_t{0}, size_t{1}}) {
    const Tensor* tensor = graph.constant(node.inputs[1 - i]);
    if (node.inputs[i] == data && tensor != nullptr && tensor->shape() == normalized) return node.inputs[1 - i];
  }
  return kNoValue;
}

// The only reader of the normalized value, when it is of that op and its other operand fits.
std::optional<std::pair<int, ValueId>> following(const GraphEditor& editor, ValueId id, Op op,
                                                 const Shape& normalized) {
  if (!editor.is_private(id)) return std::nullopt;
  const int reader = editor.readers(id)[0];
  if (editor.node(reader).op != op) return std::nullopt;
  const ValueId constant = parameter(editor.graph(), editor.node(reader), id, normalized);
  if (constant == kNoValue || !has_type_of(editor.graph(), editor.node(reader).outputs[0], id)) return std::nullopt;
  return std::pair(reader, constant);
}

Status fuse(GraphEditor& editor, int index, const Match& match) {
  const Value x = editor.graph().value(match.x);
  const Shape normalized(x.shape->begin() + static_cast<std::ptrdiff_t>(match.axis), x.shape->end());
  const ValueId ratio = editor.node(index).outputs[0];
  int last = index;
  std::vector<ValueId> inputs = {match.x};
  if (const auto scaled = following(editor, ratio, Op::kMul, normalized)) {
    last = scaled->first;
    inputs.push_back(scaled->second);
    if (const auto shifted = following(editor, editor.node(last).outputs[0], Op::kAdd, normalized)) {
      last = shifted->first;
      inputs.push_back(shifted->second);
    }
  } else {
    if (!is_static(normalized)) return {};
    const auto count = static_cast<size_t>(TRY(element_count(normalized)));
    const Tensor ones = TRY(cast(Tensor::from_values(normalized, std::vector<float>(count, 1)), x.dtype));
    inputs.push_back(editor.add_constant(editor.graph().value(ratio).name + ".scale", ones));
  }
  Attributes attributes;
  attributes.set("axis", static_cast<int64_t>(match.axis) - static_cast<int64_t>(x.shape->size()));
  attributes.set("epsilon", static_cast<float>(match.epsilon));
  editor.rewrite(last, Op::kLayerNormalization, std::move(inputs), std::move(attributes));
  return {};
}

}  // namespace

Status fuse_layer_normalization(Graph& graph, const PassOptions&) {
  GraphEditor editor(graph);
  for (int n = 0; n < editor.node_count(); ++n) {
    const std::optional<Match> match = match_normalization(editor, editor.node(n));
    if (match) TRY(fuse(editor, n, *match));
  }
  return editor.finish();
}

}  // namespace sixtops::passes
