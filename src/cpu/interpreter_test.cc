#include "cpu/interpreter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace sixtops::cpu {
namespace {

// x → Relu → a; a → Relu → b; Add(a, b) → y, with a constant on the side: Add(y, c) → z.
Graph diamond() {
  Graph graph;
  const ValueId x = graph.add_value("x", DType::kF32, Shape{2});
  const ValueId a = graph.add_value("a", DType::kF32, Shape{2});
  const ValueId b = graph.add_value("b", DType::kF32, Shape{2});
  const ValueId y = graph.add_value("y", DType::kF32, Shape{2});
  const ValueId c = graph.add_constant("c", Tensor::from_values<float>({2}, {100, 200}));
  const ValueId z = graph.add_value("z", DType::kF32, Shape{2});
  const auto node = [&](Op op, std::vector<ValueId> inputs, ValueId output) {
    graph.nodes.push_back({op, "n" + std::to_string(output), std::move(inputs), {output}, {}, Precision::kFloat32});
  };
  node(Op::kRelu, {x}, a);
  node(Op::kRelu, {a}, b);
  node(Op::kAdd, {a, b}, y);
  node(Op::kAdd, {y, c}, z);
  graph.inputs = {x};
  graph.outputs = {z};
  return graph;
}

// Relu counts as "plus one" here: the interpreter must not care what a node computes.
Result<std::vector<Tensor>> toy_kernel(const Node& node, std::span<const Tensor> inputs) {
  std::vector<float> values(inputs[0].values<float>().begin(), inputs[0].values<float>().end());
  for (size_t i = 0; i < values.size(); ++i) values[i] += node.op == Op::kRelu ? 1 : inputs[1].values<float>()[i];
  return std::vector<Tensor>{Tensor::from_values(inputs[0].shape(), values)};
}

std::vector<float> floats(const Tensor& tensor) {
  return {tensor.values<float>().begin(), tensor.values<float>().end()};
}

const Tensor kInput = Tensor::from_values<float>({2}, {1, 5});

TEST(RunGraph, FeedsEveryNodeItsOperands) {
  const Result<std::vector<Tensor>> outputs = run_graph(diamond(), std::vector{kInput}, toy_kernel);
  ASSERT_TRUE(outputs.ok()) << outputs.status().message();
  ASSERT_EQ(outputs->size(), 1u);
  EXPECT_THAT(floats(outputs->front()), testing::ElementsAre(2 + 3 + 100, 6 + 7 + 200));
}

TEST(RunGraph, ShowsEveryTensorToTheObserverBeforeItsReaders) {
  std::vector<std::string> seen;
  const Graph graph = diamond();
  const auto kernel = [&](const Node& node, std::span<const Tensor> inputs) {
    seen.push_back("run " + node.name);
    return toy_kernel(node, inputs);
  };
  const auto observer = [&](ValueId id, const Tensor&) { seen.push_back(graph.value(id).name); };
  ASSERT_TRUE(run_graph(graph, std::vector{kInput}, kernel, observer).ok());
  EXPECT_THAT(seen, testing::ElementsAre("run n1", "a", "run n2", "b", "run n3", "y", "run n5", "z"));
}

TEST(RunGraph, DropsATensorAfterItsLastReader) {
  std::weak_ptr<const void> b_memory;
  const Graph graph = diamond();
  bool b_alive_in_last_node = true;
  const auto kernel = [&](const Node& node, std::span<const Tensor> inputs) {
    if (node.name == "n5") b_alive_in_last_node = !b_memory.expired();
    return toy_kernel(node, inputs);
  };
  const auto own_memory = [&](const Node& node, std::span<const Tensor> inputs) -> Result<std::vector<Tensor>> {
    std::vector<Tensor> results = TRY(kernel(node, inputs));
    if (node.name != "n2") return results;
    const auto owner = std::make_shared<const Tensor>(results[0]);
    b_memory = owner;
    return std::vector<Tensor>{TRY(Tensor::from_bytes(DType::kF32, {2}, SharedBytes(owner, owner->bytes().span())))};
  };
  ASSERT_TRUE(run_graph(graph, std::vector{kInput}, own_memory).ok());
  EXPECT_FALSE(b_alive_in_last_node);
}

TEST(RunGraph, RefusesInputsThatDoNotFit) {
  const auto message = [](std::vector<Tensor> inputs) {
    return run_graph(diamond(), inputs, toy_kernel).status().message();
  };
  EXPECT_THAT(message({}), testing::HasSubstr("1 inputs, 0 tensors"));
  EXPECT_THAT(message({Tensor::from_values<float>({3}, {1, 2, 3})}), testing::HasSubstr("'x' is f32[3]"));
  EXPECT_THAT(message({Tensor::from_values<int8_t>({2}, {1, 2})}), testing::HasSubstr("'x' is i8[2]"));
}

TEST(RunGraph, PassesOnWhatANodeReports) {
  const auto failing = [](const Node& node, std::span<const Tensor>) -> Result<std::vector<Tensor>> {
    return unsupported("no kernel for {}", node.name);
  };
  EXPECT_EQ(run_graph(diamond(), std::vector{kInput}, failing).status().code(), StatusCode::kUnsupported);
}

TEST(RunGraph, HandsOutAnInputThatIsAnOutput) {
  Graph graph;
  graph.inputs = graph.outputs = {graph.add_value("x", DType::kF32, Shape{kUnknownExtent})};
  const Result<std::vector<Tensor>> outputs = run_graph(graph, std::vector{kInput}, toy_kernel);
  ASSERT_TRUE(outputs.ok());
  EXPECT_THAT(floats(outputs->front()), testing::ElementsAre(1, 5));
}

TEST(PeakLiveBytes, CountsWhatLivesTogether) {
  // a, b and y are alive when Add(a, b) runs: 3 x 8 bytes.
  const Result<int64_t> peak = peak_live_bytes(diamond());
  ASSERT_TRUE(peak.ok());
  EXPECT_EQ(*peak, 24);
}

TEST(PeakLiveBytes, NamesTheTensorWhoseSizeNobodyKnows) {
  Graph graph = diamond();
  graph.values[2].shape = Shape{kUnknownExtent};
  EXPECT_THAT(peak_live_bytes(graph).status().message(), testing::HasSubstr("'b'"));
}

}  // namespace
}  // namespace sixtops::cpu
