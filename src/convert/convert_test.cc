#include "convert/convert.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "base/file.h"
#include "convert/sample_list.h"
#include "cpu/engine/run_node.h"
#include "cpu/interpreter.h"
#include "testing/test_data.h"

namespace sixtops::convert {
namespace {

constexpr const char* kQuantizedMobileNet = "models/st/mobilenet_v1_0.5_128_quant.onnx";

struct Network {
  Graph graph;
  Report report;
};

Network converted(const ConvertOptions& options) {
  const std::string path = testing::test_data_path(kQuantizedMobileNet);
  Result<Converted> result = convert({path, read_file(path).value()}, options);
  EXPECT_TRUE(result.ok()) << result.status().message();
  if (!result.ok()) return {};
  return {model::read_model(SharedBytes::own(std::move(result->six))).value().variants[0], std::move(result->report)};
}

int64_t best_class(const Graph& graph, const std::string& picture) {
  const std::vector<Tensor> inputs = load_sample({picture}, graph).value();
  const std::vector<Tensor> outputs = cpu::run_graph(graph, inputs, cpu::engine::run_node).value();
  const auto scores = outputs[0].values<float>();
  return std::max_element(scores.begin(), scores.end()) - scores.begin();
}

// ImageNet's classes, behind one for the background.
int right_answers(const Graph& graph) {
  const std::string list = testing::test_data_path("data/imagenet50/labels.tsv");
  const SharedBytes bytes = read_file(list).value();
  std::istringstream lines{std::string(bytes.text())};
  std::string file;
  std::string label;
  std::getline(lines, file);
  int right = 0;
  while (lines >> file >> label) {
    right += best_class(graph, testing::test_data_path("data/imagenet50/" + file)) == std::stoi(label) + 1 ? 1 : 0;
  }
  return right;
}

TEST(Accuracy, QuantizedSourceNeedsNoCalibration) {
  SIXTOPS_NEED_DATA(kQuantizedMobileNet);
  SIXTOPS_NEED_DATA("data/imagenet50/labels.tsv");
  ConvertOptions options;
  options.resize = ResizeMode::kCrop;
  const Network real = converted(options);
  options.precision = Precision::kInt8;
  const Network integer = converted(options);
  for (const quantize::LayerFigures& layer : integer.report.quantization.layers) {
    EXPECT_TRUE(layer.precision == Precision::kInt8 || layer.op == "Softmax") << layer.node << ": " << layer.reason;
  }
  EXPECT_THAT(integer.report.notes, ::testing::Contains(::testing::HasSubstr("keeps its own parameters")));
  EXPECT_EQ(integer.graph.value(integer.graph.inputs[0]).dtype, DType::kI8);
  EXPECT_NEAR(right_answers(real.graph), 35, 1);
  EXPECT_NEAR(right_answers(integer.graph), 35, 1);
}

}  // namespace
}  // namespace sixtops::convert
