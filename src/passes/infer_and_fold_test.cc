#include "passes/pass_testing.h"

namespace sixtops::passes {
namespace {

TEST(InferAndFold, FoldsShapeArithmetic) {
  // view(batch, -1) as exporters spell it.
  EXPECT_EQ(rewritten(infer_and_fold, R"(input %x: f32[2x3x4]
const %zero: i64[] = {0}
const %axis: i64[1] = {0}
const %rest: i64[1] = {-1}
%shape: i64[..] = Shape(%x)
%batch: i64[..] = Gather(%shape, %zero)
%first: i64[..] = Unsqueeze(%batch, %axis)
%target: i64[..] = Concat(%first, %rest) {axis=0}
%y: f32[..] = Reshape(%x, %target)
output %y
)"),
            R"(input %x: f32[2x3x4]
const %target: i64[2] = {2 -1}
%y: f32[2x12] = Reshape(%x, %target)
output %y
)");
}

TEST(InferAndFold, FoldsQuestionsAboutKnownShapesOnly) {
  EXPECT_EQ(rewritten(infer_and_fold, R"(input %x: f32[2x3]
%n: i64[..] = Size(%x)
%s: i64[..] = Shape(%x) {start=-1}
%y: i64[..] = Add(%s, %n)
%z: i64[..] = Neg(%y)
output %z
)"),
            R"(input %x: f32[2x3]
const %y: i64[1] = {9}
%z: i64[1] = Neg(%y)
output %z
)");
  expect_unchanged(infer_and_fold, R"(input %x: f32[?x3]
%s: i64[2] = Shape(%x)
%y: f32[?x?] = Reshape(%x, %s)
output %y
)");
}

TEST(InferAndFold, LeavesQuantizationOutputsAndLargeResults) {
  expect_unchanged(infer_and_fold, R"(const %c: f32[2] = {1 2}
%q: u8[2] = QuantizeLinear(%c) {scale=[0.5]}
%r: f32[2] = DequantizeLinear(%q) {scale=[0.5]}
%y: f32[2] = Relu(%r)
%z: f32[2] = Exp(%c)
output %y
output %z
)");
  const std::string large = R"(const %s: i64[1] = {1000}
%c: f32[1000] = ConstantOfShape(%s)
%y: f32[1000] = Relu(%c)
output %y
)";
  EXPECT_EQ(rewritten(infer_and_fold, large, {.max_folded_bytes = 3900}), large);
  EXPECT_THAT(rewritten(infer_and_fold, large, {.max_folded_bytes = 4000}), ::testing::HasSubstr("const %c"));
}

TEST(InferAndFold, AllResultsTogetherStayBelowTheLimit) {
  std::string text = "const %s: i64[1] = {1000}\n";
  for (int i = 0; i < 5; ++i) {
    const std::string n = std::to_string(i);
    text += "%c" + n + ": f32[1000] = ConstantOfShape(%s)\n%y" + n + ": f32[1000] = Relu(%c" + n + ")\noutput %y" + n +
            "\n";
  }
  const std::string folded = rewritten(infer_and_fold, text, {.max_folded_bytes = 9000});
  EXPECT_THAT(folded, ::testing::HasSubstr("const %c1"));
  EXPECT_THAT(folded, ::testing::Not(::testing::HasSubstr("const %c2")));
}

TEST(InferAndFold, ErrorsNameTheNode) {
  EXPECT_THAT(rewritten(infer_and_fold,
                        "const %c: f32[2] = {1 2} const %i: i64[1] = {5} %g: f32[1] = Gather(%c, %i) "
                        "\"pick\" %y: f32[1] = Relu(%g) output %y"),
              ::testing::HasSubstr("'pick'"));
}

}  // namespace
}  // namespace sixtops::passes
