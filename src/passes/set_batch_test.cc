#include "passes/set_batch.h"

#include <gtest/gtest.h>

#include "passes/pipeline.h"

namespace sixtops::passes {
namespace {

// input 1x4x2x2 → Reshape to 1x16 → Relu
Graph flattening_graph() {
  Graph graph;
  const ValueId input = graph.add_value("x", DType::kF32, Shape{1, 4, 2, 2});
  const ValueId target = graph.add_constant("target", Tensor::from_values<int64_t>({2}, {1, 16}));
  const ValueId flat = graph.add_value("flat", DType::kF32, Shape{1, 16});
  const ValueId output = graph.add_value("y", DType::kF32, Shape{1, 16});
  graph.nodes = {{Op::kReshape, "flatten", {input, target}, {flat}, {}}, {Op::kRelu, "relu", {flat}, {output}, {}}};
  graph.inputs = {input};
  graph.outputs = {output};
  return graph;
}

TEST(SetBatch, ReachesOutputsThroughReshapes) {
  Graph graph = flattening_graph();
  ASSERT_TRUE(set_batch(graph, 4).ok());
  const Status status = run_pipeline(graph);
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(graph.value(graph.outputs[0]).shape, (Shape{4, 16}));
}

TEST(SetBatch, RefusesOtherFirstAxesByName) {
  Graph graph = flattening_graph();
  graph.value(graph.inputs[0]).shape = Shape{3, 4, 2, 2};
  const Status status = set_batch(graph, 4);
  EXPECT_EQ(status.code(), StatusCode::kUsage);
  EXPECT_NE(status.message().find("'x'"), std::string::npos) << status.message();
  EXPECT_EQ(set_batch(graph, 0).code(), StatusCode::kUsage);
}

}  // namespace
}  // namespace sixtops::passes
