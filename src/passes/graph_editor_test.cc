#include "passes/graph_editor.h"

#include <gmock/gmock.h>

#include "graph/text.h"
#include "testing/text_graph.h"

namespace sixtops::passes {
namespace {

using ::testing::ElementsAre;

Graph network() {
  return testing::graph_of(R"(graph "g"
input %x: f32[4]
%a: f32[4] = Relu(%x) "a"
%b: f32[4] = Exp(%a) "b"
%c: f32[4] = Add(%b, %b) "c"
output %c
)");
}

TEST(GraphEditor, KeepsUsesUpToDate) {
  Graph graph = network();
  GraphEditor editor(graph);
  const ValueId a = graph.find_value("a");
  const ValueId b = graph.find_value("b");
  EXPECT_THAT(editor.readers(b), ElementsAre(2, 2));
  EXPECT_FALSE(editor.is_private(b));
  EXPECT_TRUE(editor.is_private(a));
  EXPECT_NE(editor.producer(b, Op::kExp), nullptr);
  EXPECT_EQ(editor.producer(b, Op::kRelu), nullptr);
  EXPECT_EQ(editor.producer(kNoValue, Op::kRelu), nullptr);
  editor.rewrite(2, Op::kMul, {a, b});
  EXPECT_THAT(editor.readers(a), ElementsAre(1, 2));
  EXPECT_TRUE(editor.is_private(b));
}

TEST(GraphEditor, FinishDropsTheDeadAndSorts) {
  Graph graph = network();
  GraphEditor editor(graph);
  const ValueId late = editor.add_value("late", DType::kF32, Shape{4});
  Node node;
  node.op = Op::kNeg;
  node.inputs = {graph.inputs[0]};
  node.outputs = {late};
  editor.add_node(node);
  editor.set_inputs(2, {late, late});
  ASSERT_TRUE(editor.finish().ok());
  EXPECT_EQ(format_graph(graph), R"(graph "g"
input %x: f32[4]
%late: f32[4] = Neg(%x)
%c: f32[4] = Add(%late, %late) "c"
output %c
)");
}

TEST(GraphEditor, OutputsKeepTheirNames) {
  Graph graph = network();
  GraphEditor editor(graph);
  EXPECT_FALSE(editor.replace(graph.find_value("c"), graph.inputs[0]));
  EXPECT_TRUE(editor.replace(graph.find_value("c"), graph.find_value("a")));
  ASSERT_TRUE(editor.finish().ok());
  EXPECT_EQ(format_graph(graph), "graph \"g\"\ninput %x: f32[4]\n%c: f32[4] = Relu(%x) \"a\"\noutput %c\n");
}

TEST(GraphEditor, TwoOutputsDoNotBecomeOne) {
  Graph graph = network();
  graph.outputs.push_back(graph.find_value("a"));
  GraphEditor editor(graph);
  EXPECT_FALSE(editor.replace(graph.find_value("c"), graph.find_value("a")));
}

TEST(GraphEditor, ConstantsTakeTheNameOfTheResult) {
  Graph graph = network();
  GraphEditor editor(graph);
  editor.make_constant(graph.find_value("b"), Tensor::from_values<float>({1}, {2}));
  ASSERT_TRUE(editor.finish().ok());
  EXPECT_EQ(format_graph(graph),
            "graph \"g\"\ninput %x: f32[4]\nconst %b: f32[1] = {2}\n%c: f32[4] = Add(%b, %b) \"c\"\noutput %c\n");
}

}  // namespace
}  // namespace sixtops::passes
