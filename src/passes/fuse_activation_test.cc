#include "passes/pass_testing.h"

namespace sixtops::passes {
namespace {

// What the pass makes of the node that computes %y, without constants.
std::string last_node(Status (*pass)(Graph&, const PassOptions&), const std::string& statements) {
  const std::string text = rewritten(pass, statements + "\noutput %y\n");
  const size_t begin = text.find("%y:");
  return begin == std::string::npos ? text : text.substr(begin, text.find('\n', begin) - begin);
}

const std::string kInput =
    "input %x: f32[1x4]\nconst %zero: f32[] = {0}\nconst %six: f32[1] = {6}\n"
    "const %tenth: f32[] = {0.1}\nconst %wide: f32[1x1x1] = {6}\n";

TEST(SimplifyClip, OneSpelling) {
  const auto simplified = [](const std::string& nodes) { return last_node(simplify_clip, kInput + nodes); };
  EXPECT_EQ(simplified("%y: f32[1x4] = Max(%x, %zero)"), "%y: f32[1x4] = Relu(%x)");
  EXPECT_EQ(simplified("%y: f32[1x4] = Min(%six, %x)"), "%y: f32[1x4] = Clip(%x) {max=6.0}");
  EXPECT_EQ(simplified("%a: f32[1x4] = Relu(%x) %y: f32[1x4] = Min(%a, %six)"),
            "%y: f32[1x4] = Clip(%x) {max=6.0 min=0.0}");
  EXPECT_EQ(simplified("%a: f32[1x4] = Clip(%x) {max=6} %y: f32[1x4] = Relu(%a)"),
            "%y: f32[1x4] = Clip(%x) {max=6.0 min=0.0}");
  EXPECT_EQ(simplified("%y: f32[1x4] = Clip(%x) {min=0}"), "%y: f32[1x4] = Relu(%x)");
  EXPECT_EQ(simplified("%a: f32[1x4] = Clip(%x) {min=2 max=9} %y: f32[1x4] = Clip(%a) {min=3 max=5}"),
            "%y: f32[1x4] = Clip(%x) {max=5.0 min=3.0}");
  EXPECT_EQ(simplified("%a: f32[1x4] = Clip(%x) {min=7} %y: f32[1x4] = Clip(%a) {max=5}"),
            "%y: f32[1x4] = Clip(%x) {max=5.0 min=5.0}");
}

TEST(SimplifyClip, LeakySlopes) {
  const auto simplified = [](const std::string& nodes) { return last_node(simplify_clip, kInput + nodes); };
  EXPECT_EQ(simplified("%y: f32[1x4] = PRelu(%x, %six)"), "%y: f32[1x4] = LeakyRelu(%x) {alpha=6.0}");
  EXPECT_EQ(simplified("%a: f32[1x4] = Mul(%x, %tenth) %y: f32[1x4] = Max(%x, %a)"),
            "%y: f32[1x4] = LeakyRelu(%x) {alpha=0.1}");
  EXPECT_EQ(simplified("%a: f32[1x4] = Mul(%x, %six) %y: f32[1x4] = Max(%x, %a)"), "%y: f32[1x4] = Max(%x, %a)");
}

TEST(SimplifyClip, LeavesIntegersSlopesAChannelAndLargerResults) {
  expect_unchanged(simplify_clip, R"(input %i: i64[4]
input %x: f32[1x4]
const %zero: i64[] = {0}
const %slopes: f32[4] = {1 2 3 4}
const %wide: f32[1x1x1] = {6}
%a: i64[4] = Max(%i, %zero)
%b: f32[1x4] = PRelu(%x, %slopes)
%c: f32[1x1x4] = Max(%b, %wide)
output %a
output %c
)");
}

TEST(FuseSilu, BothOrdersAndTheQuotient) {
  const std::string input = "input %x: f32[4]\ninput %z: f32[4]\nconst %one: f32[] = {1}\n";
  const auto fused = [&](const std::string& nodes) { return last_node(fuse_silu, input + nodes); };
  EXPECT_EQ(fused("%s: f32[4] = Sigmoid(%x) %y: f32[4] = Mul(%x, %s) \"m\""), "%y: f32[4] = Silu(%x) \"m\"");
  EXPECT_EQ(fused("%s: f32[4] = Sigmoid(%x) %y: f32[4] = Mul(%s, %x)"), "%y: f32[4] = Silu(%x)");
  EXPECT_EQ(fused("%n: f32[4] = Neg(%x) %e: f32[4] = Exp(%n) %a: f32[4] = Add(%one, %e) %y: f32[4] = Div(%x, %a)"),
            "%y: f32[4] = Silu(%x)");
  EXPECT_EQ(fused("%s: f32[4] = Sigmoid(%z) %y: f32[4] = Mul(%x, %s)"), "%y: f32[4] = Mul(%x, %s)");
}

TEST(FuseSilu, ASecondReaderKeepsItsSigmoid) {
  EXPECT_EQ(rewritten(fuse_silu, R"(input %x: f32[4]
%s: f32[4] = Sigmoid(%x)
%y: f32[4] = Mul(%x, %s)
output %y
output %s
)"),
            R"(input %x: f32[4]
%s: f32[4] = Sigmoid(%x)
%y: f32[4] = Silu(%x)
output %y
output %s
)");
}

TEST(FuseHardSwish, EveryAssociation) {
  const std::string input =
      "input %x: f32[4]\nconst %three: f32[] = {3}\nconst %six: f32[] = {6}\n"
      "const %sixth: f32[] = {0.16666667}\n%p: f32[4] = Add(%x, %three)\n"
      "%r: f32[4] = Clip(%p) {max=6 min=0}\n";
  const auto fused = [&](const std::string& nodes) { return last_node(fuse_hard_swish, input + nodes); };
  EXPECT_EQ(fused("%a: f32[4] = Mul(%x, %r) %y: f32[4] = Div(%a, %six)"), "%y: f32[4] = HardSwish(%x)");
  EXPECT_EQ(fused("%a: f32[4] = Div(%r, %six) %y: f32[4] = Mul(%a, %x)"), "%y: f32[4] = HardSwish(%x)");
  EXPECT_EQ(fused("%a: f32[4] = Mul(%sixth, %r) %y: f32[4] = Mul(%x, %a)"), "%y: f32[4] = HardSwish(%x)");
  EXPECT_EQ(fused("%a: f32[4] = Mul(%x, %sixth) %y: f32[4] = Mul(%a, %r)"), "%y: f32[4] = HardSwish(%x)");
  EXPECT_EQ(fused("%y: f32[4] = Div(%r, %six)"), "%y: f32[4] = HardSigmoid(%x) {alpha=0.16666667 beta=0.5}");
  EXPECT_EQ(fused("%a: f32[4] = HardSigmoid(%x) {alpha=0.16666667} %y: f32[4] = Mul(%x, %a)"),
            "%y: f32[4] = HardSwish(%x)");
  EXPECT_EQ(fused("%a: f32[4] = HardSigmoid(%x) %y: f32[4] = Mul(%x, %a)"), "%y: f32[4] = Mul(%x, %a)");
  EXPECT_EQ(fused("%a: f32[4] = Mul(%x, %r) %y: f32[4] = Div(%a, %three)"), "%y: f32[4] = Div(%a, %three)");
}

TEST(FuseHardSwish, OfAProduct) {
  // The operand is itself a product, as behind a squeeze-and-excite block.
  EXPECT_EQ(last_node(fuse_hard_swish, R"(input %f: f32[4]
input %g: f32[4]
const %three: f32[] = {3}
const %six: f32[] = {6}
%x: f32[4] = Mul(%f, %g)
%p: f32[4] = Add(%x, %three)
%r: f32[4] = Clip(%p) {max=6 min=0}
%a: f32[4] = Mul(%x, %r)
%y: f32[4] = Div(%a, %six))"),
            "%y: f32[4] = HardSwish(%x)");
}

TEST(FuseMish, FromItsParts) {
  const std::string input =
      "input %x: f32[4]\ninput %z: f32[4]\nconst %one: f32[] = {1}\n%e: f32[4] = Exp(%x)\n"
      "%a: f32[4] = Add(%e, %one)\n%l: f32[4] = Log(%a)\n%t: f32[4] = Tanh(%l)\n";
  EXPECT_EQ(last_node(fuse_mish, input + "%y: f32[4] = Mul(%x, %t)"), "%y: f32[4] = Mish(%x)");
  EXPECT_EQ(last_node(fuse_mish, input + "%y: f32[4] = Mul(%z, %t)"), "%y: f32[4] = Mul(%z, %t)");
  EXPECT_EQ(last_node(fuse_mish,
                      "input %x: f32[4]\n%s: f32[4] = Softplus(%x)\n%t: f32[4] = Tanh(%s)\n"
                      "%y: f32[4] = Mul(%t, %x)"),
            "%y: f32[4] = Mish(%x)");
}

TEST(FuseGelu, EveryAssociation) {
  const std::string input =
      "input %x: f32[4]\nconst %root: f32[] = {1.4142135}\nconst %one: f32[] = {1}\n"
      "const %half: f32[] = {0.5}\n%d: f32[4] = Div(%x, %root)\n%e: f32[4] = Erf(%d)\n"
      "%g: f32[4] = Add(%e, %one)\n";
  const auto fused = [&](const std::string& nodes) { return last_node(fuse_gelu, input + nodes); };
  const std::string gelu = "%y: f32[4] = Gelu(%x) {approximate=\"none\"}";
  EXPECT_EQ(fused("%a: f32[4] = Mul(%x, %g) %y: f32[4] = Mul(%a, %half)"), gelu);
  EXPECT_EQ(fused("%a: f32[4] = Mul(%x, %half) %y: f32[4] = Mul(%a, %g)"), gelu);
  EXPECT_EQ(fused("%a: f32[4] = Mul(%half, %g) %y: f32[4] = Mul(%x, %a)"), gelu);
  EXPECT_EQ(fused("%a: f32[4] = Mul(%x, %g) %y: f32[4] = Mul(%a, %root)"), "%y: f32[4] = Mul(%a, %root)");
  EXPECT_EQ(fused("%a: f32[4] = Mul(%d, %g) %y: f32[4] = Mul(%a, %half)"), "%y: f32[4] = Mul(%a, %half)");
}

TEST(FuseGelu, TanhForm) {
  const std::string input =
      "input %x: f32[4]\nconst %three: f32[] = {3}\nconst %c: f32[] = {0.044715}\n"
      "const %r: f32[] = {0.7978846}\nconst %one: f32[] = {1}\nconst %half: f32[] = {0.5}\n";
  const std::string rest =
      "%w: f32[4] = Mul(%q, %c)\n%s: f32[4] = Add(%x, %w)\n%m: f32[4] = Mul(%s, %r)\n"
      "%t: f32[4] = Tanh(%m)\n%g: f32[4] = Add(%t, %one)\n%h: f32[4] = Mul(%x, %half)\n"
      "%y: f32[4] = Mul(%h, %g)";
  const std::string gelu = "%y: f32[4] = Gelu(%x) {approximate=\"tanh\"}";
  EXPECT_EQ(last_node(fuse_gelu, input + "%q: f32[4] = Pow(%x, %three)\n" + rest), gelu);
  EXPECT_EQ(last_node(fuse_gelu, input + "%p: f32[4] = Mul(%x, %x)\n%q: f32[4] = Mul(%p, %x)\n" + rest), gelu);
  EXPECT_EQ(last_node(fuse_gelu, input + "%q: f32[4] = Pow(%x, %half)\n" + rest), "%y: f32[4] = Mul(%h, %g)");
}

}  // namespace
}  // namespace sixtops::passes
