#include "convert/layer_errors.h"

#include <gtest/gtest.h>

#include "cpu/engine/run_node.h"

namespace sixtops::convert {
namespace {

// x · factor = a, a + 1 = b
Graph two_layers(float factor) {
  Graph graph;
  const ValueId x = graph.add_value("x", DType::kF32, Shape{1, 3});
  const ValueId c = graph.add_constant("c", Tensor::from_values<float>({1, 3}, {factor, 1, 1}));
  const ValueId d = graph.add_constant("d", Tensor::from_values<float>({1, 3}, {1, 1, 1}));
  const ValueId a = graph.add_value("a", DType::kF32, Shape{1, 3});
  const ValueId b = graph.add_value("b", DType::kF32, Shape{1, 3});
  graph.nodes = {{Op::kMul, "scale", {x, c}, {a}, {}}, {Op::kAdd, "shift", {a, d}, {b}, {}}};
  graph.inputs = {x};
  graph.outputs = {b};
  return graph;
}

std::vector<LayerError> measure(const Graph& golden, const Graph& network) {
  std::vector<LayerError> errors;
  const Tensor sample = Tensor::from_values<float>({1, 3}, {1, 2, 3});
  const Status status = measure_layers(golden, network, std::span(&sample, 1), cpu::engine::run_node,
                                       [&](const LayerError& error, const Tensor& expected, const Tensor& simulated) {
                                         EXPECT_EQ(expected.shape(), simulated.shape());
                                         errors.push_back(error);
                                         return Status();
                                       });
  EXPECT_TRUE(status.ok()) << status.message();
  return errors;
}

TEST(LayerErrors, TheSameNetworkHasNone) {
  const std::vector<LayerError> errors = measure(two_layers(2), two_layers(2));
  ASSERT_EQ(errors.size(), 3U);
  EXPECT_EQ(errors[0].op, "Input");
  EXPECT_EQ(errors[1].op, "Mul");
  EXPECT_EQ(errors[2].tensor, "b");
  for (const LayerError& error : errors) {
    EXPECT_NEAR(error.entire.cosine, 1, 1e-9);
    EXPECT_EQ(error.single.euclidean, 0);
  }
}

TEST(LayerErrors, AnErrorIsItsLayersOwnAndGoesOnBehindIt) {
  const std::vector<LayerError> errors = measure(two_layers(2), two_layers(2.5F));
  ASSERT_EQ(errors.size(), 3U);
  EXPECT_NEAR(errors[1].single.euclidean, 0.5, 1e-6);
  EXPECT_NEAR(errors[2].entire.euclidean, 0.5, 1e-6);
  EXPECT_EQ(errors[2].single.euclidean, 0);
}

TEST(LayerErrors, AnotherNetworkIsRefusedByItsInput) {
  Graph other = two_layers(2);
  other.value(other.inputs[0]).name = "elsewhere";
  const Tensor sample = Tensor::from_values<float>({1, 3}, {1, 2, 3});
  const Status status = measure_layers(two_layers(2), other, std::span(&sample, 1), cpu::engine::run_node,
                                       [](const LayerError&, const Tensor&, const Tensor&) { return Status(); });
  EXPECT_EQ(status.code(), StatusCode::kUsage);
  EXPECT_NE(status.message().find("elsewhere"), std::string::npos);
}

}  // namespace
}  // namespace sixtops::convert
