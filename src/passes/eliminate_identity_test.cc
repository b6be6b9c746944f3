#include "passes/pass_testing.h"

namespace sixtops::passes {
namespace {

// The network of one node between two activations: whether the node is still there.
std::string survivors(std::string_view type, std::string_view node) {
  const std::string text =
      "input %x: f32[" + std::string(type) + "]\nconst %one: f32[1] = {1}\nconst %zero: f32[] = {0}\n" +
      "%a: f32[..] = Relu(%x)\n%b: f32[..] = " + std::string(node) + "\n%y: f32[..] = Exp(%b)\noutput %y\n";
  const std::string result = rewritten(eliminate_identity, text);
  return result.find("%y: f32[" + std::string(type) + "] = Exp(%a)") != std::string::npos ? "" : result;
}

TEST(EliminateIdentity, TakesOutWhatDoesNothing) {
  for (const std::string_view node : {"Identity(%a)",
                                      "Cast(%a) {to=\"f32\"}",
                                      "Reshape(%a) {shape=[1 4 6 6]}",
                                      "Transpose(%a) {perm=[0 1 2 3]}",
                                      "Expand(%a) {shape=[1 4 1 1]}",
                                      "Tile(%a) {repeats=[1 1 1 1]}",
                                      "Slice(%a) {ends=[9] starts=[0] axes=[2]}",
                                      "Pad(%a) {pads=[0 0 0 0 0 0 0 0]}",
                                      "Resize(%a) {scales=[1 1 1 1]}",
                                      "Resize(%a) {sizes=[1 4 6 6]}",
                                      "Concat(%a) {axis=1}",
                                      "Split(%a)",
                                      "Max(%a)",
                                      "Mul(%a, %one)",
                                      "Div(%a, %one)",
                                      "Add(%a, %zero)",
                                      "Sub(%a, %zero)",
                                      "MaxPool(%a) {kernel_shape=[1 1]}",
                                      "Clip(%a)",
                                      "ReduceMean(%a) {axes=[0]}"}) {
    EXPECT_EQ(survivors("1x4x6x6", node), "") << node;
  }
}

TEST(EliminateIdentity, LeavesWhatDoesSomething) {
  for (const std::string_view node :
       {"Transpose(%a) {perm=[0 1 3 2]}", "Slice(%a) {ends=[-9] starts=[-1] axes=[2] steps=[-1]}",
        "Pad(%a) {pads=[0 0 -1 0 0 0 1 0]}", "Resize(%a) {scales=[1 1 1.1 1]}", "Mul(%a, %zero)", "Add(%a, %one)",
        "MaxPool(%a) {kernel_shape=[3 3] pads=[1 1 1 1]}", "Clip(%a) {min=0}", "ReduceSumSquare(%a) {axes=[0]}"}) {
    EXPECT_NE(survivors("1x4x6x6", node), "") << node;
  }
}

TEST(EliminateIdentity, ForeignNodesMayLackTheirFirstOperand) {
  expect_unchanged(eliminate_identity, R"(input %x: f32[4]
%y: f32[4] = Custom(_, %x) {type="cst"}
output %y
)");
}

TEST(EliminateIdentity, UnknownShapesProveNothing) {
  expect_unchanged(eliminate_identity, R"(input %x: f32[?x4]
%a: f32[?x4] = Reshape(%x) {shape=[-1 4]}
%y: f32[?x4] = Relu(%a)
output %y
)");
}

TEST(EliminateIdentity, NamesOfInputsAndOutputsStay) {
  expect_unchanged(eliminate_identity, R"(input %x: f32[4]
%y: f32[4] = Identity(%x)
output %y
)");
  EXPECT_EQ(rewritten(eliminate_identity, R"(input %x: f32[4]
%a: f32[4] = Relu(%x) "relu"
%y: f32[4] = Identity(%a)
output %y
)"),
            R"(input %x: f32[4]
%y: f32[4] = Relu(%x) "relu"
output %y
)");
}

}  // namespace
}  // namespace sixtops::passes
