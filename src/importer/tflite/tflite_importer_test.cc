#include "importer/tflite/tflite_importer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "graph/text.h"
#include "testing/tflite_model.h"

namespace sixtops::importer::tflite {
namespace {

namespace wire = sixtops::wire::tflite;
using ::sixtops::testing::tflite_convolution;
using ::sixtops::testing::TfliteBuilder;

Result<Graph> import(const SharedBytes& bytes, const ImportOptions& options = {}) {
  return tflite::import_model({"test.tflite", bytes}, options);
}

std::vector<std::string> ops_of(const Graph& graph) {
  std::vector<std::string> ops;
  for (const Node& node : graph.nodes) ops.emplace_back(op_info(node.op).name);
  return ops;
}

using Names = std::vector<std::string>;

TEST(TfliteImporter, ConvolutionHasItsChannelsFirst) {
  const Result<Graph> graph = import(tflite_convolution(false));
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(ops_of(*graph), (Names{"Conv", "Clip"}));
  EXPECT_EQ(*graph->value(graph->inputs[0]).shape, (Shape{1, 3, 6, 5}));
  EXPECT_EQ(*graph->value(graph->outputs[0]).shape, (Shape{1, 2, 3, 3}));
  EXPECT_EQ(graph->value(graph->outputs[0]).name, "y");
  const Node& conv = graph->nodes[0];
  const Tensor& weights = *graph->constant(conv.inputs[1]);
  EXPECT_EQ(weights.shape(), (Shape{2, 3, 3, 3}));
  // Element (output 1, input 2, row 1, column 0) stands at ((1 · 3 + 1) · 3 + 0) · 3 + 2 in the file.
  EXPECT_EQ(weights.values<float>()[static_cast<size_t>(((1 * 3 + 2) * 3 + 1) * 3 + 0)], 38);
}

TEST(TfliteImporter, QuantizedTensorsKeepTheirParameters) {
  const Result<Graph> graph = import(tflite_convolution(true));
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(ops_of(*graph),
            (Names{"DequantizeLinear", "DequantizeLinear", "DequantizeLinear", "Conv", "Clip", "QuantizeLinear"}));
  EXPECT_EQ(graph->value(graph->inputs[0]).dtype, DType::kU8);
  EXPECT_EQ(graph->nodes[0].get_floats("scale"), Floats{0.5F});
  EXPECT_EQ(graph->nodes[0].get_ints("zero_point"), Ints{128});
  EXPECT_EQ(graph->nodes[1].get_floats("scale"), (Floats{0.5F, 0.125F}));
  EXPECT_EQ(graph->nodes[1].get_int("axis"), 0);
  EXPECT_EQ(graph->nodes[5].get_ints("zero_point"), Ints{3});
  EXPECT_EQ(graph->nodes[5].get_text("to"), "u8");
}

TEST(TfliteImporter, ReshapeSeesTheFilesOrder) {
  TfliteBuilder model;
  const int x = model.tensor("x", wire::TensorType::FLOAT32, {1, 2, 3, 4});
  const int a = model.tensor("a", wire::TensorType::FLOAT32, {1, 2, 3, 4});
  const int y = model.tensor("y", wire::TensorType::FLOAT32, {1, 24});
  model.op(wire::Operation::RELU, {x}, {a});
  model.op(wire::Operation::RESHAPE, {a}, {y});
  const Result<Graph> graph = import(model.bytes({x}, {y}));
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(ops_of(*graph), (Names{"Relu", "Transpose", "Reshape"}));
  EXPECT_EQ(graph->nodes[1].get_ints("perm"), (Ints{0, 2, 3, 1}));
}

TEST(TfliteImporter, ConstantsJoinPicturesInOneOrder) {
  TfliteBuilder model;
  const int x = model.tensor("x", wire::TensorType::FLOAT32, {1, 2, 2, 3});
  const int c = model.tensor<float>("c", wire::TensorType::FLOAT32, {3}, {1, 2, 3});
  const int y = model.tensor("y", wire::TensorType::FLOAT32, {1, 2, 2, 3});
  model.op(wire::Operation::MUL, {x, c}, {y});
  const Result<Graph> graph = import(model.bytes({x}, {y}));
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(ops_of(*graph), Names{"Mul"});
  EXPECT_EQ(graph->constant(graph->nodes[0].inputs[1])->shape(), (Shape{1, 3, 1, 1}));
}

TEST(TfliteImporter, AllUnknownOperatorsAreNamed) {
  TfliteBuilder model;
  const int x = model.tensor("x", wire::TensorType::FLOAT32, {1, 4});
  const int a = model.tensor("a", wire::TensorType::FLOAT32, {1, 4});
  const int y = model.tensor("y", wire::TensorType::FLOAT32, {1, 4});
  model.op(wire::Operation::LSTM, {x}, {a});
  model.op(wire::Operation::SVDF, {a}, {y});
  const Result<Graph> graph = import(model.bytes({x}, {y}));
  ASSERT_FALSE(graph.ok());
  EXPECT_EQ(graph.status().message(), "test.tflite: 2 operator(s) are not supported: LSTM: LSTM 'a'; SVDF: SVDF 'y'");
}

TEST(TfliteImporter, InputShapesAreBoundInTheFilesOrder) {
  const Result<Graph> wrong = import(tflite_convolution(false), {{{"x", {1, 3, 6, 5}}}, ""});
  EXPECT_EQ(wrong.status().code(), StatusCode::kUsage);
  const Result<Graph> unknown = import(tflite_convolution(false), {{{"z", {1}}}, ""});
  EXPECT_EQ(unknown.status().message(), "test.tflite: --input z: the model has no such input; it has x:1x6x5x3");
}

TEST(TfliteImporter, DamagedFilesAreErrors) {
  const SharedBytes good = tflite_convolution(true);
  for (size_t size = 8; size < good.size(); size += 3) {
    const Result<Graph> graph = import(good.slice(0, size));
    EXPECT_EQ(graph.status().code(), StatusCode::kInvalidData) << size;
  }
  TfliteBuilder model;
  const int x = model.tensor("x", wire::TensorType::FLOAT32, {1, 4});
  model.op(wire::Operation::RELU, {x}, {7});
  EXPECT_EQ(import(model.bytes({x}, {x})).status().message(),
            "test.tflite: an operator's outputs name tensor 7, the model has 1");
}

}  // namespace
}  // namespace sixtops::importer::tflite
