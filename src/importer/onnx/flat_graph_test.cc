#include "importer/onnx/flat_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/onnx_builder.h"

namespace sixtops::importer::onnx {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace sixtops::testing;
using wire::onnx::FunctionProto;
using wire::onnx::GraphProto;

Result<FlatGraph> flatten_model(const OnnxBuilder& model) {
  return flatten(std::make_shared<const wire::onnx::ModelProto>(model.proto));
}

// "Relu(a)->b", one a node.
std::vector<std::string> lines(const FlatGraph& flat) {
  std::vector<std::string> result;
  for (const FlatNode& node : flat.nodes) {
    std::string line = node.proto->op_type() + "(";
    for (const std::string& name : node.proto->input()) line += name + " ";
    if (node.proto->input_size() > 0) line.pop_back();
    result.push_back(line + ")->" + node.proto->output(0));
  }
  return result;
}

FunctionProto leaky_twice() {
  FunctionProto function;
  function.set_domain("local");
  function.set_name("LeakyTwice");
  function.add_input("x");
  function.add_output("y");
  *function.add_node() = onnx_node("LeakyRelu", {"x"}, {"t"}, {parameter_attribute("alpha", "slope", 1)});
  *function.add_node() = onnx_node("LeakyRelu", {"t"}, {"y"}, {parameter_attribute("alpha", "slope", 1)});
  function.add_opset_import()->set_version(16);
  return function;
}

TEST(Flatten, ReplacesCallsByTheirBodies) {
  OnnxBuilder model(18);
  *model.proto.add_functions() = leaky_twice();
  model.node("LeakyTwice", {"a"}, {"b"}, {float_attribute("slope", 0.5F)}).set_domain("local");
  model.node("LeakyTwice", {"b"}, {"c"}).set_domain("local");
  const Result<FlatGraph> flat = flatten_model(model);
  ASSERT_TRUE(flat.ok()) << flat.status().message();
  EXPECT_THAT(lines(*flat), ElementsAre("LeakyRelu(a)->b::t", "LeakyRelu(b::t)->b::y", "Identity(b::y)->b",
                                        "LeakyRelu(b)->c::t", "LeakyRelu(c::t)->c::y", "Identity(c::y)->c"));
  EXPECT_EQ(flat->nodes[0].opset, 16);
  EXPECT_EQ(flat->nodes[0].proto->attribute(0).f(), 0.5F);
  EXPECT_EQ(flat->nodes[3].proto->attribute_size(), 0);  // the caller left the slope out
}

TEST(Flatten, RecursionIsAnError) {
  OnnxBuilder model(18);
  FunctionProto function;
  function.set_domain("local");
  function.set_name("F");
  *function.add_node() = onnx_node("F", {}, {"y"});
  function.mutable_node(0)->set_domain("local");
  *model.proto.add_functions() = function;
  model.node("F", {}, {}).set_domain("local");
  const Result<FlatGraph> too_deep = flatten_model(model);
  // The inner call names an output that the function does not have.
  ASSERT_FALSE(too_deep.ok());
  function.add_output("y");
  *model.proto.mutable_functions(0) = function;
  const Result<FlatGraph> endless = flatten_model(model);
  ASSERT_FALSE(endless.ok());
  EXPECT_THAT(endless.status().message(), HasSubstr("nest deeper"));
}

TEST(Flatten, UnfoldingWithoutEndIsAnError) {
  OnnxBuilder model(18);
  for (int level = 0; level < 30; ++level) {  // 2^30 calls
    FunctionProto function;
    function.set_domain("local");
    function.set_name("F" + std::to_string(level));
    for (int call = 0; call < 2; ++call) {
      *function.add_node() = onnx_node("F" + std::to_string(level + 1), {}, {});
      function.mutable_node(call)->set_domain("local");
    }
    *model.proto.add_functions() = function;
  }
  model.node("F0", {}, {}).set_domain("local");
  const Result<FlatGraph> flat = flatten_model(model);
  ASSERT_FALSE(flat.ok());
  EXPECT_EQ(flat.status().code(), StatusCode::kResource);
}

TEST(Flatten, CopiesOfLargeConstantsAreCounted) {
  OnnxBuilder model(18);
  FunctionProto function;
  function.set_domain("local");
  function.set_name("F");
  *function.add_node() =
      onnx_node("Constant", {}, {"c"}, {tensor_attribute("value", *Tensor::allocate(DType::kF32, {1 << 14}))});
  *model.proto.add_functions() = function;
  for (int call = 0; call < 2000; ++call) model.node("F", {}, {}).set_domain("local");
  const Result<FlatGraph> flat = flatten_model(model);
  ASSERT_FALSE(flat.ok());
  EXPECT_EQ(flat.status().code(), StatusCode::kResource);
}

GraphProto branch(const std::string& type, const std::string& input) {
  GraphProto graph;
  *graph.add_node() = onnx_node(type, {input}, {"inner"});
  graph.add_output()->set_name("inner");
  return graph;
}

TEST(Flatten, TakesTheBranchOfAConstantCondition) {
  OnnxBuilder model(13);
  model.constant("yes", Tensor::scalar(true));
  model.node("Constant", {}, {"no"}, {tensor_attribute("value", Tensor::scalar(false))});
  for (const std::string& condition : {std::string("yes"), std::string("no")}) {
    model.node(
        "If", {condition}, {"y_" + condition},
        {graph_attribute("then_branch", branch("Relu", "x")), graph_attribute("else_branch", branch("Abs", "x"))});
  }
  const Result<FlatGraph> flat = flatten_model(model);
  ASSERT_TRUE(flat.ok()) << flat.status().message();
  EXPECT_THAT(lines(*flat), ElementsAre("Constant()->no", "Relu(x)->y_yes::inner", "Identity(y_yes::inner)->y_yes",
                                        "Abs(x)->y_no::inner", "Identity(y_no::inner)->y_no"));
}

TEST(Flatten, KeepsAnIfWhoseConditionIsComputed) {
  OnnxBuilder model(13);
  model.node("If", {"flag"}, {"y"}, {graph_attribute("then_branch", branch("Relu", "x"))});
  EXPECT_THAT(lines(*flatten_model(model)), ElementsAre("If(flag)->y"));
}

}  // namespace
}  // namespace sixtops::importer::onnx
