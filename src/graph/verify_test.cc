#include "graph/verify.h"

#include <gmock/gmock.h>

#include <cmath>
#include <functional>
#include <limits>

#include "testing/text_graph.h"

namespace sixtops {
namespace {

using testing::graph_of;
using ::testing::HasSubstr;

constexpr std::string_view kNetwork = R"(graph "g"
input %x: f32[1x3x4x4] {}
const %w: f32[2x3x1x1] = {1 2 3 4 5 6}
%y: f32[1x2x4x4] = Conv(%x, %w) {kernel_shape=[1 1]} "conv"
%z: f32[1x2x4x4] = Relu(%y) "relu"
output %z
)";

// The verdict on the network after a change.
std::string verdict(const std::function<void(Graph&)>& change, VerifyLevel level = VerifyLevel::kImported) {
  Graph graph = graph_of(kNetwork);
  change(graph);
  return verify(graph, level).message();
}

TEST(Verify, AcceptsASoundGraph) {
  EXPECT_EQ(verdict([](Graph&) {}), "");
  EXPECT_EQ(verdict([](Graph&) {}, VerifyLevel::kStatic), "");
}

TEST(Verify, IdsStayInRange) {
  for (const ValueId id : {-2, 4, 1 << 30}) {
    EXPECT_THAT(verdict([&](Graph& g) { g.nodes[0].inputs[0] = id; }), HasSubstr("input 0 is no tensor"));
    EXPECT_THAT(verdict([&](Graph& g) { g.nodes[1].outputs[0] = id; }), HasSubstr("output 0 is no tensor"));
    EXPECT_THAT(verdict([&](Graph& g) { g.inputs[0] = id; }), HasSubstr("graph input"));
    EXPECT_THAT(verdict([&](Graph& g) { g.outputs[0] = id; }), HasSubstr("graph output"));
  }
  EXPECT_THAT(verdict([](Graph& g) { g.nodes[0].inputs[1] = kNoValue; }), HasSubstr("input 1 is missing"));
}

TEST(Verify, EveryValueIsWrittenOnceAndBeforeItIsRead) {
  EXPECT_THAT(verdict([](Graph& g) { std::swap(g.nodes[0], g.nodes[1]); }),
              HasSubstr("'relu' (Relu) reads tensor 'y'"));
  EXPECT_THAT(verdict([](Graph& g) { g.nodes[1].outputs = g.nodes[0].outputs; }), HasSubstr("has its value already"));
  EXPECT_THAT(verdict([](Graph& g) { g.nodes[1].outputs[0] = g.inputs[0]; }), HasSubstr("has its value already"));
  EXPECT_THAT(verdict([](Graph& g) { g.inputs.push_back(g.inputs[0]); }), HasSubstr("twice"));
  EXPECT_THAT(verdict([](Graph& g) { g.inputs.push_back(g.find_value("w")); }), HasSubstr("constant"));
  EXPECT_THAT(verdict([](Graph& g) {
                g.inputs.clear();
                g.input_descriptions.clear();
              }),
              HasSubstr("nothing before"));
  EXPECT_THAT(verdict([](Graph& g) { g.outputs = {g.add_value("ghost", DType::kF32)}; }), HasSubstr("nothing writes"));
  EXPECT_THAT(verdict([](Graph& g) { g.outputs.clear(); }), HasSubstr("no output"));
}

TEST(Verify, ValuesAreSound) {
  EXPECT_THAT(verdict([](Graph& g) { g.values[0].name = "y"; }), HasSubstr("two tensors are named 'y'"));
  EXPECT_THAT(verdict([](Graph& g) { g.values[0].name = ""; }), HasSubstr("no name"));
  EXPECT_THAT(verdict([](Graph& g) { g.values[0].dtype = static_cast<DType>(99); }), HasSubstr("no type"));
  EXPECT_THAT(verdict([](Graph& g) { g.values[0].shape = Shape(17, 1); }), HasSubstr("17 axes"));
  EXPECT_THAT(verdict([](Graph& g) { g.values[0].shape = Shape{-2}; }), HasSubstr("extent -2"));
  EXPECT_THAT(verdict([](Graph& g) { g.values[0].shape = Shape(4, int64_t{1} << 40); }), HasSubstr("too large"));
  EXPECT_THAT(verdict([](Graph& g) { g.values[1].shape = Shape{6}; }), HasSubstr("constant 'w'"));
  EXPECT_THAT(verdict([](Graph& g) { g.values[1].dtype = DType::kI32; }), HasSubstr("constant 'w'"));
}

TEST(Verify, QuantizationParametersFit) {
  const auto with = [](DType dtype, QuantParams quant) {
    return verdict([&](Graph& g) {
      g.values[3].dtype = dtype;
      g.values[3].quant = quant;
    });
  };
  EXPECT_EQ(with(DType::kI8, {{0.5F}, {-128}, -1}), "");
  EXPECT_EQ(with(DType::kI8, {{0.5F, 1}, {0, 0}, 1}), "");
  EXPECT_THAT(with(DType::kF32, {{0.5F}, {0}, -1}), HasSubstr("belong to integers"));
  EXPECT_THAT(with(DType::kI8, {{0.5F}, {0, 1}, -1}), HasSubstr("1 scales and 2 zero points"));
  EXPECT_THAT(with(DType::kI8, {{}, {}, -1}), HasSubstr("0 scales, expected 1"));
  EXPECT_THAT(with(DType::kI8, {{1, 1, 1}, {0, 0, 0}, 1}), HasSubstr("3 scales, expected 2"));
  EXPECT_THAT(with(DType::kI8, {{1}, {0}, 4}), HasSubstr("axis 4"));
  EXPECT_THAT(with(DType::kI8, {{-1}, {0}, -1}), HasSubstr("negative"));
  EXPECT_THAT(with(DType::kI8, {{1}, {128}, -1}), HasSubstr("outside of i8"));
}

TEST(Verify, ArityAndAttributesFollowTheRow) {
  EXPECT_THAT(verdict([](Graph& g) { g.nodes[0].inputs.resize(1); }), HasSubstr("1 inputs, expected 2 to 3"));
  EXPECT_THAT(verdict([](Graph& g) { g.nodes[1].outputs.push_back(kNoValue); }), HasSubstr("2 outputs"));
  EXPECT_THAT(verdict([](Graph& g) { g.nodes[1].op = static_cast<Op>(255); }), HasSubstr("no operator"));
  EXPECT_THAT(verdict([](Graph& g) { g.nodes[1].precision = static_cast<Precision>(9); }), HasSubstr("no precision"));
  const auto with = [](std::string_view name, Attribute value) {
    return verdict([&](Graph& g) { g.nodes[0].attributes.set(name, value); });
  };
  EXPECT_EQ(with("auto_pad", std::string("SAME_UPPER")), "");
  EXPECT_THAT(with("strange", int64_t{1}), HasSubstr("does not know"));
  EXPECT_THAT(with("group", 1.0F), HasSubstr("wrong type"));
  EXPECT_THAT(with("group", int64_t{0}), HasSubstr("group is 0"));
  EXPECT_THAT(with("pads", Ints{0, 0, 0, 1 << 25}), HasSubstr("pads is 33554432"));
  EXPECT_THAT(with("auto_pad", std::string("SAME")), HasSubstr("expected one of NOTSET|"));
  EXPECT_THAT(with("auto_pad", std::string("")), HasSubstr("expected one of"));
  EXPECT_THAT(verdict([](Graph& g) { g.nodes[1].op = Op::kTable; }), HasSubstr("table is missing"));
  EXPECT_THAT(verdict([](Graph& g) {
                g.nodes[1].op = Op::kLeakyRelu;
                g.nodes[1].attributes.set("alpha", std::numeric_limits<float>::quiet_NaN());
              }),
              HasSubstr("alpha is nan"));
  EXPECT_THAT(verdict([](Graph& g) {
                g.nodes[1].op = Op::kMax;
                g.nodes[1].inputs = {2, kNoValue, 2};
              }),
              HasSubstr("input 1 is missing"));
}

TEST(Verify, DescriptionsFitTheInputs) {
  EXPECT_THAT(verdict([](Graph& g) { g.input_descriptions.resize(2); }), HasSubstr("2 input descriptions"));
  EXPECT_THAT(verdict([](Graph& g) { g.input_descriptions[0].std = {0}; }), HasSubstr("deviation of zero"));
  EXPECT_THAT(verdict([](Graph& g) { g.input_descriptions[0].mean = {INFINITY}; }), HasSubstr("mean"));
  EXPECT_THAT(verdict([](Graph& g) { g.hints.anchors = {NAN}; }), HasSubstr("anchor"));
}

TEST(VerifyStatic, ShapesAreWhatTheRulesSay) {
  const auto with = [](const std::function<void(Graph&)>& change) { return verdict(change, VerifyLevel::kStatic); };
  EXPECT_THAT(with([](Graph& g) { g.values[0].shape = Shape{1, 3, -1, 4}; }), HasSubstr("unknown shape 1x3x?x4"));
  EXPECT_THAT(with([](Graph& g) { g.values[2].shape = std::nullopt; }), HasSubstr("is f32[..], expected f32[1x2x4x4]"));
  EXPECT_THAT(with([](Graph& g) { g.values[3].shape = Shape{1, 2, 4, 5}; }), HasSubstr("'relu' (Relu): output 'z'"));
  EXPECT_THAT(with([](Graph& g) { g.values[3].dtype = DType::kF16; }), HasSubstr("is f16[1x2x4x4]"));
  const Graph by_data = graph_of("graph \"g\" input %x: f32[2x3] %i: i64[2x?] = NonZero(%x) output %i");
  EXPECT_TRUE(verify(by_data, VerifyLevel::kStatic).ok());
}

constexpr std::string_view kInteger = R"(graph "g"
input %x: i8[1x3x4x4] q(0.1, 0)
const %w: i8[2x3x1x1] = {1 2 3 4 5 6}
const %b: i32[2] = {7 8}
%y: i8[1x2x4x4] q(0.1, 0) = Conv(%x, %w, %b) {multiplier=[300 400] shift=3 weight_offset=[0]} "conv" : int8
%t: i8[1x2x4x4] q(0.1, 0) = Relu(%y) "table"
%s: i8[1x2x4x4] q(0.1, 0) = Add(%y, %t) {multiplier=[300] operand_multiplier=[127 99]} "add" : int8
%m: i8[1x2x4x4] q(0.1, 0) = Mul(%s, %t) {multiplier=[300] input_zero_points=[1 2]} "mul" : int8
output %m
)";

