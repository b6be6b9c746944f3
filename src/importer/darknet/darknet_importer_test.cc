#include "importer/darknet/darknet_importer.h"

#include <gtest/gtest.h>

#include <cstring>

#include "graph/text.h"

namespace sixtops::importer::darknet {
namespace {

// A header of version 0.2 and that many floats: 0, 1, 2, ...
SharedBytes weights_of(int floats) {
  std::vector<std::byte> bytes(20 + static_cast<size_t>(floats) * 4);
  const int32_t header[5] = {0, 2, 5, 0, 0};
  std::memcpy(bytes.data(), header, sizeof(header));
  for (int i = 0; i < floats; ++i) {
    const auto value = static_cast<float>(i);
    std::memcpy(bytes.data() + 20 + static_cast<size_t>(i) * 4, &value, 4);
  }
  return SharedBytes::own(std::move(bytes));
}

constexpr const char* kNet = "[net]\nwidth=8\nheight = 8\nchannels=3 # RGB\n";

Result<Graph> import(const std::string& sections, int floats, const ImportOptions& options = {}) {
  return import_pair(kNet + sections, weights_of(floats), options);
}

std::vector<std::string> ops_of(const Graph& graph) {
  std::vector<std::string> ops;
  for (const Node& node : graph.nodes) ops.emplace_back(op_info(node.op).name);
  return ops;
}

using Names = std::vector<std::string>;

constexpr const char* kConvolution =
    "[convolutional]\nbatch_normalize=1\nfilters=2\nsize=3\nstride=2\npad=1\nactivation=leaky\n";
constexpr int kConvolutionFloats = 4 * 2 + 2 * 3 * 9;

TEST(DarknetImporter, ConvolutionTakesItsWeightsInOrder) {
  const Result<Graph> graph = import(kConvolution, kConvolutionFloats);
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(ops_of(*graph), (Names{"Conv", "BatchNormalization", "LeakyRelu"}));
  EXPECT_EQ(*graph->value(graph->outputs[0]).shape, (Shape{1, 2, 4, 4}));
  const Node& norm = graph->nodes[1];
  EXPECT_EQ(graph->constant(norm.inputs[2])->values<float>()[0], 0);  // bias first
  EXPECT_EQ(graph->constant(norm.inputs[1])->values<float>()[0], 2);
  EXPECT_EQ(graph->constant(norm.inputs[3])->values<float>()[0], 4);
  EXPECT_EQ(graph->constant(norm.inputs[4])->values<float>()[0], 6);
  EXPECT_EQ(graph->constant(graph->nodes[0].inputs[1])->values<float>()[0], 8);
}

TEST(DarknetImporter, MissingAndLeftoverWeightsAreErrors) {
  EXPECT_EQ(import(kConvolution, kConvolutionFloats - 1).status().message(),
            "layer 0 [convolutional] at line 5: the weights file ends 4 bytes too early; cfg and weights belong to "
            "different networks");
  EXPECT_EQ(import(kConvolution, kConvolutionFloats + 2).status().message(),
            "the weights file has 8 bytes more than the layers take; cfg and weights belong to different networks");
}

TEST(DarknetImporter, YoloSectionsBecomeHints) {
  const std::string head = "[convolutional]\nfilters=14\nactivation=linear\n";
  const std::string yolo = "[yolo]\nanchors=1,2, 3,4, 5,6, 7,8\nnum=4\nclasses=2\njitter=.3\nrandom=1\n";
  const std::string cfg = kConvolution + head + yolo + "mask=2,3\nscale_x_y=1.1\n" + "[route]\nlayers=0\n" +
                          "[upsample]\nstride=2\n" + head + yolo + "mask=0,1\n";
  const Result<Graph> graph = import(cfg, kConvolutionFloats + 2 * (14 + 14 * 2));
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(graph->hints.head, HeadKind::kYolov3Raw);
  EXPECT_EQ(graph->hints.strides, (std::vector<int32_t>{1, 2}));
  EXPECT_EQ(graph->hints.anchors, (std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(graph->hints.grid_scales, (std::vector<float>{1, 1.1F}));
  ASSERT_EQ(graph->outputs.size(), 2U);
  EXPECT_EQ(*graph->value(graph->outputs[0]).shape, (Shape{1, 14, 8, 8}));
}

TEST(DarknetImporter, PlainSections) {
  const Result<Graph> graph = import(
      "[maxpool]\nsize=2\nstride=2\n[route]\nlayers=-1\ngroups=3\ngroup_id=1\n[reorg]\nstride=1\n"
      "[shortcut]\nfrom=0\nactivation=relu\n[avgpool]\n[connected]\noutput=4\nactivation=linear\n[softmax]\n",
      4 + 4);
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  // The shortcut adds the first of three channels.
  EXPECT_EQ(*graph->value(graph->find_value("shortcut_3/Add")).shape, (Shape{1, 1, 4, 4}));
  EXPECT_EQ(*graph->value(graph->outputs[0]).shape, (Shape{1, 4}));
}

TEST(DarknetImporter, BatchnormLayoutsOfBothForksAreRead) {
  const std::string cfg = "[batchnorm]\n";
  EXPECT_TRUE(import(cfg, 9).ok());
  EXPECT_TRUE(import(cfg, 12).ok());
  EXPECT_FALSE(import(cfg, 10).ok());
}

TEST(DarknetImporter, UnknownSectionsAndOptionsAreNamed) {
  EXPECT_EQ(import("[lstm]\n[maxpool]\n[crnn]\n", 0).status().message(),
            "2 layer(s) are not supported: [crnn]: line 7; [lstm]: line 5");
  EXPECT_EQ(import("[maxpool]\nshape=round\n", 0).status().message(),
            "layer 0 [maxpool] at line 5: option shape=round");
  EXPECT_EQ(import("[route]\nlayers=-2\n", 0).status().code(), StatusCode::kInvalidData);
  EXPECT_EQ(import("[upsample]\nstride=x\n", 0).status().message(),
            "layer 0 [upsample] at line 5: option stride=x is no whole number");
}

TEST(DarknetImporter, InputSizeIsTheUsers) {
  const Result<Graph> graph = import("[maxpool]\n", 0, {{{"data", {1, 3, 16, 24}}}, ""});
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(*graph->value(graph->outputs[0]).shape, (Shape{1, 3, 16, 24}));
}

TEST(DarknetImporter, MissingCompanionSaysWhere) {
  const std::string text = std::string(kNet) + "[maxpool]\n";
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  const Result<Graph> graph =
      darknet::import_model({"/nowhere/net.cfg", SharedBytes::own({data, data + text.size()})}, {});
  EXPECT_EQ(graph.status().message(),
            "/nowhere/net.cfg: the other half of the network, /nowhere/net.weights, is missing; give it with "
            "--companion FILE");
}

}  // namespace
}  // namespace sixtops::importer::darknet
