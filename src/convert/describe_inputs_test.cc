#include "convert/describe_inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sixtops::convert {
namespace {

using ::testing::HasSubstr;

// A YOLOX head of `classes` classes on 64x64 pictures; what the node computes does not matter here.
Graph yolox_graph(int64_t classes) {
  Graph graph;
  const ValueId x = graph.add_value("images", DType::kF32, Shape{1, 3, 64, 64});
  const ValueId y = graph.add_value("output", DType::kF32, Shape{1, 84, 5 + classes});
  graph.nodes = {{.op = Op::kCustom, .name = "net", .inputs = {x}, .outputs = {y}, .attributes = {}}};
  graph.inputs = {x};
  graph.outputs = {y};
  return graph;
}

TEST(DescribeInputs, TakesTheConventionOfTheHead) {
  Graph graph = yolox_graph(2);
  std::vector<std::string> notes;
  ASSERT_TRUE(describe_inputs(graph, {}, notes).ok());
  EXPECT_EQ(graph.hints.head, HeadKind::kYolox);
  ASSERT_EQ(graph.input_descriptions.size(), 1U);
  EXPECT_EQ(graph.input_descriptions[0].color, ColorOrder::kBgr);
  EXPECT_EQ(graph.input_descriptions[0].resize, ResizeMode::kLetterboxTopLeft);
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_THAT(notes[0], HasSubstr("--color bgr"));
}

TEST(DescribeInputs, WhatTheUserStatesWins) {
  Graph graph = yolox_graph(2);
  ConvertOptions options;
  options.mean = std::vector<float>{10};
  options.resize = ResizeMode::kStretch;
  std::vector<std::string> notes;
  ASSERT_TRUE(describe_inputs(graph, options, notes).ok());
  EXPECT_EQ(graph.input_descriptions[0].mean, (std::vector<float>{10, 10, 10}));
  EXPECT_EQ(graph.input_descriptions[0].resize, ResizeMode::kStretch);
  EXPECT_EQ(graph.input_descriptions[0].color, ColorOrder::kBgr);
  EXPECT_TRUE(notes.empty());
}

TEST(DescribeInputs, SingleInputsHaveNumbersOfTheirOwn) {
  Graph graph = yolox_graph(2);
  const ValueId second = graph.add_value("depth", DType::kF32, Shape{1, 1, 64, 64});
  const ValueId tokens = graph.add_value("tokens", DType::kI64, Shape{1, 7});
  graph.inputs = {graph.inputs[0], second, tokens};
  ConvertOptions options;
  options.mean = std::vector<float>{10};
  options.input_mean["depth"] = {7};
  options.input_std["depth"] = {3};
  std::vector<std::string> notes;
  ASSERT_TRUE(describe_inputs(graph, options, notes).ok());
  EXPECT_EQ(graph.input_descriptions[0].mean, (std::vector<float>{10, 10, 10}));
  EXPECT_EQ(graph.input_descriptions[1].mean, (std::vector<float>{7}));
  EXPECT_EQ(graph.input_descriptions[1].std, (std::vector<float>{3}));
  options.input_mean = {{"tokens", {1}}};
  EXPECT_EQ(describe_inputs(graph, options, notes).code(), StatusCode::kUsage);
  options.input_mean = {{"nothing", {1}}};
  EXPECT_THAT(describe_inputs(graph, options, notes).message(), HasSubstr("images, depth, tokens"));
}

TEST(DescribeInputs, NumbersHaveToFitTheChannels) {
  std::vector<std::string> notes;
  ConvertOptions options;
  options.mean = std::vector<float>{1, 2};
  Graph graph = yolox_graph(2);
  EXPECT_EQ(describe_inputs(graph, options, notes).code(), StatusCode::kUsage);
  options.mean.reset();
  options.std = std::vector<float>{1, 0, 1};
  EXPECT_EQ(describe_inputs(graph, options, notes).code(), StatusCode::kUsage);
  options.std.reset();
  options.color = ColorOrder::kGray;
  EXPECT_EQ(describe_inputs(graph, options, notes).code(), StatusCode::kUsage);
}

// Two outputs of 3 anchors and one class, strides 8 and 16.
TEST(DescribeInputs, AnchorsBelongToTheStridesOfTheOutputs) {
  Graph graph;
  const ValueId x = graph.add_value("x", DType::kF32, Shape{1, 3, 64, 64});
  const ValueId coarse = graph.add_value("coarse", DType::kF32, Shape{1, 18, 4, 4});
  const ValueId fine = graph.add_value("fine", DType::kF32, Shape{1, 18, 8, 8});
  graph.nodes = {{.op = Op::kCustom, .name = "net", .inputs = {x}, .outputs = {coarse, fine}, .attributes = {}}};
  graph.inputs = {x};
  graph.outputs = {coarse, fine};
  ConvertOptions options;
  options.head = HeadKind::kYolov3Raw;
  options.anchors = {1, 2};
  std::vector<std::string> notes;
  EXPECT_EQ(describe_inputs(graph, options, notes).code(), StatusCode::kUsage);
  options.anchors = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  ASSERT_TRUE(describe_inputs(graph, options, notes).ok());
  EXPECT_EQ(graph.hints.head, HeadKind::kYolov3Raw);
  EXPECT_EQ(graph.hints.strides, (std::vector<int32_t>{8, 16}));
  EXPECT_EQ(graph.hints.anchors, options.anchors);
}

TEST(DescribeInputs, LabelsHaveToFitTheClasses) {
  std::vector<std::string> notes;
  ConvertOptions options;
  Graph graph = yolox_graph(2);
  options.labels = {"a", "b", "c"};
  EXPECT_EQ(describe_inputs(graph, options, notes).code(), StatusCode::kInvalidData);
  options.labels = {"a", "b"};
  ASSERT_TRUE(describe_inputs(graph, options, notes).ok());
  EXPECT_EQ(graph.hints.labels, options.labels);
  // An exporter's list that belongs to other outputs is dropped.
  Graph other = yolox_graph(2);
  other.hints.labels = {"a", "b", "c"};
  ASSERT_TRUE(describe_inputs(other, {}, notes).ok());
  EXPECT_TRUE(other.hints.labels.empty());
}

TEST(DescribeInputs, WhatTheFileSaysOfItsInputGoesBeforeTheConvention) {
  Graph graph = yolox_graph(2);
  graph.input_descriptions.resize(1);
  graph.input_descriptions[0].mean = {128, 128, 128};
  graph.input_descriptions[0].std = {127, 127, 127};
  std::vector<std::string> notes;
  ASSERT_TRUE(describe_inputs(graph, {}, notes).ok());
  EXPECT_EQ(graph.input_descriptions[0].mean, (std::vector<float>{128, 128, 128}));
  EXPECT_EQ(graph.input_descriptions[0].std, (std::vector<float>{127, 127, 127}));
  EXPECT_EQ(graph.input_descriptions[0].color, ColorOrder::kBgr);
}

TEST(DescribeInputs, NetworksWithoutPicturesAreLeftAlone) {
  Graph graph;
  graph.inputs = {graph.add_value("tokens", DType::kI64, Shape{1, 7})};
  graph.outputs = graph.inputs;
  std::vector<std::string> notes;
  ASSERT_TRUE(describe_inputs(graph, {}, notes).ok());
  EXPECT_FALSE(graph.input_descriptions[0].is_picture);
  EXPECT_TRUE(notes.empty());
}

}  // namespace
}  // namespace sixtops::convert