std::string integer_verdict(const std::function<void(Graph&)>& change) {
  Graph graph = graph_of(kInteger);
  Node& table = graph.nodes[1];
  table.op = Op::kTable;
  table.attributes.set("table", Ints(256, 5));
  change(graph);
  return verify(graph, VerifyLevel::kStatic).message();
}

TEST(VerifyStatic, IntegerNodesAreComplete) {
  EXPECT_EQ(integer_verdict([](Graph&) {}), "");
  const auto with = [](size_t node, std::string_view name, Attribute value) {
    return integer_verdict([&](Graph& g) { g.nodes[node].attributes.set(name, value); });
  };
  EXPECT_EQ(with(0, "multiplier", Ints{300}), "");
  EXPECT_THAT(with(0, "multiplier", Ints{1, 2, 3}), HasSubstr("multiplier has 3 entries, expected 2"));
  EXPECT_THAT(with(0, "multiplier", Ints{}), HasSubstr("precision int8 and no multiplier"));
  EXPECT_THAT(with(0, "weight_offset", Ints{1, 2, 3}), HasSubstr("weight_offset has 3"));
  EXPECT_THAT(with(0, "multiplier", Ints{1, 40000}), HasSubstr("40000"));
  EXPECT_THAT(with(1, "table", Ints(255, 0)), HasSubstr("table has 255"));
  EXPECT_THAT(with(1, "table", Ints(256, 128)), HasSubstr("table is 128"));
  EXPECT_THAT(with(2, "operand_multiplier", Ints{1}), HasSubstr("operand_multiplier has 1"));
  EXPECT_THAT(with(3, "input_zero_points", Ints{}), HasSubstr("input_zero_points has 0"));
  EXPECT_THAT(integer_verdict([](Graph& g) { g.nodes[0].precision = Precision::kFloat32; }),
              HasSubstr("precision float32 and a multiplier"));
  EXPECT_THAT(integer_verdict([](Graph& g) { g.nodes[2].inputs[1] = g.find_value("w"); }), HasSubstr("broadcast"));
}

TEST(VerifyStatic, IntegerOperandsHaveTheirTypes) {
  const auto retyped = [](std::string_view name, DType dtype) {
    return integer_verdict([&](Graph& g) {
      Value& value = g.value(g.find_value(name));
      value.dtype = dtype;
      if (value.constant) value.constant = *cast(*value.constant, dtype);
    });
  };
  EXPECT_THAT(retyped("w", DType::kU8), HasSubstr("tensor 'w' of an integer node is u8, expected i8"));
  EXPECT_THAT(retyped("b", DType::kI16), HasSubstr("tensor 'b' of an integer node is i16, expected i32"));
  EXPECT_THAT(retyped("x", DType::kU8), HasSubstr("'conv'"));
  EXPECT_THAT(integer_verdict([](Graph& g) {
                g.value(g.find_value("w")).constant.reset();
                g.inputs.push_back(g.find_value("w"));
              }),
              HasSubstr("not constant"));
}

}  // namespace
}  // namespace sixtops
