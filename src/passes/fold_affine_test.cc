#include "passes/pass_testing.h"

namespace sixtops::passes {
namespace {

std::string folded(const std::string& layer, const std::string& rest) {
  return rewritten(fold_affine, layer + rest + "output %y\n");
}

const std::string kConv = R"(input %x: f32[1x1x2x2]
const %w: f32[2x1x1x1] = {1 2}
const %c: f32[2x1x1] = {2 4}
const %half: f32[] = {0.5}
%a: f32[1x2x2x2] = Conv(%x, %w)
)";

TEST(FoldAffine, EveryOperationGoesIntoTheLayer) {
  const auto conv = [](const std::string& weights, const std::string& bias) {
    return "input %x: f32[1x1x2x2]\nconst %w: f32[2x1x1x1] = {" + weights + "}\n" +
           (bias.empty() ? "" : "const %w.bias: f32[2] = {" + bias + "}\n") + "%y: f32[1x2x2x2] = Conv(%x, %w" +
           (bias.empty() ? "" : ", %w.bias") + ")\noutput %y\n";
  };
  EXPECT_EQ(folded(kConv, "%y: f32[1x2x2x2] = Mul(%a, %c)\n"), conv("2 8", ""));
  EXPECT_EQ(folded(kConv, "%y: f32[1x2x2x2] = Mul(%half, %a)\n"), conv("0.5 1", ""));
  EXPECT_EQ(folded(kConv, "%y: f32[1x2x2x2] = Div(%a, %c)\n"), conv("0.5 0.5", ""));
  EXPECT_EQ(folded(kConv, "%y: f32[1x2x2x2] = Add(%a, %c)\n"), conv("1 2", "2 4"));
  EXPECT_EQ(folded(kConv, "%y: f32[1x2x2x2] = Sub(%a, %c)\n"), conv("1 2", "-2 -4"));
  EXPECT_EQ(folded(kConv, "%y: f32[1x2x2x2] = Sub(%c, %a)\n"), conv("-1 -2", "2 4"));
}

TEST(FoldAffine, ChainsFoldOneAfterTheOther) {
  EXPECT_THAT(folded(kConv, "%b: f32[1x2x2x2] = Add(%a, %c)\n%y: f32[1x2x2x2] = Mul(%b, %half)\n"),
              ::testing::AllOf(::testing::HasSubstr("= {0.5 1}"), ::testing::HasSubstr("= {1 2}\n%y")));
}

TEST(FoldAffine, LeavesOtherAxesSecondReadersAndQuotients) {
  const std::string unchanged[] = {
      kConv + "%y: f32[1x2x2x2] = Div(%half, %a)\noutput %y\n",
      kConv + "%y: f32[1x2x2x2] = Mul(%a, %c)\noutput %y\noutput %a\n",
      kConv + "%b: f32[1x2x2x2] = Mul(%a, %c)\n%y: f32[1x2x2x2] = Add(%b, %a)\noutput %y\n",
      "input %x: f32[1x1x2x2]\nconst %w: f32[2x1x1x1] = {1 2}\nconst %c: f32[2x1] = {2 4}\n"
      "%a: f32[1x2x2x2] = Conv(%x, %w)\n%y: f32[1x2x2x2] = Mul(%a, %c)\noutput %y\n",
      "input %x: f32[1x1x2x2]\nconst %w: f32[2x1x1x1] = {1 2}\nconst %c: f32[2x1x1x1] = {2 4}\n"
      "%a: f32[1x2x2x2] = Conv(%x, %w)\n%y: f32[2x2x2x2] = Mul(%a, %c)\noutput %y\n"};
  for (const std::string& text : unchanged) {
    const std::string result = rewritten(fold_affine, text);
    EXPECT_THAT(result, ::testing::HasSubstr("%a: f32[1x2x2x2] = Conv(%x, %w)")) << text;
    EXPECT_THAT(result, ::testing::HasSubstr(text.substr(text.find("%y: ")))) << text;
  }
}

TEST(FoldAffine, SharedWeightsAreCopied) {
  EXPECT_EQ(rewritten(fold_affine, R"(input %x: f32[1x1x2x2]
const %w: f32[1x1x1x1] = {3}
const %two: f32[] = {2}
%a: f32[1x1x2x2] = Conv(%x, %w)
%b: f32[1x1x2x2] = Conv(%x, %w)
%y: f32[1x1x2x2] = Mul(%a, %two)
output %y
output %b
)"),
            R"(input %x: f32[1x1x2x2]
const %w: f32[1x1x1x1] = {3}
const %w.1: f32[1x1x1x1] = {6}
%y: f32[1x1x2x2] = Conv(%x, %w.1)
%b: f32[1x1x2x2] = Conv(%x, %w)
output %y
output %b
)");
}

TEST(FoldAffine, GemmTakesItsFactors) {
  EXPECT_EQ(rewritten(fold_affine, R"(input %x: f32[1x2]
const %w: f32[2x2] = {1 2 3 4}
const %b: f32[1x2] = {1 2}
%y: f32[1x2] = Gemm(%x, %w, %b) {alpha=2.0 beta=0.5 transB=1}
output %y
)"),
            R"(input %x: f32[1x2]
const %w: f32[2x2] = {2 4 6 8}
const %b: f32[2] = {0.5 1}
%y: f32[1x2] = Gemm(%x, %w, %b) {transB=1}
output %y
)");
}

TEST(FoldAffine, MatMulTakesScaleAndBias) {
  EXPECT_EQ(rewritten(fold_affine, R"(input %x: f32[1x3x2]
const %w: f32[2x2] = {1 2 3 4}
const %s: f32[2] = {1 10}
const %b: f32[2] = {5 6}
%a: f32[1x3x2] = MatMul(%x, %w)
%c: f32[1x3x2] = Mul(%a, %s)
%y: f32[1x3x2] = Add(%b, %c)
output %y
)"),
            R"(input %x: f32[1x3x2]
const %w: f32[2x2] = {1 20 3 40}
const %w.bias: f32[2] = {5 6}
%y: f32[1x3x2] = MatMul(%x, %w, %w.bias)
output %y
)");
}

TEST(FoldAffine, MatMulOfTwoActivationsTakesABias) {
  EXPECT_EQ(rewritten(fold_affine, R"(input %x: f32[3x2]
input %w: f32[2x2]
const %b: f32[2] = {5 6}
%a: f32[3x2] = MatMul(%x, %w)
%y: f32[3x2] = Add(%a, %b)
output %y
)"),
            R"(input %x: f32[3x2]
input %w: f32[2x2]
const %b: f32[2] = {5 6}
%y: f32[3x2] = MatMul(%x, %w, %b)
output %y
)");
}

}  // namespace
}  // namespace sixtops::passes
