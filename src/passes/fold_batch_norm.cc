// BatchNormalization with constant parameters goes into the Conv, ConvTranspose, Gemm or MatMul before it when nothing
// else reads that layer's result. One that stands alone becomes a 1x1 convolution of every channel by itself, which the
// integer arithmetic knows; on data without spatial axes, a product and a sum a channel.
#include <cmath>
#include <string>

#include "passes/graph_editor.h"
#include "passes/passes.h"
#include "passes/scale_layer.h"

namespace sixtops::passes {
namespace {

struct ScaleAndShift {
  std::vector<double> scale;
  std::vector<double> shift;
};

// y = (x - mean) / sqrt(variance + epsilon) · gamma + beta, as one scale and one shift a channel.
std::optional<ScaleAndShift> scale_and_shift(const Graph& graph, const Node& node) {
  std::vector<std::vector<double>> parameters;
  for (size_t i = 1; i < node.inputs.size(); ++i) {
    const Tensor* tensor = graph.constant(node.inputs[i]);
    if (tensor == nullptr || tensor->dtype() != DType::kF32) return std::nullopt;
    parameters.push_back(values_as<double>(*tensor));
  }
  const std::vector<double>& gamma = parameters[0];
  const std::vector<double>& beta = parameters[1];
  const std::vector<double>& mean = parameters[2];
  const std::vector<double>& variance = parameters[3];
  const double epsilon = node.get_float("epsilon");
  ScaleAndShift result;
  for (size_t c = 0; c < gamma.size(); ++c) {
    result.scale.push_back(gamma[c] / std::sqrt(variance[c] + epsilon));
    result.shift.push_back(beta[c] - mean[c] * result.scale[c]);
  }
  return result;
}

std::vector<float> to_floats(const std::vector<double>& values) { return {values.begin(), values.end()}; }

void to_depthwise(GraphEditor& editor, int index, const ScaleAndShift& affine, size_t rank) {
  const auto channels = static_cast<int64_t>(affine.scale.size());
  Shape shape(rank, 1);
  shape[0] = channels;
  const ValueId x = editor.node(index).inputs[0];
  const std::string name = editor.graph().value(editor.node(index).outputs[0]).name;
  const ValueId weights = editor.add_constant(name + ".scale", Tensor::from_values(shape, to_floats(affine.scale)));
  const ValueId bias = editor.add_constant(name + ".shift", Tensor::from_values({channels}, to_floats(affine.shift)));
  Attributes attributes;
  attributes.set("group", channels);
  attributes.set("kernel_shape", Ints(rank - 2, 1));
  editor.rewrite(index, Op::kConv, {x, weights, bias}, std::move(attributes));
}

void to_product_and_sum(GraphEditor& editor, int index, const ScaleAndShift& affine) {
  const auto channels = static_cast<int64_t>(affine.scale.size());
  const Value result = editor.graph().value(editor.node(index).outputs[0]);
  const ValueId x = editor.node(index).inputs[0];
  const ValueId scale =
      editor.add_constant(result.name + ".scale", Tensor::from_values({channels}, to_floats(affine.scale)));
  const ValueId shift =
      editor.add_constant(result.name + ".shift", Tensor::from_values({channels}, to_floats(affine.shift)));
  const ValueId product = editor.add_value(result.name + ".scaled", result.dtype, result.shape);
  editor.rewrite(index, Op::kAdd, {product, shift});
  Node multiply;
  multiply.op = Op::kMul;
  multiply.name = editor.node(index).name;
  multiply.inputs = {x, scale};
  multiply.outputs = {product};
  editor.add_node(std::move(multiply));
}

}  // namespace

Status fold_batch_norm(Graph& graph, const PassOptions&) {
  GraphEditor editor(graph);
  const int count = editor.node_count();
  for (int n = 0; n < count; ++n) {
    const Node& node = editor.node(n);
    if (node.op != Op::kBatchNormalization) continue;
    const std::optional<ScaleAndShift> affine = scale_and_shift(graph, node);
    const ValueId x = node.inputs[0];
    const std::optional<Shape> shape = graph.value(x).shape;
    if (!affine || !shape || graph.value(x).dtype != DType::kF32) continue;

    const int layer = editor.producer_index(x);
    if (layer != Uses::kNobody && editor.is_private(x) && is_scalable(graph, editor.node(layer)) &&
        channel_axis(graph, editor.node(layer)) == 1) {
      const ValueId result = node.outputs[0];
      TRY(scale_layer(editor, layer, affine->scale, affine->shift));
      editor.replace(result, x);
    } else if (shape->size() > 2) {
      to_depthwise(editor, n, *affine, shape->size());
    } else {
      to_product_and_sum(editor, n, *affine);
    }
  }
  return editor.finish();
}

}  // namespace sixtops::passes
