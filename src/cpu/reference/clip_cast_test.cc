#include <cmath>
#include <limits>

#include "cpu/reference/kernel_testing.h"

namespace sixtops::cpu::reference {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

TEST(Clip, TakesBoundsFromAttributesOrOperands) {
  const Tensor x = floats({4}, {-2, 0.5F, 3, kNaN});
  EXPECT_OUTPUT(run(Op::kClip, {x}, {{"min", -1.0F}, {"max", 1.0F}}), floats({4}, {-1, 0.5F, 1, kNaN}));
  EXPECT_OUTPUT(run(Op::kClip, {x, floats({}, {-1}), floats({}, {1})}), floats({4}, {-1, 0.5F, 1, kNaN}));
  EXPECT_OUTPUT(run(Op::kClip, {x, std::nullopt, floats({}, {1})}), floats({4}, {-2, 0.5F, 1, kNaN}));
  EXPECT_OUTPUT(run(Op::kClip, {x, floats({}, {0})}), floats({4}, {0, 0.5F, 3, kNaN}));
  EXPECT_OUTPUT(run(Op::kClip, {x}), x);
}

TEST(Clip, TheUpperBoundWinsWhereBoundsCross) {
  EXPECT_OUTPUT(run(Op::kClip, {floats({2}, {0, 5})}, {{"min", 4.0F}, {"max", 1.0F}}), floats({2}, {1, 1}));
}

TEST(Clip, KeepsInfinitiesWithoutBounds) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  EXPECT_OUTPUT(run(Op::kClip, {floats({2}, {-kInf, kInf})}), floats({2}, {-kInf, kInf}));
}

TEST(Clip, SaturatesAttributeBoundsOfIntegers) {
  EXPECT_OUTPUT(run(Op::kClip, {int8s({3}, {-100, 0, 100})}, {{"min", -1000.0F}, {"max", 6.0F}}),
                int8s({3}, {-100, 0, 6}));
  EXPECT_OUTPUT(run(Op::kClip, {int64s({2}, {INT64_MIN, 5})}, {{"max", 3.0F}}), int64s({2}, {INT64_MIN, 3}));
}

TEST(Clip, RefusesABoundThatIsNoScalar) {
  EXPECT_ERROR(run(Op::kClip, {floats({1}, {0}), floats({2}, {0, 1})}), StatusCode::kInvalidData, "min has 2");
}

TEST(Cast, ConvertsAndSaturates) {
  const auto to = [](const char* name) { return AttributeList{{"to", std::string(name)}}; };
  EXPECT_OUTPUT(run(Op::kCast, {floats({4}, {-1.7F, 300, kNaN, 1e30F})}, to("u8")),
                tensor<uint8_t>({4}, {0, 255, 0, 255}));
  EXPECT_OUTPUT(run(Op::kCast, {floats({2}, {0, 0.1F})}, to("bool")), bools({2}, {false, true}));
  EXPECT_OUTPUT(run(Op::kCast, {floats({2}, {1, 65520})}, to("f16")),
                halves({2}, {1, std::numeric_limits<float>::infinity()}));
  EXPECT_OUTPUT(run(Op::kCast, {halves({1}, {0.1F})}, to("f32")), floats({1}, {0.099975586F}));
  EXPECT_OUTPUT(run(Op::kCast, {bools({2}, {true, false})}, to("i64")), int64s({2}, {1, 0}));
}

TEST(Cast, RefusesUnknownTypesAndLargeOutputs) {
  EXPECT_ERROR(run(Op::kCast, {floats({1}, {0})}, {{"to", std::string("complex")}}), StatusCode::kInvalidData,
               "'complex'");
  const std::vector<Operand> x = {int8s({4}, {1, 2, 3, 4})};
  EXPECT_ERROR(run(make_node(Op::kCast, x, {{"to", std::string("f64")}}), x, 31), StatusCode::kResource, "limit");
}

TEST(Identity, HandsOnAnyType) {
  EXPECT_OUTPUT(run(Op::kIdentity, {bools({2}, {true, false})}), bools({2}, {true, false}));
  EXPECT_OUTPUT(run(Op::kIdentity, {halves({0}, {})}), halves({0}, {}));
}

}  // namespace
}  // namespace sixtops::cpu::reference
