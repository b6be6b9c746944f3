#include "passes/cut_inputs.h"

#include <gmock/gmock.h>

#include "graph/text.h"
#include "testing/text_graph.h"

namespace sixtops::passes {
namespace {

using ::testing::HasSubstr;

Graph network() {
  return testing::graph_of(R"(graph "g"
input %images: f32[1x4] {picture=1}
input %sizes: f32[1x4] {}
const %w: f32[4] = {1 2 3 4}
%feature: f32[1x4] = Mul(%images, %w)
%boxes: f32[1x4] = Exp(%feature)
%scaled: f32[1x4] = Mul(%boxes, %sizes)
output %scaled
)");
}

TEST(CutInputs, BeginsInTheMiddleAndOrdersInputs) {
  Graph graph = network();
  ASSERT_TRUE(begin_at(graph, {"sizes", "feature"}, {}).ok());
  EXPECT_EQ(format_graph(graph), R"(graph "g"
input %sizes: f32[1x4] {}
input %feature: f32[1x4] {}
%boxes: f32[1x4] = Exp(%feature)
%scaled: f32[1x4] = Mul(%boxes, %sizes)
output %scaled
)");
  Graph swapped = network();
  ASSERT_TRUE(begin_at(swapped, {"sizes", "images"}, {}).ok());
  EXPECT_EQ(swapped.value(swapped.inputs[0]).name, "sizes");
  EXPECT_FALSE(swapped.input_descriptions[0].is_picture);
  EXPECT_TRUE(swapped.input_descriptions[1].is_picture);
}

TEST(CutInputs, TakesTheUsersShapeWhereTheGraphHasNone) {
  const std::string text = R"(graph "g"
input %x: f32[6] {}
input %shape: i64[2] {}
%middle: f32[..] = Reshape(%x, %shape)
%y: f32[..] = Exp(%middle)
output %y
)";
  Graph graph = testing::graph_of(text);
  const Status unknown = begin_at(graph, {"middle"}, {});
  EXPECT_EQ(unknown.code(), StatusCode::kUsage);
  EXPECT_THAT(unknown.message(), HasSubstr("--input middle:"));
  graph = testing::graph_of(text);
  ASSERT_TRUE(begin_at(graph, {"middle"}, {{"middle", {2, 3}}}).ok());
  EXPECT_EQ(graph.value(graph.inputs[0]).shape, (Shape{2, 3}));
}

TEST(CutInputs, RefusesWhatCannotBe) {
  const auto refusal = [](const std::vector<std::string>& names, const std::map<std::string, Shape>& shapes = {}) {
    Graph graph = network();
    const Status status = begin_at(graph, names, shapes);
    EXPECT_EQ(status.code(), StatusCode::kUsage);
    return status.message();
  };
  EXPECT_THAT(refusal({"featur"}), HasSubstr("did you mean 'feature'?"));
  EXPECT_THAT(refusal({"w"}), HasSubstr("is a constant"));
  EXPECT_THAT(refusal({"sizes", "sizes"}), HasSubstr("named twice"));
  EXPECT_THAT(refusal({"feature"}), HasSubstr("still need input 'sizes'"));
  EXPECT_THAT(refusal({"images", "sizes", "boxes"}), HasSubstr("do not need tensor 'images'"));
  EXPECT_THAT(refusal({"sizes", "feature"}, {{"feature", {1, 5}}}), HasSubstr("does not fit"));
}

TEST(FillInputs, MakesInputsConstants) {
  Graph graph = network();
  ASSERT_TRUE(fill_inputs(graph, {{"sizes", Tensor::from_values<int64_t>({1}, {2})}}).ok());
  ASSERT_EQ(graph.inputs.size(), 1U);
  EXPECT_EQ(graph.value(graph.inputs[0]).name, "images");
  ASSERT_EQ(graph.input_descriptions.size(), 1U);
  const Tensor* sizes = graph.constant(graph.find_value("sizes"));
  ASSERT_NE(sizes, nullptr);
  EXPECT_EQ(sizes->shape(), (Shape{1, 4}));
  EXPECT_EQ(values_as<float>(*sizes), (std::vector<float>{2, 2, 2, 2}));
}

TEST(FillInputs, RefusesWhatDoesNotFit) {
  const Tensor three = Tensor::from_values<float>({1, 3}, {1, 2, 3});
  const Tensor one = Tensor::from_values<float>({}, {1});
  Graph graph = network();
  EXPECT_THAT(fill_inputs(graph, {{"size", one}}).message(), HasSubstr("did you mean 'sizes'?"));
  EXPECT_THAT(fill_inputs(graph, {{"sizes", three}}).message(), HasSubstr("is 1x3, the input 1x4"));
  EXPECT_THAT(fill_inputs(graph, {{"sizes", one}, {"images", one}}).message(), HasSubstr("leave one"));
}

}  // namespace
}  // namespace sixtops::passes
