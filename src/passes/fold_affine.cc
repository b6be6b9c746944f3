// A product with, quotient by, sum with or difference from constants, one a channel or one for all, goes into the
// constants of the Conv, ConvTranspose, Gemm or MatMul before it. So do alpha and beta of a Gemm with constant
// operands, and a MatMul whose weights are not constant still takes a bias.
//
// Left alone: layers whose result is read elsewhere or handed out, constants that vary along other axes than the
// channels or make the result larger, and c / x.
#include <string>

#include "passes/graph_editor.h"
#include "passes/passes.h"
#include "passes/scale_layer.h"

namespace sixtops::passes {
namespace {

struct Affine {
  ValueId x = kNoValue;
  std::vector<double> scale;
  std::vector<double> shift;
};

// Which operand is the constant: 0 or 1; nothing when none is.
std::optional<size_t> constant_operand(const Graph& graph, const Node& node) {
  for (const size_t i : {size_t{1}, size_t{0}}) {
    if (graph.constant(node.inputs[i]) != nullptr) return i;
  }
  return std::nullopt;
}

// The node as scale · x + shift along the axis of x.
std::optional<Affine> as_affine(const Graph& graph, const Node& node, size_t constant, size_t axis) {
  const ValueId x = node.inputs[1 - constant];
  const std::optional<Shape>& shape = graph.value(x).shape;
  if (!shape || axis >= shape->size() || graph.value(node.outputs[0]).shape != shape) return std::nullopt;
  const auto values = per_channel(graph, node.inputs[constant], *shape, axis);
  if (!values) return std::nullopt;
  Affine affine{x, std::vector<double>(values->size(), 1), std::vector<double>(values->size(), 0)};
  for (size_t c = 0; c < values->size(); ++c) {
    const double value = (*values)[c];
    switch (node.op) {
      case Op::kMul:
        affine.scale[c] = value;
        break;
      case Op::kDiv:
        if (constant == 0 || value == 0) return std::nullopt;
        affine.scale[c] = 1 / value;
        break;
      case Op::kAdd:
        affine.shift[c] = value;
        break;
      case Op::kSub:
        affine.scale[c] = constant == 0 ? -1 : 1;
        affine.shift[c] = constant == 0 ? value : -value;
        break;
      default:
        return std::nullopt;
    }
  }
  return affine;
}

// MatMul + Add where the weights are computed: the third operand takes the sum.
bool take_bias(GraphEditor& editor, int layer, const Node& sum, size_t constant) {
  const Graph& graph = editor.graph();
  const Node& product = editor.node(layer);
  if (product.op != Op::kMatMul || sum.op != Op::kAdd || product.has_input(2)) return false;
  const Tensor& bias = *graph.constant(sum.inputs[constant]);
  const std::optional<Shape>& shape = graph.value(product.outputs[0]).shape;
  if (!shape || shape->empty() || graph.value(sum.outputs[0]).shape != shape || bias.rank() != 1 ||
      bias.shape()[0] != shape->back() || bias.dtype() != graph.value(product.outputs[0]).dtype) {
    return false;
  }
  editor.set_inputs(layer, {product.inputs[0], product.inputs[1], sum.inputs[constant]});
  return true;
}

bool has_factors(const Node& node) {
  return node.op == Op::kGemm && (node.get_float("alpha") != 1 || node.get_float("beta") != 1);
}

Status fold(GraphEditor& editor, int index) {
  const Graph& graph = editor.graph();
  const Node node = editor.node(index);
  if (has_factors(node) && is_scalable(graph, node)) {
    const auto channels = static_cast<size_t>(channel_count(graph, node));
    TRY(scale_layer(editor, index, std::vector<double>(channels, 1), std::vector<double>(channels, 0)));
    return {};
  }
  if (node.op != Op::kMul && node.op != Op::kDiv && node.op != Op::kAdd && node.op != Op::kSub) return {};
  const std::optional<size_t> constant = constant_operand(graph, node);
  if (!constant) return {};
  const ValueId x = node.inputs[1 - *constant];
  const int layer = editor.producer_index(x);
  if (layer == Uses::kNobody || !editor.is_private(x)) return {};
  if (is_scalable(graph, editor.node(layer))) {
    const size_t axis = channel_axis(graph, editor.node(layer));
    if (const std::optional<Affine> affine = as_affine(graph, node, *constant, axis)) {
      TRY(scale_layer(editor, layer, affine->scale, affine->shift));
      editor.replace(node.outputs[0], x);
    }
  } else if (take_bias(editor, layer, node, *constant)) {
    editor.replace(node.outputs[0], x);
  }
  return {};
}

}  // namespace

Status fold_affine(Graph& graph, const PassOptions&) {
  GraphEditor editor(graph);
  for (int n = 0; n < editor.node_count(); ++n) TRY(fold(editor, n));
  return editor.finish();
}

}  // namespace sixtops::passes
