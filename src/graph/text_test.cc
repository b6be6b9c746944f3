#include "graph/text.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

namespace sixtops {
namespace {

using testing::HasSubstr;

// What the text reads as, printed again.
std::string round_trip(std::string_view text, const TextOptions& options = {}) {
  const Result<Graph> graph = parse_graph(text);
  return graph.ok() ? format_graph(*graph, options) : graph.status().message();
}

std::string error_of(std::string_view text) {
  const Result<Graph> graph = parse_graph(text);
  return graph.ok() ? "no error" : graph.status().message();
}

TEST(Text, PrintsWhatItReads) {
  const std::string text =
      R"(graph "tiny"
head "yolov5-raw"
labels ["person" "traffic \"light\"\n"]
anchors [10.0 13.5]
strides [8 16]
input %images: f32[?x3x4x4] {picture=1 mean=[1.5] std=[255.0] color="bgr" resize="letterbox" pad_color=0}
input %scores: i64[..] {}
const %w: f32[2x3x1x1] = {0.5 1 -2 0.25 1 1e-07}
const %codes: i8[2x3x1x1] q([0.1 0.2], [0 -3], 0) = {-128 127 0 1 2 3}
const %flags: bool[2] = {0 1}
const %one: u64[] = {18446744073709551615}
const %none: f16[0] = {}
%y: f32[..] = Conv(%images, %w, _) {group=1 kernel_shape=[1 1]} "model.0.conv"
%q: i8[1x2x4x4] q(0.0039, -128) = QuantizeLinear(%y) {scale=[0.0039] to="i8" zero_point=[-128]} : int8
%onnx::TopK_3: i64[..], _, %"strange name:": f32[] = Custom(%q, _, %codes) {0="z" empty=[] f=floats[] n=-3 none=texts[] r=1.0 t=f32[2] {1 nan} type="cst" words=["a" ""]} : float16
output %q
output %images
)";
  // NaN constants do not print inline, so the tensor attribute comes back in base64.
  std::string expected = text;
  expected.replace(expected.find("{1 nan}"), 7, "base64 \"AACAPwAAwH8=\"");
  EXPECT_EQ(round_trip(text), expected);
  EXPECT_EQ(round_trip(expected), expected);
}

TEST(Text, LargeConstantsGoThroughBase64) {
  const std::string text = "graph \"g\"\nconst %c: f32[3] = {0.1 -inf 3}\n%y: f32[3] = Relu(%c)\noutput %y\n";
  EXPECT_EQ(round_trip(text), text);
  const std::string packed = round_trip(text, {.max_inline_elements = 2});
  EXPECT_THAT(packed, HasSubstr("base64 \"zczMPQAAgP8AAEBA\""));
  EXPECT_EQ(round_trip(packed), text);
  const std::string elided = round_trip(text, {.max_inline_elements = 2, .elide_large_constants = true});
  EXPECT_THAT(elided, HasSubstr("= elided"));
  EXPECT_THAT(error_of(elided), HasSubstr("line 2"));
}

TEST(Text, FloatsReadBackToTheSameBits) {
  Graph graph;
  const std::vector<float> values = {0.1F,  1.0F / 3,      std::numeric_limits<float>::denorm_min(),
                                     -0.0F, 3.4028235e38F, 16777216.0F};
  graph.outputs.push_back(graph.add_constant("c", Tensor::from_values<float>({6}, values)));
  const Result<Graph> back = parse_graph(format_graph(graph));
  ASSERT_TRUE(back.ok()) << back.status().message();
  const auto read = back->values[0].constant->values<float>();
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(std::bit_cast<uint32_t>(read[i]), std::bit_cast<uint32_t>(values[i])) << values[i];
  }
}

TEST(Text, IntegersAreFloatsWhereTheRowSaysSo) {
  EXPECT_THAT(round_trip("graph \"\" input %x: f32[2] %y: f32[2] = LeakyRelu(%x) {alpha=1} output %y  # comment"),
              HasSubstr("alpha=1.0"));
}

TEST(Text, ErrorsNameThePlace) {
  EXPECT_THAT(error_of(""), HasSubstr("line 1, column 1: expected 'graph'"));
  EXPECT_THAT(error_of("graph \"g\"\n%y: f32[2] = Relu(%x)"), HasSubstr("line 2, column 19"));
  EXPECT_THAT(error_of("graph \"g\"\ninput %x: f32[2]\ninput %x: f32[2]"), HasSubstr("line 3, column 7"));
  EXPECT_THAT(error_of("graph \"g\" input %x: f33[2]"), HasSubstr("element type"));
  EXPECT_THAT(error_of("graph \"g\" input %x: f32[2x-3]"), HasSubstr("extents"));
  EXPECT_THAT(error_of("graph \"g\" input %x: f32[2] %y: f32[2] = Rely(%x)"), HasSubstr("operator"));
  EXPECT_THAT(error_of("graph \"g\" const %x: f32[2] = {1}"),
              HasSubstr("line 1, column 32: 4 bytes of data, expected 8 for f32[2]"));
  EXPECT_THAT(error_of("graph \"g\" const %x: u8[1] = {256}"), HasSubstr("expected u8"));
  EXPECT_THAT(error_of("graph \"g\" const %x: bool[1] = base64 \"Ag==\""), HasSubstr("bool"));
  EXPECT_THAT(error_of("graph \"g\" const %x: f32[9999999999x9999999999] = {}"), HasSubstr("overflow"));
  EXPECT_THAT(error_of("graph \"unclosed"), HasSubstr("closing quote"));
  EXPECT_THAT(error_of("graph \"\\q\""), HasSubstr("escape"));
  EXPECT_THAT(error_of("graph \"g\" @"), HasSubstr("unexpected character"));
  EXPECT_THAT(error_of("graph \"g\" input %x: f32[2] {size=3}"), HasSubstr("size"));
  EXPECT_THAT(error_of("graph \"g\" input %x: f32[2]"), HasSubstr("no output"));
}

}  // namespace
}  // namespace sixtops
