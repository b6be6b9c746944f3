#include "quantize/quantized_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "cpu/interpreter.h"
#include "cpu/reference/kernel.h"
#include "graph/shape_rules.h"
#include "graph/text.h"
#include "graph/verify.h"
#include "testing/text_graph.h"

namespace sixtops::quantize {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Graph source_of(const std::string& statements) {
  Graph graph = testing::graph_of("graph \"t\"\n" + statements);
  const Status status = infer_shapes(graph);
  EXPECT_TRUE(status.ok()) << status.message();
  return graph;
}

struct Lowered {
  Graph graph;
  QuantizeReport report;

  std::string text() const {
    const std::string whole = format_graph(graph, {.max_inline_elements = 32, .elide_large_constants = true});
    return whole.substr(whole.find('\n') + 1);
  }
  std::string reason(const std::string& node) const {
    for (const LayerFigures& layer : report.layers) {
      if (layer.node == node) return layer.reason;
    }
    return "no such layer";
  }
};

Lowered lower(const std::string& statements, const std::vector<std::string>& keep_float = {}) {
  Lowered lowered{source_of(statements), {}};
  Result<QuantizeReport> report = quantize_quantized_source(lowered.graph, keep_float);
  EXPECT_TRUE(report.ok()) << report.status().message();
  if (report.ok()) lowered.report = std::move(report).value();
  const Status valid = verify(lowered.graph, VerifyLevel::kStatic);
  EXPECT_TRUE(valid.ok()) << valid.message();
  return lowered;
}

std::string quantize(const std::string& to, const std::string& from, float scale, int zero_point) {
  return fmt::format("%{}: i8[..] = QuantizeLinear(%{}) {{scale=[{}] to=\"i8\" zero_point=[{}]}}\n", to, from, scale,
                     zero_point);
}
std::string dequantize(const std::string& to, const std::string& from, float scale, int zero_point) {
  return fmt::format("%{}: f32[..] = DequantizeLinear(%{}) {{scale=[{}] zero_point=[{}]}}\n", to, from, scale,
                     zero_point);
}
// %name (real), its codes %name.q, and what they mean, %name.d.
std::string round_trip(const std::string& name, float scale, int zero_point) {
  return quantize(name + ".q", name, scale, zero_point) + dequantize(name + ".d", name + ".q", scale, zero_point);
}

// ---- the form of the result

TEST(QuantizedSource, ConvolutionInTheIntegersOfTheSource) {
  const Lowered lowered = lower("input %x: f32[1x1x2x2]\n" + round_trip("x", 0.5F, -3) +
                                "const %w: i8[2x1x1x1] = {4 -6}\n"
                                "const %b: i32[2] = {100 -7}\n"
                                "%wd: f32[..] = DequantizeLinear(%w) {axis=0 scale=[0.25 0.5] zero_point=[1 0]}\n"
                                "%bd: f32[..] = DequantizeLinear(%b) {axis=0 scale=[0.125 0.25] zero_point=[0 0]}\n"
                                "%c: f32[..] = Conv(%x.d, %wd, %bd) {pads=[1 1 1 1]} \"conv\"\n"
                                "%r: f32[..] = Relu(%c) \"relu\"\n" +
                                round_trip("r", 2.0F, -128) + "output %r.d\n");
  // 0.125 / 2 and 0.25 / 2 with 12 + 5 bits; 100 + 3 · (4 - 1), -7 + 3 · -6.
  EXPECT_EQ(lowered.text(), R"(input %x: i8[1x1x2x2] q(0.5, -3)
const %w: i8[2x1x1x1] = {4 -6}
const %bd: i32[2] = {109 -25}
%c: i8[1x2x4x4] q(2, -128) = Conv(%x, %w, %bd) {multiplier=[8192 16384] output_zero_point=-128 pad_code=-3 pads=[1 1 1 1] shift=5 weight_offset=[-1 0]} "conv" : int8
%r.d: f32[1x2x4x4] = DequantizeLinear(%c) {scale=[2.0] zero_point=[-128]} "r.d.dequantize"
output %r.d
)");
  EXPECT_TRUE(std::isnan(lowered.report.output_sqnr_db));
  ASSERT_EQ(lowered.report.layers.size(), 2U);
  EXPECT_EQ(lowered.report.layers[0].macs, 32);
}

TEST(QuantizedSource, ClampsThatSaturationDoesNotComputeBecomeTables) {
  const auto clipped = [](const std::string& clip, int zero_point) {
    return lower("input %x: f32[1x1x2x2]\n" + round_trip("x", 0.5F, 0) + "const %w: i8[1x1x1x1] = {4}\n" +
                 dequantize("wd", "w", 0.25F, 0) + "%c: f32[..] = Conv(%x.d, %wd) \"conv\"\n%r: f32[..] = " + clip +
                 " \"clip\"\n" + round_trip("r", 0.0625F, zero_point) + "output %r.d\n")
        .text();
  };
  EXPECT_THAT(clipped("Clip(%c) {max=16.0 min=0.0}", -128), Not(HasSubstr("Table")));
  EXPECT_THAT(clipped("Relu(%c)", -128), Not(HasSubstr("Table")));
  EXPECT_THAT(clipped("Relu(%c)", -100), HasSubstr("Table"));
  EXPECT_THAT(clipped("Clip(%c) {max=6.0 min=0.0}", -128), HasSubstr("Table"));
}

TEST(QuantizedSource, OtherOperatorsStayFloatAndSayWhy) {
  const Lowered lowered = lower("input %x: f32[1x4]\n" + round_trip("x", 0.5F, 0) +
                                "%s: f32[..] = Softmax(%x.d) \"softmax\"\n" + round_trip("s", 0.00390625F, -128) +
                                "%t: f32[..] = Tanh(%s.d) \"unquantized\"\n"
                                "%u: f32[..] = Sigmoid(%t) \"behind\"\noutput %u\n");
  EXPECT_EQ(lowered.reason("softmax"), "the operator has no integer form");
  EXPECT_EQ(lowered.reason("unquantized"), "its result is not quantized");
  EXPECT_EQ(lowered.reason("behind"), "its input is not quantized");
  EXPECT_EQ(lowered.graph.value(lowered.graph.inputs[0]).dtype, DType::kI8);
  EXPECT_EQ(lowered.graph.value(lowered.graph.outputs[0]).name, "u");
}

TEST(QuantizedSource, LayersWithoutAnExactFormStayFloat) {
  const auto reason = [](int weight, int bias, const std::string& scales, float output_scale) {
    return lower("input %x: f32[1x1x2x2]\n" + round_trip("x", 0.5F, 0) +
                 fmt::format("const %w: i8[2x1x1x1] = {{{} 127}}\nconst %b: i32[2] = {{{} 0}}\n", weight, bias) +
                 "%wd: f32[..] = DequantizeLinear(%w) {axis=0 scale=[" + scales + "] zero_point=[0 0]}\n" +
                 dequantize("bd", "b", 0.5F, 0) + "%c: f32[..] = Conv(%x.d, %wd, %bd) \"conv\"\n" +
                 round_trip("c", output_scale, 0) + "output %c.d\n")
        .reason("conv");
  };
  EXPECT_EQ(reason(127, 0, "1 1", 64), "");
  EXPECT_EQ(reason(127, 2147483647, "1 1", 64), "its sums may leave 32 bits");
  EXPECT_EQ(reason(127, 0, "1 1", 0.0625F), "its result's scale is too fine for a 16-bit multiplier");
  EXPECT_EQ(reason(127, 0, "0.001 1", 0.25F), "the scales of its channels lie too far apart");
  EXPECT_EQ(reason(127, 0, "0.000001 1", 64), "");  // no code of the first channel ever leaves zero
}

TEST(QuantizedSource, NamedNodesStayFloat) {
  const std::string text = "input %x: f32[1x4]\n" + round_trip("x", 0.5F, 0) + "%t: f32[..] = Tanh(%x.d) \"tanh\"\n" +
                           round_trip("t", 0.0078125F, 0) + "output %t.d\n";
  EXPECT_EQ(lower(text).reason("tanh"), "");
  EXPECT_EQ(lower(text, {"tanh"}).reason("tanh"), "it was asked to stay float");
  Graph graph = source_of(text);
  EXPECT_EQ(quantize_quantized_source(graph, {"tan"}).status().code(), StatusCode::kUsage);
}

TEST(QuantizedSource, InputsOfCodesDoNotMakeAFloatNetworkOne) {
  EXPECT_TRUE(is_quantized_source(
      source_of("input %x: f32[4]\n%a: f32[4] = Relu(%x)\n" + round_trip("a", 1, 0) + "output %a.d\n")));
  EXPECT_FALSE(is_quantized_source(source_of("input %x: f32[4]\n" + round_trip("x", 1, 0) + "output %x.d\n")));
}

// ---- against the source's own evaluation in floats

Result<std::vector<Tensor>> run(const Graph& graph, const Tensor& input) {
  return cpu::run_graph(graph, {&input, 1}, [](const Node& node, std::span<const Tensor> inputs) {
    return cpu::reference::run_node(node, inputs);
  });
}

class AgainstFloat : public ::testing::TestWithParam<int> {
 protected:
  int number(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  float real(float low, float high) { return std::uniform_real_distribution<float>(low, high)(random_); }
  int zero_point() { return number(-128, 127); }

  // const %w and its real numbers %wd; one scale a channel of the axis, or one for all.
  std::string weights(const Shape& shape, int axis, bool per_channel, std::vector<float>* scales) {
    std::vector<int> codes(static_cast<size_t>(element_count(shape).value()));
    for (int& code : codes) code = number(-128, 127);
    const auto count = per_channel ? static_cast<size_t>(shape[static_cast<size_t>(axis)]) : 1;
    std::vector<int> zero_points(count);
    for (int& entry : zero_points) entry = number(-60, 60);
    scales->resize(count);
    for (float& scale : *scales) scale = real(0.002F, 0.02F);
    return fmt::format("const %w: i8[{}] = {{{}}}\n", shape_text(shape), fmt::join(codes, " ")) +
           fmt::format("%wd: f32[..] = DequantizeLinear(%w) {{axis={} scale=[{}] zero_point=[{}]}}\n", axis,
                       fmt::join(*scales, " "), fmt::join(zero_points, " "));
  }
  std::string bias(const std::vector<float>& scales, int64_t channels) {
    std::vector<int> codes(static_cast<size_t>(channels));
    for (int& code : codes) code = number(-20000, 20000);
    std::vector<float> units;
    for (const float scale : scales) units.push_back(scale * kInputScale);
    return fmt::format("const %b: i32[{}] = {{{}}}\n", channels, fmt::join(codes, " ")) +
           fmt::format("%bd: f32[..] = DequantizeLinear(%b) {{axis=0 scale=[{}] zero_point=[{}]}}\n",
                       fmt::join(units, " "), fmt::join(std::vector<int>(scales.size(), 0), " "));
  }

  // The body reads %x.d and writes %y. Every layer has to become integer.
  void expect_equal(const Shape& input, const std::string& body, float output_scale, int tolerance) {
    const int input_zero = zero_point();
    const int output_zero = number(-60, 60);
    const std::string text = fmt::format("input %x: f32[{}]\n", shape_text(input)) +
                             round_trip("x", kInputScale, input_zero) + body +
                             round_trip("y", output_scale, output_zero) + "output %y.d\n";
    SCOPED_TRACE(text);
    const Lowered lowered = lower(text);
    for (const LayerFigures& layer : lowered.report.layers)
      EXPECT_EQ(layer.precision, Precision::kInt8) << layer.reason;
    std::vector<float> values(static_cast<size_t>(element_count(input).value()));
    for (float& value : values) value = real(-150, 150) * kInputScale - static_cast<float>(input_zero) * kInputScale;
    const Tensor reals = Tensor::from_values<float>(input, values);
    const Graph source = source_of(text);
    const Tensor codes = cpu::reference::run_node(source.nodes[0], {&reals, 1}).value()[0];
    const auto expected = run(source, reals);
    const auto actual = run(lowered.graph, codes);
    ASSERT_TRUE(expected.ok() && actual.ok()) << expected.status().message() << actual.status().message();
    const auto e = (*expected)[0].values<float>();
    const auto a = (*actual)[0].values<float>();
    ASSERT_EQ((*expected)[0].shape(), (*actual)[0].shape());
    bool moves = false;
    for (size_t i = 0; i < e.size(); ++i) {
      EXPECT_LE(std::abs(e[i] - a[i]) / output_scale, static_cast<float>(tolerance) + 0.01F) << i;
      moves = moves || e[i] != e[0];
    }
    EXPECT_TRUE(moves);
  }

  static constexpr float kInputScale = 0.037F;
  std::mt19937 random_{static_cast<std::mt19937::result_type>(GetParam())};
};

// The result of a sum of `terms` products spans about the range of codes.
float scale_for(int terms) { return 0.04F * std::sqrt(static_cast<float>(terms)); }

TEST_P(AgainstFloat, Convolutions) {
  const int group = number(1, 3);
  const Shape input = {1, 2 * group, number(4, 7), number(4, 7)};
  const Shape shape = {group * number(1, 3), 2, 3, 2};
  std::vector<float> scales;
  std::string body = weights(shape, 0, number(0, 1) == 1, &scales);
  body += bias(scales, shape[0]);
  body += fmt::format("%y: f32[..] = Conv(%x.d, %wd, %bd) {{group={} pads=[{} {} {} {}] strides=[{} 1]}} \"conv\"\n",
                      group, number(0, 1), number(0, 1), number(0, 1), number(0, 1), number(1, 2));
  expect_equal(input, body, scale_for(12), 1);
}

TEST_P(AgainstFloat, TransposedConvolutions) {
  const int group = number(1, 2);
  const Shape shape = {2 * group, number(1, 3), 2, 3};
  std::vector<float> scales;
  std::string body = weights(shape, 1, number(0, 1) == 1, &scales);
  body +=
      fmt::format("%y: f32[..] = ConvTranspose(%x.d, %wd) {{group={} pads=[0 1 0 0] strides=[2 2]}} \"up\"\n", group);
  expect_equal({1, 2 * group, 3, 4}, body, scale_for(6), 1);
}

TEST_P(AgainstFloat, MatrixProducts) {
  const bool transposed = number(0, 1) == 1;
  const Shape shape = transposed ? Shape{5, 8} : Shape{8, 5};
  std::vector<float> scales;
  std::string body = weights(shape, transposed ? 0 : 1, true, &scales);
  body += bias(scales, 5);
  expect_equal({3, 8},
               body + fmt::format("%y: f32[..] = Gemm(%x.d, %wd, %bd) {{transB={}}} \"gemm\"\n", transposed ? 1 : 0),
               scale_for(8), 1);
  body = weights({8, 5}, 1, false, &scales);
  expect_equal({2, 3, 8}, body + "%y: f32[..] = MatMul(%x.d, %wd) \"matmul\"\n", scale_for(8), 1);
}

TEST_P(AgainstFloat, SumsProductsAndAverages) {
  const float other = real(0.003F, 0.3F);
  const std::string second = "%a: f32[..] = Neg(%x.d) \"neg\"\n" + round_trip("a", other, number(-60, 60));
  const Shape input = {1, 3, 4, 5};
  expect_equal(input, second + "%y: f32[..] = Add(%x.d, %a.d) \"add\"\n", 0.04F, 1);
  expect_equal(input, second + "%y: f32[..] = Sub(%x.d, %a.d) \"sub\"\n", 0.1F, 1);
  expect_equal(input, second + "%y: f32[..] = Mul(%x.d, %a.d) \"mul\"\n", 0.3F, 1);
  expect_equal(input,
               "%y: f32[..] = AveragePool(%x.d) {kernel_shape=[2 3] pads=[1 0 0 1] count_include_pad=1} \"mean\"\n",
               0.02F, 1);
  expect_equal(input, "%y: f32[..] = GlobalAveragePool(%x.d) \"mean\"\n", 0.05F, 1);
}

TEST_P(AgainstFloat, FunctionsAndMovementAreExact) {
  const Shape input = {1, 4, 4, 6};
  for (const char* op : {"Sigmoid", "HardSwish", "Tanh", "Abs"}) {
    expect_equal(input, fmt::format("%y: f32[..] = {}(%x.d) \"f\"\n", op), 0.02F, 0);
  }
  expect_equal(input, "%y: f32[..] = MaxPool(%x.d) {kernel_shape=[2 2] pads=[1 1 0 0]} \"move\"\n", 0.05F, 0);
  expect_equal(input, "%y: f32[..] = Pad(%x.d) {pads=[0 0 1 1 0 0 0 2]} \"move\"\n", kInputScale, 0);
  expect_equal(input, "%y: f32[..] = Transpose(%x.d) {perm=[0 2 3 1]} \"move\"\n", 0.05F, 0);
  expect_equal(input, "%y: f32[..] = Resize(%x.d) {mode=\"nearest\" scales=[1.0 1.0 2.0 2.0]} \"move\"\n", 0.05F, 0);
  // Codes that the source moves itself, parts of different scales, and a clamp behind movement.
  expect_equal(input,
               "%m: i8[..] = Reshape(%x.q) {shape=[1 4 24]} \"codes\"\n" + dequantize("y0", "m", 0.5F, 3) +
                   "%y: f32[..] = Relu(%y0) \"relu\"\n",
               0.3F, 0);
  expect_equal(
      input,
      "%a: f32[..] = Neg(%x.d) \"neg\"\n" + round_trip("a", 0.06F, 5) +
          "%j: f32[..] = Concat(%x.d, %a.d) {axis=1} \"join\"\n%y: f32[..] = Clip(%j) {max=3.0 min=-1.0} \"c\"\n",
      0.05F, 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, AgainstFloat, ::testing::Range(1, 9));

}  // namespace
}  // namespace sixtops::quantize
