#include "passes/cut_outputs.h"

#include <gmock/gmock.h>

#include "graph/text.h"
#include "testing/text_graph.h"

namespace sixtops::passes {
namespace {

using ::testing::HasSubstr;

Graph network() {
  return testing::graph_of(R"(graph "g"
input %images: f32[4] {picture=1}
input %sizes: f32[4] {}
const %w: f32[4] = {1 2 3 4}
%feature: f32[4] = Mul(%images, %w)
%boxes: f32[4] = Exp(%feature)
%scaled: f32[4] = Mul(%boxes, %sizes)
output %scaled
)");
}

TEST(CutOutputs, KeepsWhatTheNamedTensorsNeed) {
  Graph graph = network();
  ASSERT_TRUE(cut_at(graph, {"boxes", "feature"}).ok());
  EXPECT_EQ(format_graph(graph), R"(graph "g"
input %images: f32[4] {picture=1}
const %w: f32[4] = {1 2 3 4}
%feature: f32[4] = Mul(%images, %w)
%boxes: f32[4] = Exp(%feature)
output %boxes
output %feature
)");
}

TEST(CutOutputs, RefusesOtherNames) {
  const auto refusal = [](const std::vector<std::string>& names) {
    Graph graph = network();
    const Status status = cut_at(graph, names);
    EXPECT_EQ(status.code(), StatusCode::kUsage);
    return status.message();
  };
  EXPECT_THAT(refusal({"boxs"}), HasSubstr("no tensor 'boxs' to cut at; did you mean 'boxes'?"));
  EXPECT_THAT(refusal({"images"}), HasSubstr("is an input or a constant"));
  EXPECT_THAT(refusal({"w"}), HasSubstr("is an input or a constant"));
  EXPECT_THAT(refusal({"boxes", "boxes"}), HasSubstr("named twice"));
}

}  // namespace
}  // namespace sixtops::passes
