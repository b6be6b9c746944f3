#include "importer/onnx/onnx_importer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "graph/text.h"
#include "testing/onnx_builder.h"
#include "testing/test_data.h"

namespace sixtops::importer {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using namespace sixtops::testing;

Result<Graph> import(const OnnxBuilder& model, const ImportOptions& options = {}) {
  return import_model({"test.onnx", model.bytes()}, options);
}

// A model of one Relu that the tests below damage.
OnnxBuilder relu_model(const Shape& shape = {1, 3}) {
  OnnxBuilder model(13);
  model.input("x", DType::kF32, shape);
  model.node("Relu", {"x"}, {"y"});
  model.output("y", DType::kF32, shape);
  return model;
}

void expect_error(const Result<Graph>& graph, StatusCode code, const std::vector<std::string>& words) {
  ASSERT_FALSE(graph.ok());
  EXPECT_EQ(graph.status().code(), code) << graph.status().message();
  EXPECT_THAT(graph.status().message(), ::testing::StartsWith("test.onnx: "));
  for (const std::string& word : words) EXPECT_THAT(graph.status().message(), HasSubstr(word));
}

std::vector<Op> ops_of(const Graph& graph) {
  std::vector<Op> ops;
  for (const Node& node : graph.nodes) ops.push_back(node.op);
  return ops;
}

// What a cut leaves out need not be supported, nor have a shape.
TEST(OnnxImporter, LeavesOutWhatACutDoesNotNeed) {
  OnnxBuilder model(13);
  model.input("raw", DType::kF32, {kUnknownExtent, kUnknownExtent});
  model.node("Fancy", {"raw"}, {"ready"});
  model.node("Relu", {"ready"}, {"features"});
  model.node("Fancier", {"features"}, {"boxes"});
  model.output("boxes");
  auto& info = *model.graph().add_value_info();
  info.set_name("ready");
  info.mutable_type()->mutable_tensor_type()->set_elem_type(1);
  info.mutable_type()->mutable_tensor_type()->mutable_shape()->add_dim()->set_dim_value(4);
  const Result<Graph> cut = import(model, {{}, "", {"ready"}, {"features"}});
  ASSERT_TRUE(cut.ok()) << cut.status().message();
  ASSERT_EQ(cut->inputs.size(), 1U);
  EXPECT_EQ(cut->value(cut->inputs[0]).name, "ready");
  EXPECT_EQ(cut->value(cut->inputs[0]).shape, (Shape{4}));
  EXPECT_EQ(ops_of(*cut), std::vector<Op>{Op::kRelu});
  expect_error(import(model, {{{"raw", {1, 1}}}, "", {}, {"features"}}), StatusCode::kUnsupported, {"Fancy"});
  expect_error(import(model, {{{"raw", {1, 1}}}, "", {}, {"feature"}}), StatusCode::kUnsupported, {"Fancier"});
}

TEST(OnnxImporter, CopiesNamesAttributesAndTypes) {
  OnnxBuilder model(13);
  model.input("images", DType::kF32, {1, 2, 5, 5});
  model.constant("w", *Tensor::allocate(DType::kF32, {4, 1, 3, 3}));
  model.node("Conv", {"images", "w", ""}, {"features"},
             {int_attribute("group", 2), ints_attribute("pads", {1, 1, 1, 1})});
  model.output("features");
  const Result<Graph> graph = import(model);
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  ASSERT_EQ(graph->nodes.size(), 1U);
  const Node& conv = graph->nodes[0];
  EXPECT_EQ(conv.name, "the_Conv");
  EXPECT_EQ(conv.inputs.size(), 2U);
  EXPECT_EQ(conv.get_int("group"), 2);
  EXPECT_EQ(conv.get_ints("pads"), (Ints{1, 1, 1, 1}));
  EXPECT_EQ(graph->value(graph->outputs[0]).name, "features");
  EXPECT_EQ(graph->value(graph->outputs[0]).shape, (Shape{1, 4, 5, 5}));
}

TEST(OnnxImporter, ListsAllUnsupportedOperatorsAtOnce) {
  OnnxBuilder model(13);
  model.input("x", DType::kF32, {3});
  model.node("Loop", {"x"}, {"a"});
  model.node("StringNormalizer", {"a"}, {"b"});
  model.node("Relu", {"b"}, {"c"});
  model.node("Mish", {"c"}, {"d"});  // since opset 18
  model.output("d");
  expect_error(import(model), StatusCode::kUnsupported,
               {"3 operator(s)", "Loop: node 'the_Loop'", "StringNormalizer: node", "Mish of opset 13"});
}

TEST(OnnxImporter, UnknownAttributeNamesNodeAndAttribute) {
  OnnxBuilder model(13);
  model.input("x", DType::kF32, {3});
  model.node("Relu", {"x"}, {"y"}, {int_attribute("leak", 1)});
  model.output("y");
  expect_error(import(model), StatusCode::kUnsupported, {"the_Relu", "'leak'"});
}

TEST(OnnxImporter, IntegerFormOfAnOpCannotBeForged) {
  OnnxBuilder model(13);
  model.input("x", DType::kF32, {3});
  model.node("Add", {"x", "x"}, {"y"}, {ints_attribute("multiplier", {1})});
  model.output("y");
  expect_error(import(model), StatusCode::kUnsupported, {"the_Add", "'multiplier'"});
}

TEST(OnnxImporter, AttributeOfAnotherTypeIsAnError) {
  OnnxBuilder model(13);
  model.input("x", DType::kF32, {3});
  model.node("LeakyRelu", {"x"}, {"y"}, {int_attribute("alpha", 1)});
  model.output("y");
  expect_error(import(model), StatusCode::kInvalidData, {"the_LeakyRelu", "'alpha'"});
}

TEST(OnnxImporter, UndefinedTensorIsNamed) {
  OnnxBuilder model(13);
  model.node("Relu", {"nowhere"}, {"y"});
  model.output("y");
  expect_error(import(model), StatusCode::kInvalidData, {"'nowhere'", "the_Relu"});
}

TEST(OnnxImporter, OperandLeftOutInTheMiddleIsNamed) {
  OnnxBuilder model(13);
  model.input("x", DType::kF32, {1, 1, 3, 3});
  model.constant("bias", Tensor::from_values<float>({1}, {0}));
  model.node("Conv", {"x", "", "bias"}, {"y"});
  model.output("y");
  expect_error(import(model), StatusCode::kInvalidData, {"the_Conv", "input 1 is missing"});
}

TEST(OnnxImporter, TensorWrittenTwiceIsNamed) {
  OnnxBuilder model = relu_model();
  model.node("Abs", {"x"}, {"y"});
  expect_error(import(model), StatusCode::kInvalidData, {"'y'", "twice"});
}

TEST(OnnxImporter, CycleIsAnError) {
  OnnxBuilder model(13);
  model.node("Relu", {"b"}, {"a"});
  model.node("Abs", {"a"}, {"b"});
  model.output("b");
  expect_error(import(model), StatusCode::kInvalidData, {"depends on its own output"});
}

TEST(OnnxImporter, NodesAreOrdered) {
  OnnxBuilder model(13);
  model.input("x", DType::kF32, {3});
  model.node("Abs", {"a"}, {"b"});
  model.node("Relu", {"x"}, {"a"});
  model.output("b");
  const Result<Graph> graph = import(model);
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(ops_of(*graph), (std::vector{Op::kRelu, Op::kAbs}));
}

TEST(OnnxImporter, MissingOutputIsNamed) {
  OnnxBuilder model = relu_model();
  model.output("z");
  expect_error(import(model), StatusCode::kInvalidData, {"'z'"});
}

TEST(OnnxImporter, EndlessNamesAreRefused) {
  OnnxBuilder model(13);
  model.input("x", DType::kF32, {3});
  model.node("Relu", {"x"}, {std::string(5000, 'y')});
  expect_error(import(model), StatusCode::kResource, {"5000 bytes", "'yyyy"});
}

TEST(OnnxImporter, ContradictingShapesNameTheNode) {
  OnnxBuilder model(13);
  model.input("x", DType::kF32, {2, 3});
  model.input("y", DType::kF32, {2, 4});
  model.node("Add", {"x", "y"}, {"z"});
  model.output("z");
  expect_error(import(model), StatusCode::kInvalidData, {"the_Add"});
}

TEST(OnnxInputs, BatchDefaultsToOne) {
  const Result<Graph> graph = import(relu_model({kUnknownExtent, 3}));
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(graph->value(graph->inputs[0]).shape, (Shape{1, 3}));
}

TEST(OnnxInputs, OpenExtentNamesInputAxisAndOption) {
  expect_error(import(relu_model({1, 3, kUnknownExtent, 5})), StatusCode::kUsage,
               {"'x'", "axis 2", "x:1x3x?x5", "--input x:1x3x640x640"});
}

TEST(OnnxInputs, OptionBindsExtents) {
  ImportOptions options;
  options.input_shapes["x"] = {2, 3, 7, 5};
  const Result<Graph> graph = import(relu_model({kUnknownExtent, 3, kUnknownExtent, 5}), options);
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(graph->value(graph->outputs[0]).shape, (Shape{2, 3, 7, 5}));
}

TEST(OnnxInputs, InputWithoutShapeTakesTheOption) {
  OnnxBuilder model = relu_model();
  model.graph().mutable_input(0)->mutable_type()->mutable_tensor_type()->clear_shape();
  expect_error(import(model), StatusCode::kUsage, {"'x' has no shape", "--input x:"});
  ImportOptions options;
  options.input_shapes["x"] = {4, 5};
  const Result<Graph> graph = import(model, options);
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(graph->value(graph->outputs[0]).shape, (Shape{4, 5}));
}

TEST(OnnxInputs, NamedExtentIsSharedBetweenInputs) {
  OnnxBuilder model(13);
  for (const char* name : {"x", "y"}) {
    model.input(name, DType::kF32, {1, kUnknownExtent});
    model.graph()
        .mutable_input()
        ->rbegin()
        ->mutable_type()
        ->mutable_tensor_type()
        ->mutable_shape()
        ->mutable_dim(1)
        ->set_dim_param("width");
  }
  model.node("Add", {"x", "y"}, {"z"});
  model.output("z");
  expect_error(import(model), StatusCode::kUsage, {"x:1xwidth"});
  ImportOptions options;
  options.input_shapes["y"] = {1, 9};
  const Result<Graph> graph = import(model, options);
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(graph->value(graph->inputs[0]).shape, (Shape{1, 9}));
}

TEST(OnnxInputs, WrongNameRankAndFixedExtentAreUsageErrors) {
  ImportOptions options;
  options.input_shapes["image"] = {1, 3};
  expect_error(import(relu_model(), options), StatusCode::kUsage, {"--input image", "x:1x3"});
  options.input_shapes = {{"x", {1, 3, 5}}};
  expect_error(import(relu_model(), options), StatusCode::kUsage, {"--input x:1x3x5", "3 axes", "has 2"});
  options.input_shapes = {{"x", {1, 4}}};
  expect_error(import(relu_model(), options), StatusCode::kUsage, {"axis 1 to 3"});
}

TEST(OnnxInputs, HugeExtentsAreRefused) {
  const int64_t huge = int64_t{1} << 40;
  expect_error(import(relu_model({huge, huge})), StatusCode::kResource, {"input 'x'"});
}

TEST(OnnxInputs, SequenceInputIsUnsupported) {
  OnnxBuilder model = relu_model();
  model.graph().mutable_input(0)->mutable_type()->clear_tensor_type();
  expect_error(import(model), StatusCode::kUnsupported, {"'x'", "sequences"});
}

TEST(OnnxInputs, InitializersOfOldFilesAreNoInputs) {
  OnnxBuilder model(7);
  model.input("x", DType::kF32, {3});
  model.input("w", DType::kF32, {3});
  model.constant("w", Tensor::from_values<float>({3}, {1, 2, 3}));
  model.node("Add", {"x", "w"}, {"y"});
  model.output("y");
  const Result<Graph> graph = import(model);
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(graph->inputs.size(), 1U);
}

TEST(OnnxCustom, KeepsAttributesAndStatedType) {
  OnnxBuilder model(13);
  model.input("x", DType::kF32, {1, 4});
  model.node("cstSoftmax", {"x"}, {"y"},
             {int_attribute("axis", 1), tensor_attribute("table", Tensor::from_values<float>({2}, {1, 2}))});
  wire::onnx::NodeProto& foreign = model.node("Magic", {"y"}, {"z"});
  foreign.set_domain("com.example");
  model.value("y", DType::kF16, {1, 4});
  model.output("z", DType::kI64, {2});
  const Result<Graph> graph = import(model);
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  ASSERT_EQ(ops_of(*graph), (std::vector{Op::kCustom, Op::kCustom}));
  const Node& custom = graph->nodes[0];
  EXPECT_EQ(custom.get_text("type"), "cstSoftmax");
  EXPECT_EQ(std::get<int64_t>(*custom.attributes.find("axis")), 1);
  EXPECT_EQ(std::get<Tensor>(*custom.attributes.find("table")).element_count(), 2);
  EXPECT_EQ(graph->value(custom.outputs[0]).dtype, DType::kF16);
  EXPECT_EQ(graph->nodes[1].get_text("domain"), "com.example");
  EXPECT_EQ(graph->value(graph->outputs[0]).shape, Shape{2});
}

TEST(OnnxCustom, OutputWithoutTypeIsNamed) {
  OnnxBuilder model(13);
  model.input("x", DType::kF32, {1, 4});
  model.node("cstSoftmax", {"x"}, {"y"});
  model.node("Relu", {"y"}, {"z"});
  model.output("z");
  expect_error(import(model), StatusCode::kInvalidData, {"the_cstSoftmax", "'y'"});
}

TEST(OnnxModel, DamageAndForeignFilesAreErrors) {
  const SharedBytes whole = relu_model().bytes();
  EXPECT_EQ(recognize(whole.span()), Format::kOnnx);
  expect_error(import_model({"test.onnx", whole.slice(0, whole.size() - 3)}, {}), StatusCode::kInvalidData,
               {"truncated"});
  for (const std::string& text : {std::string("\xFF\xD8\xFF\xE0 a picture"), std::string("hello"), std::string()}) {
    const auto* data = reinterpret_cast<const std::byte*>(text.data());
    const SharedBytes bytes = SharedBytes::own({data, data + text.size()});
    EXPECT_EQ(recognize(bytes.span()), Format::kUnknown);
    expect_error(import_model({"test.onnx", bytes}, {}), StatusCode::kInvalidData, {});
  }
}

TEST(OnnxModel, DeepNestingIsAnError) {
  wire::onnx::GraphProto graph;
  for (int depth = 0; depth < 200; ++depth) {
    wire::onnx::GraphProto outer;
    *outer.add_node() = onnx_node("If", {"c"}, {"y"}, {graph_attribute("then_branch", graph)});
    graph = outer;
  }
  OnnxBuilder model(13);
  model.graph() = graph;
  expect_error(import(model), StatusCode::kInvalidData, {"damaged"});
}

TEST(OnnxModel, LabelsComeFromMetadata) {
  OnnxBuilder model = relu_model();
  auto& entry = *model.proto.add_metadata_props();
  entry.set_key("names");
  entry.set_value("{0: 'person', 1: \"traffic light\"}");
  const Result<Graph> graph = import(model);
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(graph->hints.labels, (std::vector<std::string>{"person", "traffic light"}));
}

struct RealModel {
  const char* path;
  std::vector<std::string> outputs;
};

class RealModels : public ::testing::TestWithParam<RealModel> {};

TEST_P(RealModels, ImportWithAllShapesOfTheirOutputs) {
  SIXTOPS_NEED_DATA(GetParam().path);
  const std::string path = test_data_path(GetParam().path);
  const Result<SharedBytes> bytes = read_file(path);
  ASSERT_TRUE(bytes.ok());
  const Result<Graph> graph = import_model({path, *bytes}, {});
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  std::vector<std::string> outputs;
  for (const ValueId id : graph->outputs) outputs.push_back(graph->value(id).name);
  EXPECT_THAT(outputs, ::testing::UnorderedElementsAreArray(GetParam().outputs));
}

INSTANTIATE_TEST_SUITE_P(Files, RealModels,
                         ::testing::Values(RealModel{"models/yolov5n/yolov5n.onnx", {"output0"}},
                                           RealModel{"models/yolov5n/yolov5n_heads_raw.onnx", {"p8", "p16", "p32"}},
                                           RealModel{"models/yolov5n/yolov5n_heads_sigmoid.onnx", {"p8", "p16", "p32"}},
                                           RealModel{"models/yolox/yolox_nano.onnx", {"output"}},
                                           RealModel{"models/fastestdet/FastestDet.onnx", {"758"}},
                                           RealModel{"models/st/mobilenet_v1_0.5_128_quant.onnx",
                                                     {"MobilenetV1/Predictions/Reshape_1"}}));

}  // namespace
}  // namespace sixtops::importer
