#include "passes/scale_layer.h"

#include <algorithm>
#include <string>

namespace sixtops::passes {
namespace {

bool is_constant_f32(const Graph& graph, ValueId id) {
  const Tensor* tensor = graph.constant(id);
  return tensor != nullptr && tensor->dtype() == DType::kF32;
}

// Elements of the weights that follow each other in one output channel, and how many channels repeat so: element e
// belongs to channel e / inner % period, plus one group of channels for each e / (inner · period) where groups differ.
struct ChannelLayout {
  int64_t inner = 1;
  int64_t period = 1;
  int64_t rows_a_group = 0;  // ConvTranspose: input channels that share a group of output channels

  int64_t channel(int64_t element) const {
    const int64_t local = element / inner % period;
    return rows_a_group == 0 ? local : local + element / (inner * period) / rows_a_group * period;
  }
};

ChannelLayout weight_layout(const Node& node, const Shape& weights) {
  int64_t inner = 1;
  for (size_t i = 2; i < weights.size(); ++i) inner *= weights[i];
  switch (node.op) {
    case Op::kConv:
      return {weights[1] * inner, weights[0]};
    case Op::kConvTranspose:
      return {inner, weights[1], weights[0] / node.get_int("group")};
    case Op::kGemm:
      if (node.get_int("transB") != 0) return {weights[1], weights[0]};
      break;
    default:
      break;
  }
  return {1, weights.back()};
}

// The layer's operand with new values: in place when nothing else reads it.
ValueId renew(GraphEditor& editor, ValueId operand, Tensor tensor) {
  if (editor.is_private(operand)) {
    editor.make_constant(operand, std::move(tensor));
    return operand;
  }
  return editor.add_constant(editor.graph().value(operand).name, std::move(tensor));
}

}  // namespace

bool is_scalable(const Graph& graph, const Node& node) {
  const bool known =
      node.op == Op::kConv || node.op == Op::kConvTranspose || node.op == Op::kGemm || node.op == Op::kMatMul;
  if (!known || !is_constant_f32(graph, node.inputs[1]) || !node.get_ints("multiplier").empty()) return false;
  const Tensor& weights = *graph.constant(node.inputs[1]);
  if (weights.empty() || (node.op == Op::kMatMul && weights.rank() != 2)) return false;
  if (!graph.value(node.outputs[0]).shape || graph.value(node.outputs[0]).shape->size() < 2) return false;
  if (!node.has_input(2)) return true;
  if (!is_constant_f32(graph, node.inputs[2])) return false;
  // A Gemm may add a whole matrix.
  const Tensor& bias = *graph.constant(node.inputs[2]);
  return bias.element_count() == 1 ||
         (bias.element_count() == channel_count(graph, node) && bias.shape().back() == channel_count(graph, node));
}

size_t channel_axis(const Graph& graph, const Node& node) {
  return node.op == Op::kMatMul ? graph.value(node.outputs[0]).shape->size() - 1 : 1;
}

int64_t channel_count(const Graph& graph, const Node& node) {
  const Shape& weights = graph.constant(node.inputs[1])->shape();
  switch (node.op) {
    case Op::kConv:
      return weights[0];
    case Op::kConvTranspose:
      return weights[1] * node.get_int("group");
    case Op::kGemm:
      return node.get_int("transB") != 0 ? weights[0] : weights[1];
    default:
      return weights.back();
  }
}

std::optional<std::vector<double>> per_channel(const Graph& graph, ValueId constant, const Shape& shape, size_t axis) {
  if (!is_constant_f32(graph, constant)) return std::nullopt;
  const Tensor& tensor = *graph.constant(constant);
  const auto channels = static_cast<size_t>(shape[axis]);
  if (tensor.shape().size() > shape.size() || shape[axis] < 0 || tensor.empty()) return std::nullopt;
  const size_t missing = shape.size() - tensor.shape().size();
  for (size_t i = 0; i < tensor.shape().size(); ++i) {
    const int64_t extent = tensor.shape()[i];
    if (extent != 1 && (i + missing != axis || extent != shape[axis])) return std::nullopt;
  }
  std::vector<double> values = values_as<double>(tensor);
  if (values.size() == 1) values.resize(channels, values[0]);
  return values;
}

Status scale_layer(GraphEditor& editor, int layer, std::span<const double> scale, std::span<const double> shift) {
  Node& node = editor.node(layer);
  Graph& graph = editor.graph();
  const bool is_gemm = node.op == Op::kGemm;
  const double alpha = is_gemm ? node.get_float("alpha") : 1;
  const double beta = is_gemm ? node.get_float("beta") : 1;

  const Tensor old_weights = *graph.constant(node.inputs[1]);
  const ChannelLayout layout = weight_layout(node, old_weights.shape());
  Tensor weights = TRY(Tensor::allocate(DType::kF32, old_weights.shape()));
  const std::span<const float> from = old_weights.values<float>();
  const std::span<float> to = weights.mutable_values<float>();
  for (size_t i = 0; i < from.size(); ++i) {
    const auto channel = static_cast<size_t>(layout.channel(static_cast<int64_t>(i)));
    to[i] = static_cast<float>(alpha * scale[channel] * static_cast<double>(from[i]));
  }

  std::vector<float> bias(scale.size());
  const std::vector<double> old_bias =
      node.has_input(2) ? values_as<double>(*graph.constant(node.inputs[2])) : std::vector<double>{0};
  for (size_t c = 0; c < bias.size(); ++c) {
    bias[c] = static_cast<float>(beta * scale[c] * old_bias[old_bias.size() == 1 ? 0 : c] + shift[c]);
  }
  const bool has_bias = node.has_input(2) || std::any_of(bias.begin(), bias.end(), [](float b) { return b != 0; });

  std::vector<ValueId> inputs = {node.inputs[0], renew(editor, node.inputs[1], std::move(weights))};
  if (has_bias) {
    Tensor tensor = Tensor::from_values<float>({static_cast<int64_t>(bias.size())}, bias);
    inputs.push_back(node.has_input(2)
                         ? renew(editor, node.inputs[2], std::move(tensor))
                         : editor.add_constant(graph.value(node.inputs[1]).name + ".bias", std::move(tensor)));
  }
  if (is_gemm) {
    node.attributes.erase("alpha");
    node.attributes.erase("beta");
  }
  editor.set_inputs(layer, std::move(inputs));
  return {};
}

}  // namespace sixtops::passes
