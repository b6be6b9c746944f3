#include "cpu/engine/float/fused_activation.h"

#include <gtest/gtest.h>

#include "cpu/engine/plan/compile.h"
#include "cpu/engine/plan/run.h"
#include "cpu/interpreter.h"
#include "cpu/reference/kernel.h"
#include "testing/random_tensor.h"

namespace sixtops::cpu::engine {
namespace {

using sixtops::testing::random_floats;

// x → Conv → sums → activation → y, and back again where `has_second_reader`: sums is an output too.
Graph convolution_and(Op op, std::mt19937& random, const Shape& x_shape, const Shape& w_shape, const Shape& y_shape,
                      int64_t group, bool has_second_reader) {
  Graph graph;
  const ValueId x = graph.add_value("x", DType::kF32, x_shape);
  const ValueId w = graph.add_constant("w", random_floats(random, w_shape));
  const ValueId bias = graph.add_constant("bias", random_floats(random, {w_shape[0]}));
  const ValueId sums = graph.add_value("sums", DType::kF32, y_shape);
  const ValueId y = graph.add_value("y", DType::kF32, y_shape);
  Node convolution{Op::kConv, "convolution", {x, w, bias}, {sums}, {}, Precision::kFloat32};
  convolution.attributes.set("group", group);
  Node activation{op, "activation", {sums}, {y}, {}, Precision::kFloat32};
  if (op == Op::kClip) {
    activation.attributes.set("min", -0.25F);
    activation.attributes.set("max", 0.5F);
  }
  graph.nodes = {convolution, activation};
  graph.inputs = {x};
  graph.outputs = {y};
  if (has_second_reader) graph.outputs.push_back(sums);
  return graph;
}

void expect_as_reference(const Graph& graph, std::mt19937& random, size_t steps) {
  const std::vector<Tensor> inputs = {random_floats(random, *graph.value(graph.inputs[0]).shape)};
  const auto expected = run_graph(graph, inputs, [](const Node& node, std::span<const Tensor> operands) {
    return reference::run_node(node, operands);
  });
  ASSERT_TRUE(expected.ok()) << expected.status().message();
  const auto plan = compile(graph, *find_kernels("portable").value());
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  EXPECT_EQ(plan->steps.size(), steps);
  Workspace workspace = make_workspace(*plan).value();
  std::vector<Tensor> outputs(graph.outputs.size());
  const Status status = run(*plan, workspace, inputs, outputs);
  ASSERT_TRUE(status.ok()) << status.message();
  for (size_t i = 0; i < outputs.size(); ++i) {
    ASSERT_EQ(outputs[i].shape(), (*expected)[i].shape());
    const auto actual = outputs[i].values<float>();
    for (size_t k = 0; k < actual.size(); ++k) ASSERT_NEAR(actual[k], (*expected)[i].values<float>()[k], 2e-5);
  }
}

TEST(FusedActivation, IsTheActivationOfTheSums) {
  std::mt19937 random(4);
  for (const Op op : {Op::kSilu, Op::kRelu, Op::kClip, Op::kSigmoid}) {
    for (const bool twice : {false, true}) {
      const size_t steps = twice ? 2 : 1;
      // With a window, pointwise in place, depthwise.
      expect_as_reference(convolution_and(op, random, {1, 5, 9, 11}, {7, 5, 3, 3}, {1, 7, 7, 9}, 1, twice), random,
                          steps);
      expect_as_reference(convolution_and(op, random, {1, 6, 20, 20}, {9, 6, 1, 1}, {1, 9, 20, 20}, 1, twice), random,
                          steps);
      expect_as_reference(convolution_and(op, random, {1, 4, 9, 11}, {4, 1, 3, 3}, {1, 4, 7, 9}, 4, twice), random,
                          steps);
    }
  }
}

}  // namespace
}  // namespace sixtops::cpu::engine
