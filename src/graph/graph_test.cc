#include "graph/graph.h"

#include <gmock/gmock.h>

#include "graph/text.h"
#include "testing/text_graph.h"

namespace sixtops {
namespace {

using ::testing::ElementsAre;
using testing::graph_of;
using ::testing::HasSubstr;

Graph diamond() {
  return graph_of(R"(graph "g"
input %x: f32[4]
%a: f32[4] = Relu(%x) "a"
%b: f32[4] = Exp(%a) "b"
%c: f32[4] = Add(%a, %b) "c"
output %c
output %a
)");
}

TEST(Graph, AttributesFallBackToTheRow) {
  Node node;
  node.op = Op::kConv;
  EXPECT_EQ(node.get_int("group"), 1);
  EXPECT_TRUE(node.get_ints("pads").empty());
  EXPECT_EQ(node.get_text("auto_pad"), "NOTSET");
  node.attributes.set("group", int64_t{3});
  EXPECT_EQ(node.get_int("group"), 3);
}

TEST(Graph, NamesStayUnique) {
  Graph graph;
  EXPECT_EQ(graph.value(graph.add_value("x", DType::kF32)).name, "x");
  EXPECT_EQ(graph.value(graph.add_value("x", DType::kF32)).name, "x.1");
  EXPECT_EQ(graph.value(graph.add_constant("x", Tensor::scalar(1.0F))).name, "x.2");
  EXPECT_EQ(graph.find_value("x.1"), 1);
  EXPECT_EQ(graph.find_value("y"), kNoValue);
}

TEST(Graph, FindsUses) {
  const Graph graph = diamond();
  const Uses uses = find_uses(graph);
  const auto a = static_cast<size_t>(graph.find_value("a"));
  EXPECT_EQ(uses.producer[a], 0);
  EXPECT_THAT(uses.readers[a], ElementsAre(1, 2));
  EXPECT_TRUE(uses.is_output[a]);
  EXPECT_EQ(uses.producer[static_cast<size_t>(graph.inputs[0])], Uses::kNobody);
}

TEST(Graph, RemovesNodesAndTheirValues) {
  Graph graph = diamond();
  replace_uses(graph, graph.find_value("b"), graph.find_value("x"));
  remove_nodes(graph, {false, true, false});
  EXPECT_EQ(format_graph(graph), R"(graph "g"
input %x: f32[4]
%a: f32[4] = Relu(%x) "a"
%c: f32[4] = Add(%a, %x) "c"
output %c
output %a
)");
}

TEST(Graph, SortsNodesAndFindsCycles) {
  Graph graph = diamond();
  const std::string sorted = format_graph(graph);
  ASSERT_TRUE(sort_nodes(graph).ok());
  EXPECT_EQ(format_graph(graph), sorted);
  std::swap(graph.nodes[0], graph.nodes[2]);
  ASSERT_TRUE(sort_nodes(graph).ok());
  EXPECT_EQ(format_graph(graph), sorted);
  graph.nodes[0].inputs[0] = graph.find_value("c");
  const Status status = sort_nodes(graph);
  EXPECT_THAT(status.message(), HasSubstr("depends on its own output"));
}

TEST(Graph, SortsLongChainsWithoutRecursion) {
  Graph graph;
  graph.inputs = {graph.add_value("x", DType::kF32, Shape{1})};
  constexpr int kLength = 200000;
  for (int i = 0; i < kLength; ++i) graph.values.push_back({std::to_string(i), DType::kF32, Shape{1}, {}, {}});
  for (int i = kLength; i > 0; --i) graph.nodes.push_back({Op::kRelu, "", {i - 1}, {i}, {}, Precision::kFloat32});
  ASSERT_TRUE(sort_nodes(graph).ok());
  EXPECT_EQ(graph.nodes.front().inputs[0], 0);
}

int64_t macs(std::string_view statements) {
  const Graph graph = graph_of("graph \"g\" " + std::string(statements) + " output %y");
  return count_macs(graph, graph.nodes.at(0));
}

TEST(Graph, CountsMultiplications) {
  EXPECT_EQ(macs("input %x: f32[1x4x8x8] input %w: f32[6x2x3x3] %y: f32[1x6x6x6] = Conv(%x, %w) {group=2}"),
            6 * 6 * 6 * 2 * 9);
  EXPECT_EQ(macs("input %x: f32[1x4x8x8] input %w: f32[4x3x2x2] %y: f32[1x3x9x9] = ConvTranspose(%x, %w)"),
            4 * 8 * 8 * 3 * 4);
  EXPECT_EQ(macs("input %x: f32[5x4] input %w: f32[5x3] %y: f32[4x3] = Gemm(%x, %w) {transA=1}"), 4 * 3 * 5);
  EXPECT_EQ(macs("input %x: f32[2x5x4] input %w: f32[4x3] %y: f32[2x5x3] = MatMul(%x, %w)"), 2 * 5 * 3 * 4);
  EXPECT_EQ(macs("input %x: f32[2x5x?] input %w: f32[4x3] %y: f32[2x5x3] = MatMul(%x, %w)"), 0);
  EXPECT_EQ(macs("input %x: f32[2] %y: f32[2] = Relu(%x)"), 0);
  EXPECT_EQ(macs("input %x: f32[2097152x2097152] input %w: f32[2097152x2097152] %y: f32[2097152x2097152] = "
                 "MatMul(%x, %w)"),
            INT64_MAX);
}

}  // namespace
}  // namespace sixtops
