#include "quantize/weights.h"

#include <gtest/gtest.h>

#include "graph/text.h"
#include "quantize/weight_layout.h"

namespace sixtops::quantize {
namespace {

TEST(WeightScales, LargestMagnitudeGets127) {
  const WeightMatrix weights{2, 3, {0.5F, -1.27F, 0.1F, 0.2F, 0.0F, 2.54F}};
  const QuantizedWeights quantized = round_weights(weights, weight_scales(weights));
  EXPECT_NEAR(quantized.scales[0], 0.01, 1e-8);
  EXPECT_EQ(quantized.codes, (std::vector<int8_t>{50, -127, 10, 10, 0, 127}));
}

TEST(WeightScales, NoScaleFallsFarBelowTheLargest) {
  const WeightMatrix weights{3, 1, {1.27F, 0.00127F, 0.0F}};
  const std::vector<double> scales = weight_scales(weights);
  EXPECT_NEAR(scales[1], scales[0] / 64, 1e-9);
  EXPECT_NEAR(scales[2], scales[0] / 64, 1e-9);
}

Graph graph_of(const char* text) { return parse_graph(text).value(); }

std::vector<float> matrix_of(const Graph& graph) {
  const Node& node = graph.nodes[0];
  return to_matrix(weight_layout(graph, node), *graph.constant(node.inputs[1])).values;
}

TEST(WeightLayout, EveryOpReadsAsRowsOfOutputs) {
  EXPECT_EQ(matrix_of(graph_of(R"(graph "g"
input %x: f32[1x2]
const %w: f32[2x3] = {1 2 3 4 5 6}
%y: f32[1x3] = MatMul(%x, %w)
output %y
)")),
            (std::vector<float>{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(matrix_of(graph_of(R"(graph "g"
input %x: f32[1x2]
const %w: f32[3x2] = {1 2 3 4 5 6}
%y: f32[1x3] = Gemm(%x, %w) {transB=1}
output %y
)")),
            (std::vector<float>{1, 2, 3, 4, 5, 6}));
  // Two groups of one input channel and two output channels each, one tap.
  EXPECT_EQ(matrix_of(graph_of(R"(graph "g"
input %x: f32[1x2x1x1]
const %w: f32[2x2x1x1] = {1 2 3 4}
%y: f32[1x4x1x1] = ConvTranspose(%x, %w) {group=2}
output %y
)")),
            (std::vector<float>{1, 2, 3, 4}));
  // One group: two inputs, two outputs, two taps.
  EXPECT_EQ(matrix_of(graph_of(R"(graph "g"
input %x: f32[1x2x1x1]
const %w: f32[2x2x1x2] = {1 2 3 4 5 6 7 8}
%y: f32[1x2x1x2] = ConvTranspose(%x, %w)
output %y
)")),
            (std::vector<float>{1, 2, 5, 6, 3, 4, 7, 8}));
}

TEST(WeightLayout, FromMatrixIsTheInverse) {
  const Graph graph = graph_of(R"(graph "g"
input %x: f32[1x2]
const %w: f32[2x3] = {1 2 3 4 5 6}
%y: f32[1x3] = MatMul(%x, %w)
output %y
)");
  const WeightLayout layout = weight_layout(graph, graph.nodes[0]);
  const Tensor tensor = from_matrix(layout, {1, 4, 2, 5, 3, 6}, {2, 3}, DType::kI8);
  EXPECT_EQ(values_as<int64_t>(tensor), (std::vector<int64_t>{1, 2, 3, 4, 5, 6}));
}

TEST(Weights, OneScaleForAllRowsComesFromTheLargest) {
  const WeightMatrix weights{2, 2, {0.5F, -1.27F, 0.01F, 0.02F}};
  EXPECT_EQ(common_weight_scale(weights).size(), 2U);
  EXPECT_NEAR(common_weight_scale(weights)[0], 0.01, 1e-9);
  EXPECT_EQ(common_weight_scale(weights)[0], common_weight_scale(weights)[1]);
}

}  // namespace
}  // namespace sixtops::quantize
