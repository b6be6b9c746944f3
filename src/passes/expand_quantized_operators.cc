// QLinearConv and QLinearMatMul become DequantizeLinear, the float operator, QuantizeLinear: one form of quantized
// networks behind this pass, whichever an exporter wrote.
//
// Left alone: operators whose scales or zero points are computed.
#include <string>

#include "passes/graph_editor.h"
#include "passes/passes.h"

namespace sixtops::passes {
namespace {

bool are_constant(const Graph& graph, const Node& node, std::initializer_list<size_t> operands) {
  for (const size_t i : operands) {
    if (graph.constant(node.inputs[i]) == nullptr) return false;
  }
  return true;
}

ValueId dequantize(GraphEditor& editor, const Node& node, ValueId codes, ValueId scale, ValueId zero_point,
                   int64_t axis) {
  const Value source = editor.graph().value(codes);
  Node dequantize;
  dequantize.op = Op::kDequantizeLinear;
  dequantize.name = node.name;
  dequantize.attributes.set("axis", axis);
  dequantize.inputs = {codes, scale, zero_point};
  dequantize.outputs = {editor.add_value(source.name + ".real", DType::kF32, source.shape)};
  const ValueId real = dequantize.outputs[0];
  editor.add_node(std::move(dequantize));
  return real;
}

// The bias of a QLinearConv counts in units of the two scales multiplied.
Result<ValueId> dequantize_bias(GraphEditor& editor, const Node& node) {
  const Graph& graph = editor.graph();
  const std::vector<float> input_scale = values_as<float>(*graph.constant(node.inputs[1]));
  std::vector<float> scale = values_as<float>(*graph.constant(node.inputs[4]));
  for (float& entry : scale) entry *= input_scale[0];
  const auto count = static_cast<int64_t>(scale.size());
  const std::string name = graph.value(node.inputs[8]).name;
  const Shape shape = count == 1 ? Shape{} : Shape{count};
  const ValueId scales = editor.add_constant(name + ".scale", Tensor::from_values(shape, scale));
  const ValueId zeros = editor.add_constant(name + ".zero", TRY(Tensor::allocate(DType::kI32, shape)));
  return dequantize(editor, node, node.inputs[8], scales, zeros, 0);
}

// Turns the node into the QuantizeLinear of what the float operator answers.
void quantize_result(GraphEditor& editor, int index, Op op, std::vector<ValueId> operands, Attributes attributes) {
  const Node node = editor.node(index);
  const Value codes = editor.graph().value(node.outputs[0]);
  Node real;
  real.op = op;
  real.name = node.name;
  real.attributes = std::move(attributes);
  real.inputs = std::move(operands);
  real.outputs = {editor.add_value(codes.name + ".real", DType::kF32, codes.shape)};
  const ValueId result = real.outputs[0];
  editor.add_node(std::move(real));
  editor.rewrite(index, Op::kQuantizeLinear, {result, node.inputs[6], node.inputs[7]});
}

}  // namespace

Status expand_quantized_operators(Graph& graph, const PassOptions&) {
  GraphEditor editor(graph);
  const int count = editor.node_count();
  for (int n = 0; n < count; ++n) {
    const Node node = editor.node(n);
    if (node.op != Op::kQLinearConv && node.op != Op::kQLinearMatMul) continue;
    if (!are_constant(graph, node, {1, 2, 4, 5, 6, 7})) continue;
    const bool is_conv = node.op == Op::kQLinearConv;
    // Scales of a weight matrix stand by column, those of a convolution by output channel.
    const std::optional<Shape>& weights = graph.value(node.inputs[3]).shape;
    const int64_t axis = is_conv || !weights ? 0 : static_cast<int64_t>(weights->size()) - 1;
    std::vector<ValueId> operands = {dequantize(editor, node, node.inputs[0], node.inputs[1], node.inputs[2], 1)};
    operands.push_back(dequantize(editor, node, node.inputs[3], node.inputs[4], node.inputs[5], axis));
    if (is_conv && node.has_input(8)) operands.push_back(TRY(dequantize_bias(editor, node)));
    quantize_result(editor, n, is_conv ? Op::kConv : Op::kMatMul, std::move(operands), node.attributes);
  }
  return editor.finish();
}

}  // namespace sixtops::passes
