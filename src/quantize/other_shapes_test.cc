#include "quantize/other_shapes.h"

#include <gmock/gmock.h>

#include <cmath>

#include "cpu/interpreter.h"
#include "cpu/reference/kernel.h"
#include "graph/verify.h"
#include "passes/pipeline.h"
#include "quantize/figures.h"
#include "quantize/quantize.h"
#include "testing/text_graph.h"

namespace sixtops::quantize {
namespace {

std::string numbers(int count, float step) {
  std::string text;
  for (int i = 0; i < count; ++i) text += std::to_string(std::sin(static_cast<float>(i) * step)) + " ";
  return text;
}

// A convolution, a reshape whose target follows from the picture's size, and an average over all of it.
Graph network(int64_t side) {
  const std::string s = std::to_string(side);
  const std::string area = std::to_string(side * side);
  return testing::graph_of("graph \"g\"\ninput %x: f32[1x2x" + s + "x" + s + "] {}\nconst %w: f32[4x2x3x3] = {" +
                           numbers(72, 1.7F) + "}\nconst %b: f32[4] = {0.1 -0.2 0.3 0}\n" + "%c: f32[1x4x" + s + "x" +
                           s + "] = Conv(%x, %w, %b) {pads=[1 1 1 1]} \"conv\"\n" + "%r: f32[1x4x" + s + "x" + s +
                           "] = Relu(%c) \"relu\"\n" + "%f: f32[1x4x1x" + area + "] = Reshape(%r) {shape=[1 4 1 " +
                           area + "]} \"reshape\"\n" +
                           "%m: f32[1x4x1x1] = GlobalAveragePool(%f) \"mean\"\noutput %m\noutput %f\n");
}

Sample sample(int64_t side, float phase) {
  std::vector<float> values(static_cast<size_t>(2 * side * side));
  for (size_t i = 0; i < values.size(); ++i) values[i] = std::sin(phase + static_cast<float>(i) * 0.37F);
  return {Tensor::from_values<float>({1, 2, side, side}, values)};
}

TEST(OtherShapes, OneCalibrationServesSmallerPictures) {
  const Graph calibrated = network(12);
  Graph integer = calibrated;
  ASSERT_TRUE(quantize(integer, {sample(12, 0), sample(12, 1)}, {}).ok());
  const Graph other = network(7);
  const Result<Graph> moved = at_other_shapes(integer, calibrated, other);
  ASSERT_TRUE(moved.ok()) << moved.status().message();
  ASSERT_TRUE(verify(*moved, VerifyLevel::kStatic).ok());

  const Sample input = sample(7, 0.5F);
  Tensor codes = input[0];
  const Value& first = moved->value(moved->inputs[0]);
  ASSERT_EQ(first.dtype, DType::kI8);
  std::vector<int8_t> values;
  for (const float value : input[0].values<float>()) {
    const float code = std::nearbyint(value / first.quant->scale[0]) + static_cast<float>(first.quant->zero_point[0]);
    values.push_back(static_cast<int8_t>(std::clamp(code, -128.0F, 127.0F)));
  }
  codes = Tensor::from_values<int8_t>(input[0].shape(), values);
  const auto run = [](const Graph& graph, const Tensor& tensor) {
    return cpu::run_graph(
               graph, {&tensor, 1},
               [](const Node& node, std::span<const Tensor> in) { return cpu::reference::run_node(node, in); })
        .value();
  };
  const std::vector<Tensor> expected = run(other, input[0]);
  const std::vector<Tensor> actual = run(*moved, codes);
  for (size_t i = 0; i < expected.size(); ++i) {
    const QuantParams& quant = *moved->value(moved->outputs[i]).quant;
    std::vector<float> real;
    for (const int8_t code : actual[i].values<int8_t>()) {
      real.push_back(static_cast<float>(code - quant.zero_point[0]) * quant.scale[0]);
    }
    ErrorSums sums;
    sums.add(expected[i].values<float>(), real);
    EXPECT_GT(sums.sqnr_db(), 30) << "output " << i;
  }
}

TEST(OtherShapes, OtherNodesAreRefused) {
  const Graph calibrated = network(12);
  Graph integer = calibrated;
  ASSERT_TRUE(quantize(integer, {sample(12, 0)}, {}).ok());
  Graph other = network(7);
  other.nodes.back().op = Op::kGlobalMaxPool;
  const Result<Graph> moved = at_other_shapes(integer, calibrated, other);
  EXPECT_EQ(moved.status().code(), StatusCode::kUnsupported);
  EXPECT_THAT(moved.status().message(), ::testing::HasSubstr("'mean'"));
}

}  // namespace
}  // namespace sixtops::quantize
