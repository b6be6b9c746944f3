#include "importer/tensorflow/tensorflow_importer.h"

#include <gtest/gtest.h>

#include "tensorflow.pb.h"
#include "testing/tensorflow_graph.h"
#include "testing/zip_file.h"

namespace sixtops::importer::tensorflow {
namespace {

using ::sixtops::testing::shared_bytes;
using ::sixtops::testing::tensorflow_network;
using ::sixtops::testing::TensorflowBuilder;

Result<Graph> import(const std::string& bytes, const ImportOptions& options = {}) {
  return tensorflow::import_model({"net.pb", shared_bytes(bytes)}, options);
}

std::vector<std::string> ops_of(const Graph& graph) {
  std::vector<std::string> ops;
  for (const Node& node : graph.nodes) ops.emplace_back(op_info(node.op).name);
  return ops;
}

using Names = std::vector<std::string>;

TEST(Tensorflow, ConvolutionsHaveTheirChannelsFirst) {
  const Result<Graph> graph = import(tensorflow_network());
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(ops_of(*graph), (Names{"Conv", "Add", "Clip", "GlobalAveragePool", "Reshape", "Softmax"}));
  EXPECT_EQ(*graph->value(graph->inputs[0]).shape, (Shape{1, 3, 6, 6}));
  EXPECT_EQ(*graph->value(graph->outputs[0]).shape, (Shape{1, 2}));
  EXPECT_EQ(graph->value(graph->outputs[0]).name, "softmax");
}

TEST(Tensorflow, OneValueFillsAConstant) {
  TensorflowBuilder model;
  model.placeholder("x", {1, 4});
  auto& value = *(*model.node("c", "Const", {}).mutable_attr())["value"].mutable_tensor();
  value.set_dtype(1);
  value.mutable_tensor_shape()->add_dim()->set_size(4);
  value.add_float_val(2.5F);
  model.node("y", "AddV2", {"x", "c:0"});
  const Result<Graph> graph = import(model.bytes());
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(graph->constant(graph->find_value("c"))->values<float>()[3], 2.5F);
}

TEST(Tensorflow, MistakesAreNamed) {
  TensorflowBuilder unknown;
  unknown.placeholder("x", {1, 4});
  unknown.node("a", "Bucketize", {"x"});
  unknown.node("b", "Unique", {"a"});
  EXPECT_EQ(import(unknown.bytes()).status().message(),
            "net.pb: 2 operator(s) are not supported: Bucketize: 'a'; Unique: 'b'");
  TensorflowBuilder cycle;
  cycle.node("a", "Relu", {"b"});
  cycle.node("b", "Relu", {"a"});
  cycle.node("c", "Relu", {"b"});
  EXPECT_EQ(import(cycle.bytes()).status().message(), "net.pb: node 'b' depends on itself");
  TensorflowBuilder variable;
  variable.node("v", "VarHandleOp", {});
  variable.node("r", "ReadVariableOp", {"v"});
  EXPECT_EQ(import(variable.bytes()).status().code(), StatusCode::kUnsupported);
  TensorflowBuilder open;
  open.placeholder("x", {-1, -1, -1, 3});
  open.node("y", "Relu", {"x"});
  EXPECT_EQ(import(open.bytes()).status().code(), StatusCode::kUsage);
  EXPECT_TRUE(import(open.bytes(), {{{"x", {1, 5, 5, 3}}}, ""}).ok());
  const std::string good = tensorflow_network();
  EXPECT_FALSE(import(good.substr(0, good.size() - 1)).ok());
  // Cut behind a node, a graph is a smaller graph.
  for (size_t size = 3; size < good.size(); size += 3) {
    EXPECT_NE(import(good.substr(0, size)).status().code(), StatusCode::kInternal) << size;
  }
}

// As Keras writes a Flatten: the batch from the shape, the rest by -1.
TEST(Tensorflow, ShapesAreComputedWhileReading) {
  TensorflowBuilder model;
  model.placeholder("x", {2, 3, 4});
  model.node("shape", "Shape", {"x"});
  model.constant<int32_t>("begin", 3, {1}, {0});
  model.constant<int32_t>("end", 3, {1}, {1});
  model.constant<int32_t>("step", 3, {1}, {1});
  (*model.node("batch", "StridedSlice", {"shape", "begin", "end", "step"}).mutable_attr())["shrink_axis_mask"].set_i(1);
  model.constant<int32_t>("three", 3, {}, {3});
  model.node("rows", "Mul", {"batch", "three"});
  model.constant<int32_t>("rest", 3, {}, {-1});
  model.node("to", "Pack", {"rows", "rest"});
  model.node("y", "Reshape", {"x", "to"});
  const Result<Graph> graph = import(model.bytes());
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(ops_of(*graph), Names{"Reshape"});
  EXPECT_EQ(*graph->value(graph->outputs[0]).shape, (Shape{6, 4}));
}

// Pre- and post-processors that nobody supports stand around a network.
TEST(Tensorflow, LeavesOutWhatACutDoesNotNeed) {
  TensorflowBuilder model;
  model.placeholder("image_bytes", {-1});
  model.node("decode", "DecodeJpeg", {"image_bytes"});
  model.node("features", "Relu", {"decode"});
  model.node("boxes", "NonMaxSuppressionV9", {"features"});
  const Result<Graph> graph = import(model.bytes(), {{{"decode", {1, 4, 6, 3}}}, "", {"decode"}, {"features:0"}});
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(ops_of(*graph), Names{"Relu"});
  EXPECT_EQ(*graph->value(graph->inputs[0]).shape, (Shape{1, 3, 4, 6}));
  EXPECT_EQ(import(model.bytes(), {{}, "", {"decode"}, {"features"}}).status().code(), StatusCode::kUnsupported);
}

TEST(Tensorflow, JsonIsChecked) {
  const auto json = [](const std::string& manifest) {
    return "{\"modelTopology\": {\"node\": [{\"name\": \"w\", \"op\": \"Const\"}, {\"name\": \"y\", \"op\": \"Relu\", "
           "\"input\": [\"w\"]}]}, "
           "\"weightsManifest\": " +
           manifest + "}";
  };
  for (const char* path : {"../secret", "/etc/passwd", "a/b", ""}) {
    const Result<Graph> graph = import(json("[{\"paths\": [\"" + std::string(path) + "\"], \"weights\": []}]"));
    EXPECT_EQ(graph.status().code(), StatusCode::kInvalidData) << path;
  }
  EXPECT_FALSE(import(json("[")).ok());
  EXPECT_FALSE(
      import(json("[{\"paths\": [], \"weights\": [{\"name\": \"w\", \"dtype\": \"float32\", \"shape\": [4]}]}]")).ok());
  EXPECT_EQ(import(json(std::string(100000, '['))).status().code(), StatusCode::kResource);
}

}  // namespace
}  // namespace sixtops::importer::tensorflow
