#include "quantize/node_plan.h"

#include <gtest/gtest.h>

#include "graph/text.h"
#include "quantize/scale_classes.h"

namespace sixtops::quantize {
namespace {

struct Planned {
  Graph graph;
  std::vector<NodePlan> plans;
  ScaleClasses classes;

  const NodePlan& operator[](const char* node) const {
    for (size_t n = 0; n < graph.nodes.size(); ++n) {
      if (graph.nodes[n].name == node) return plans[n];
    }
    ADD_FAILURE() << "no node " << node;
    return plans[0];
  }
  bool share(const char* a, const char* b) const {
    return classes.of(graph.find_value(a)) == classes.of(graph.find_value(b));
  }
};

Planned plan(const std::string& text, const QuantizeOptions& options = {}) {
  Result<Graph> graph = parse_graph(text);
  EXPECT_TRUE(graph.ok()) << graph.status().message();
  Planned planned{std::move(graph).value(), {}, {}};
  planned.plans = plan_nodes(planned.graph, find_uses(planned.graph), options).value();
  planned.classes = find_scale_classes(planned.graph, planned.plans);
  return planned;
}

constexpr const char* kHead = R"(graph "head"
input %x: f32[1x2x4x4]
const %w: f32[2x2x1x1] = {1 0 0 1}
const %two: f32[] = {2}
%a: f32[1x2x4x4] = Conv(%x, %w) "conv1"
%s: f32[1x2x4x4] = Silu(%a) "silu1"
%b: f32[1x2x4x4] = Conv(%s, %w) "conv2"
%p: f32[1x2x4x4] = Sigmoid(%b) "sigmoid2"
%box: f32[1x2x4x4] = Mul(%p, %two) "box"
%c: f32[1x2x4x4] = Conv(%s, %w) "conv3"
%wide: f32[1x4x4x4] = Concat(%box, %c) {axis=1} "wide"
output %wide
)";

TEST(PlanNodes, DetectionTailStaysFloat) {
  const Planned planned = plan(kHead);
  EXPECT_TRUE(planned["conv1"].integer);
  EXPECT_TRUE(planned["silu1"].is_fused);
  EXPECT_TRUE(planned["conv2"].gives_sums);
  EXPECT_FALSE(planned["sigmoid2"].integer);
  EXPECT_FALSE(planned["box"].integer);
  EXPECT_FALSE(planned["wide"].integer);
  EXPECT_NE(planned["wide"].reason.find("tail"), std::string::npos);
}

TEST(PlanNodes, AddOfTheTailLetsItsActivationGo) {
  const Planned planned = plan(R"(graph "g"
input %x: f32[1x2x4x4]
const %w: f32[2x2x1x1] = {1 0 0 1}
%a: f32[1x2x4x4] = Conv(%x, %w) "conv"
%s: f32[1x2x4x4] = Add(%a, %x) "add"
%t: f32[1x2x4x4] = LeakyRelu(%s) "leaky"
%y: f32[1x2x4x4] = Softmax(%t) {axis=1} "softmax"
output %y
)");
  EXPECT_FALSE(planned["add"].integer);
  EXPECT_EQ(planned["add"].activation, kNoNode);
  EXPECT_FALSE(planned["leaky"].is_fused);
  EXPECT_FALSE(planned["leaky"].integer);
}

TEST(PlanNodes, NamedNodesStayFloatAndUnknownNamesAreRefused) {
  QuantizeOptions options;
  options.keep_float = {"conv2"};
  const Planned planned = plan(kHead, options);
  EXPECT_FALSE(planned["conv2"].integer);
  EXPECT_FALSE(planned["sigmoid2"].is_fused);
  options.keep_float = {"conv99"};
  const auto result = plan_nodes(planned.graph, find_uses(planned.graph), options);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.status().code(), StatusCode::kUsage);
  EXPECT_NE(result.status().message().find("conv99"), std::string::npos);
}

TEST(PlanNodes, ActivationWithASecondReaderOfItsInputIsNotFused) {
  const Planned planned = plan(R"(graph "g"
input %x: f32[1x2x4x4]
const %w: f32[2x2x1x1] = {1 0 0 1}
%a: f32[1x2x4x4] = Conv(%x, %w) "conv1"
%s: f32[1x2x4x4] = Silu(%a) "silu"
%t: f32[1x2x4x4] = Add(%a, %s) "add"
%b: f32[1x2x4x4] = Conv(%t, %w) "conv2"
output %b
)");
  EXPECT_EQ(planned["conv1"].activation, kNoNode);
  EXPECT_FALSE(planned["silu"].is_fused);
  EXPECT_TRUE(planned["silu"].integer);
  EXPECT_TRUE(planned["add"].integer);
}

std::string concat_read_by(const std::string& reader) {
  return R"(graph "g"
input %x: f32[1x2x4x4]
const %w: f32[2x2x1x1] = {1 0 0 1}
const %v: f32[2x4x1x1] = {1 0 0 1 1 0 0 1}
const %k: f32[2x4x3x3] = base64 ")" +
         std::string(384, 'A') + R"("
%a: f32[1x2x4x4] = Conv(%x, %w) "conv1"
%b: f32[1x2x4x4] = Conv(%x, %w) "conv2"
%c: f32[1x4x4x4] = Concat(%a, %b) {axis=1} "concat"
)" + reader +
         "\noutput %y\n";
}

TEST(PlanNodes, ConcatKeepsScalesWhereEveryReaderAbsorbsThem) {
  const Planned pointwise = plan(concat_read_by("%y: f32[1x2x4x4] = Conv(%c, %v) \"reader\""));
  EXPECT_TRUE(pointwise["concat"].keeps_scales);
  EXPECT_FALSE(pointwise.share("a", "b"));
  const Planned padded = plan(concat_read_by("%y: f32[1x2x4x4] = Conv(%c, %k) {pads=[1 1 1 1]} \"reader\""));
  EXPECT_FALSE(padded["concat"].keeps_scales);
  EXPECT_TRUE(padded.share("a", "b"));
  EXPECT_TRUE(padded.share("a", "c"));
  EXPECT_TRUE(padded.classes.has_several_producers(padded.graph.find_value("a")));
}

TEST(PlanNodes, DistributionMeanBelongsToTheTail) {
  const Planned planned = plan(R"(graph "g"
input %x: f32[1x4x1x8]
const %w: f32[4x4x1x1] = {1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1}
const %d: f32[1x4x1x1] = {0 1 2 3}
%a: f32[1x4x1x8] = Conv(%x, %w) "conv"
%s: f32[1x4x1x8] = Softmax(%a) {axis=1} "softmax"
%y: f32[1x1x1x8] = Conv(%s, %d) "dfl"
output %y
)");
  EXPECT_TRUE(planned["conv"].integer);
  EXPECT_FALSE(planned["softmax"].integer);
  EXPECT_FALSE(planned["dfl"].integer);
}

}  // namespace
}  // namespace sixtops::quantize
