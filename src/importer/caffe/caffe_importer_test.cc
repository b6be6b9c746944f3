#include "importer/caffe/caffe_importer.h"

#include <gtest/gtest.h>

#include "testing/caffe_weights.h"
#include "testing/zip_file.h"

namespace sixtops::importer::caffe {
namespace {

using ::sixtops::testing::caffe_weights;
using ::sixtops::testing::CaffeBlobs;
using ::sixtops::testing::shared_bytes;

constexpr const char* kInput = "input: \"data\" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8\n";

Result<Graph> import(const std::string& layers, const std::vector<CaffeBlobs>& weights = {},
                     const ImportOptions& options = {}) {
  return import_pair(kInput + layers, shared_bytes(caffe_weights(weights)), options);
}

std::vector<std::string> ops_of(const Graph& graph) {
  std::vector<std::string> ops;
  for (const Node& node : graph.nodes) ops.emplace_back(op_info(node.op).name);
  return ops;
}

using Names = std::vector<std::string>;

const std::string kConvolution =
    "layer { name: 'c' type: 'Convolution' bottom: 'data' top: 'c' "
    "convolution_param { num_output: 4 kernel_size: 3 pad: 1 stride: 2 bias_term: false } }\n";

TEST(CaffeImporter, InPlaceTopsBecomeValuesOfTheirOwn) {
  const Result<Graph> graph =
      import(kConvolution +
                 "layer { name: 'n' type: 'BatchNorm' bottom: 'c' top: 'c' batch_norm_param { eps: 0.001 } }\n"
                 "layer { name: 's' type: 'Scale' bottom: 'c' top: 'c' scale_param { bias_term: true } }\n"
                 "layer { name: 'r' type: 'ReLU' bottom: 'c' top: 'c' }\n",
             {{"c", {{4, 3, 3, 3}}}, {"n", {{4}, {4}, {1}}}, {"s", {{4}, {4}}}});
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(ops_of(*graph), (Names{"Conv", "BatchNormalization", "Mul", "Add", "Relu"}));
  ASSERT_EQ(graph->outputs.size(), 1U);
  EXPECT_EQ(graph->value(graph->outputs[0]).name, "c");
  EXPECT_EQ(*graph->value(graph->outputs[0]).shape, (Shape{1, 4, 4, 4}));
}

TEST(CaffeImporter, PoolingRoundsUp) {
  const std::string pool =
      "layer { name: 'p' type: 'Pooling' bottom: 'data' top: 'p' pooling_param { kernel_size: 3 stride: 2";
  EXPECT_EQ(*import(pool + " } }")->value(1).shape, (Shape{1, 3, 4, 4}));
  EXPECT_EQ(*import(pool + " round_mode: FLOOR } }")->value(1).shape, (Shape{1, 3, 3, 3}));
}

TEST(CaffeImporter, OldLayersAndForks) {
  const Result<Graph> graph = import(
      "layers { name: 'a' type: RELU bottom: 'data' top: 'a' }\n"
      "layers { name: 'train' type: SOFTMAX_LOSS bottom: 'a' bottom: 'label' top: 'loss' }\n"
      "layers { name: 'u' type: 'Upsample' bottom: 'a' top: 'u' upsample_param { scale: 2 } }\n"
      "layers { name: 'q' type: 'Permute' bottom: 'u' top: 'q' permute_param { order: 0 order: 2 order: 3 order: 1 } "
      "}\n"
      "layers { name: 'f' type: FLATTEN bottom: 'q' top: 'f' include { phase: TEST } }\n");
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(ops_of(*graph), (Names{"Relu", "Resize", "Transpose", "Reshape"}));
  EXPECT_EQ(*graph->value(graph->outputs[0]).shape, (Shape{1, 768}));
}

TEST(CaffeImporter, AllUnknownLayersAreNamed) {
  const Result<Graph> graph = import(
      "layer { name: 'a' type: 'Python' bottom: 'data' top: 'a' }\n"
      "layer { name: 'b' type: 'LSTM' bottom: 'a' top: 'b' }\n");
  EXPECT_EQ(graph.status().message(), "2 layer(s) are not supported: LSTM: 'b'; Python: 'a'");
}

TEST(CaffeImporter, WrongWeightsAreErrors) {
  EXPECT_EQ(
      import(kConvolution).status().message(),
      "layer 'c' (Convolution): the weights file has 0 blobs for it, expected 1; do the two files belong together?");
  EXPECT_EQ(import(kConvolution, {{"c", {{4, 3, 3}}}}).status().message(),
            "layer 'c' (Convolution): its weights have 36 elements in the weights file, expected 4x3x3x3; do the two "
            "files belong together?");
  EXPECT_FALSE(import_pair(kInput + kConvolution, shared_bytes("\x0a\x03"), {}).ok());
  EXPECT_EQ(import("layer { name: 'r' type: 'ReLU' bottom: 'x' top: 'y' }").status().message(),
            "layer 'r' (ReLU): it reads 'x', which nothing writes before");
}

TEST(CaffeImporter, InputSizeIsTheUsers) {
  const Result<Graph> graph =
      import("layer { name: 'r' type: 'ReLU' bottom: 'data' top: 'r' }", {}, {{{"data", {1, 3, 16, 24}}}, ""});
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(*graph->value(graph->outputs[0]).shape, (Shape{1, 3, 16, 24}));
}

}  // namespace
}  // namespace sixtops::importer::caffe
