#include "runtime/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/quantize_tensor.h"
#include "model/model.h"
#include "runtime/memory.h"
#include "runtime/region.h"

namespace sixtops::runtime {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// y = relu(x) + 1, in float32.
Graph float_graph() {
  Graph graph;
  graph.name = "small";
  const ValueId x = graph.add_value("x", DType::kF32, Shape{1, 4});
  const ValueId relu = graph.add_value("relu", DType::kF32, Shape{1, 4});
  const ValueId one = graph.add_constant("one", Tensor::from_values<float>({4}, {1, 1, 1, 1}));
  const ValueId y = graph.add_value("y", DType::kF32, Shape{1, 4});
  graph.nodes = {{.op = Op::kRelu, .name = "relu", .inputs = {x}, .outputs = {relu}, .attributes = {}},
                 {.op = Op::kAdd, .name = "add", .inputs = {relu, one}, .outputs = {y}, .attributes = {}}};
  graph.inputs = {x};
  graph.outputs = {y};
  return graph;
}

// y = x on int8 codes, 0.5 a step around -10.
Graph code_graph() {
  Graph graph;
  const ValueId x = graph.add_value("x", DType::kI8, Shape{2, 2});
  const ValueId y = graph.add_value("y", DType::kI8, Shape{2, 2});
  graph.value(x).quant = graph.value(y).quant = QuantParams{{0.5F}, {-10}, -1};
  graph.nodes = {{.op = Op::kIdentity, .name = "copy", .inputs = {x}, .outputs = {y}, .attributes = {}}};
  graph.nodes[0].precision = Precision::kInt8;
  graph.inputs = {x};
  graph.outputs = {y};
  return graph;
}

Result<std::unique_ptr<Session>> open(const Graph& graph, const LoadOptions& options = {}) {
  return Session::open(SharedBytes::own(model::write_model({{graph}, "", ""}).value()), options);
}

TEST(Session, RunsAFloatNetwork) {
  for (const int threads : {0, 1}) {
    const auto session = open(float_graph(), {.threads = threads, .max_memory_bytes = 0});
    ASSERT_TRUE(session.ok()) << session.status().message();
    const auto outputs = session.value()->run(std::vector{Tensor::from_values<float>({1, 4}, {-1, 0, 2, 3.5F})});
    ASSERT_TRUE(outputs.ok()) << outputs.status().message();
    EXPECT_THAT((*outputs)[0].values<float>(), ElementsAre(1, 1, 3, 4.5F));
  }
}

TEST(Session, DuplicatesShareTheModel) {
  const auto session = open(float_graph()).value();
  const auto other = session->duplicate().value();
  EXPECT_EQ(&session->graph(), &other->graph());
  EXPECT_TRUE(other->run(std::vector{Tensor::from_values<float>({1, 4}, {1, 2, 3, 4})}).ok());
}

TEST(Session, ConvertsFloatsToCodesAndBack) {
  const auto session = open(code_graph()).value();
  const Tensor real = Tensor::from_values<float>({2, 2}, {0, 0.25F, -1000, 3.2F});
  const auto codes = quantize_tensor(real, DType::kI8, session->inputs()[0].quant);
  ASSERT_TRUE(codes.ok());
  EXPECT_THAT(codes->values<int8_t>(), ElementsAre(-10, -9, -128, -4));  // halves go up
  const auto outputs = session->run_float(std::vector{real});
  ASSERT_TRUE(outputs.ok()) << outputs.status().message();
  EXPECT_THAT((*outputs)[0].values<float>(), ElementsAre(0, 0.5F, -59, 3));
}

TEST(Session, WrongInputsAreNamed) {
  const auto session = open(float_graph()).value();
  const Status shape = session->run(std::vector{Tensor::from_values<float>({4}, {1, 2, 3, 4})}).status();
  EXPECT_EQ(shape.code(), StatusCode::kUsage);
  EXPECT_THAT(shape.message(), HasSubstr("input 'x' is f32[4], expected f32[1x4]"));
  EXPECT_EQ(session->run({}).status().code(), StatusCode::kUsage);
}

TEST(Session, MoreInputsThanTheNetworkHasAreRefusedAsRealsToo) {
  const auto session = open(float_graph()).value();
  const std::vector<Tensor> two(2, Tensor::from_values<float>({1, 4}, {1, 2, 3, 4}));
  EXPECT_EQ(session->run(two).status().code(), StatusCode::kUsage);
  EXPECT_EQ(session->run_float(two).status().code(), StatusCode::kUsage);
}

TEST(Session, RefusesAPlanBeyondTheLimit) {
  const Status status = open(float_graph(), {.threads = 0, .max_memory_bytes = 20}).status();
  EXPECT_EQ(status.code(), StatusCode::kResource);
  EXPECT_THAT(status.message(), HasSubstr("the limit is 20"));
  EXPECT_TRUE(open(float_graph(), {.threads = 0, .max_memory_bytes = 1000}).ok());
}

TEST(Session, OtherFilesAreToldApart) {
  const std::string vendor = "RKNN\0\0\0\0...";
  const auto bytes = std::as_bytes(std::span(vendor));
  EXPECT_THAT(Session::open(SharedBytes::own({bytes.begin(), bytes.end()})).status().message(), HasSubstr(".rknn"));
  EXPECT_EQ(Session::open({}).status().code(), StatusCode::kInvalidData);
  EXPECT_THAT(Session::open_file("/nowhere/x.six").status().message(), HasSubstr("/nowhere/x.six: no such file"));
}

TEST(Session, TimesEveryLayer) {
  const auto session = open(float_graph()).value();
  session->enable_timing(true);
  ASSERT_TRUE(session->run(std::vector{Tensor::from_values<float>({1, 4}, {1, 2, 3, 4})}).ok());
  const std::vector<LayerTime> times = session->layer_times();
  ASSERT_EQ(times.size(), 2U);
  ASSERT_EQ(times[0].nodes.size(), 1U);
  EXPECT_EQ(times[0].nodes[0]->name, "relu");
  EXPECT_FALSE(times[1].kernel.empty());
}

TEST(Region, GroupsNeighboursOfOnePrecision) {
  Graph graph = float_graph();
  EXPECT_EQ(find_regions(graph).size(), 1U);
  graph.nodes.push_back(graph.nodes.back());
  graph.nodes.front().precision = Precision::kInt8;
  const std::vector<Region> regions = find_regions(graph);
  ASSERT_EQ(regions.size(), 2U);
  EXPECT_EQ(regions[1].first_node, 1U);
  EXPECT_EQ(regions[1].node_count, 2U);
}

TEST(Memory, SharedConstantsCountOnce) {
  Graph graph = float_graph();
  graph.add_constant("again", *graph.value(2).constant);
  EXPECT_EQ(constant_bytes(graph), 16);
}

}  // namespace
}  // namespace sixtops::runtime
