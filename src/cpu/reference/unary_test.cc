#include <cmath>
#include <limits>
#include <numbers>

#include "cpu/reference/kernel_testing.h"

namespace sixtops::cpu::reference {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

struct Case {
  Op op;
  AttributeList attributes;
  std::vector<float> x;
  std::vector<float> y;
};

class UnaryFloat : public testing::TestWithParam<Case> {};

TEST_P(UnaryFloat, GivesTheValuesOfItsFormula) {
  const auto& [op, attributes, x, y] = GetParam();
  const auto count = static_cast<int64_t>(x.size());
  EXPECT_OUTPUT_NEAR(run(op, {floats({count}, x)}, attributes), floats({count}, y), 2e-6);
}

TEST_P(UnaryFloat, ComputesHalvesInFloatAndRoundsOnce) {
  const auto& [op, attributes, x, y] = GetParam();
  const auto count = static_cast<int64_t>(x.size());
  const Tensor rounded_x = cast(halves({count}, x), DType::kF32).value();
  const Result<Outputs> wide = run(op, {rounded_x}, attributes);
  ASSERT_TRUE(wide.ok());
  EXPECT_OUTPUT(run(op, {halves({count}, x)}, attributes), cast(wide->front(), DType::kF16).value());
}

TEST_P(UnaryFloat, ComputesDoubles) {
  const auto& [op, attributes, x, y] = GetParam();
  const auto count = static_cast<int64_t>(x.size());
  const Tensor wide_x = cast(floats({count}, x), DType::kF64).value();
  const Tensor wide_y = cast(floats({count}, y), DType::kF64).value();
  EXPECT_OUTPUT_NEAR(run(op, {wide_x}, attributes), wide_y, 2e-6);
}

TEST_P(UnaryFloat, KeepsAnEmptyTensorEmpty) {
  EXPECT_OUTPUT(run(GetParam().op, {floats({2, 0, 3}, {})}, GetParam().attributes), floats({2, 0, 3}, {}));
}

TEST_P(UnaryFloat, RefusesBool) {
  EXPECT_ERROR(run(GetParam().op, {bools({1}, {true})}, GetParam().attributes), StatusCode::kInvalidData, "bool");
}

const float kPi = std::numbers::pi_v<float>;

INSTANTIATE_TEST_SUITE_P(
    Functions, UnaryFloat,
    testing::Values(
        Case{Op::kAbs, {}, {-2.5F, 0, 3, -kInf}, {2.5F, 0, 3, kInf}},
        Case{Op::kAcos, {}, {-1, 0, 1}, {kPi, kPi / 2, 0}}, Case{Op::kAcosh, {}, {1, 2}, {0, 1.3169579F}},
        Case{Op::kAsin, {}, {-1, 0, 0.5F}, {-kPi / 2, 0, kPi / 6}},
        Case{Op::kAsinh, {}, {-1, 0, 1}, {-0.8813736F, 0, 0.8813736F}},
        Case{Op::kAtan, {}, {-1, 1}, {-kPi / 4, kPi / 4}},
        Case{Op::kAtanh, {}, {-0.5F, 0.5F}, {-0.5493061F, 0.5493061F}},
        Case{Op::kCeil, {}, {-1.5F, 1.2F, 2}, {-1, 2, 2}}, Case{Op::kCos, {}, {0, kPi}, {1, -1}},
        Case{Op::kCosh, {}, {0, 1}, {1, 1.5430806F}}, Case{Op::kErf, {}, {-1, 0, 1}, {-0.8427008F, 0, 0.8427008F}},
        Case{Op::kExp, {}, {0, 1, -1}, {1, 2.7182818F, 0.36787944F}},
        Case{Op::kFloor, {}, {-1.5F, 1.8F, 2}, {-2, 1, 2}}, Case{Op::kLog, {}, {1, 10, 0}, {0, 2.3025851F, -kInf}},
        Case{Op::kNeg, {}, {-4, 2}, {4, -2}}, Case{Op::kReciprocal, {}, {-4, 2}, {-0.25F, 0.5F}},
        Case{Op::kRound, {}, {0.5F, 1.5F, 2.5F, -0.5F, -1.5F, 1.1F}, {0, 2, 2, 0, -2, 1}},
        Case{Op::kSign, {}, {-3, 0, 7, kNaN}, {-1, 0, 1, kNaN}}, Case{Op::kSin, {}, {0, kPi / 2}, {0, 1}},
        Case{Op::kSinh, {}, {-1, 1}, {-1.1752012F, 1.1752012F}}, Case{Op::kSqrt, {}, {0, 4, -1}, {0, 2, kNaN}},
        Case{Op::kTan, {}, {0, kPi / 4}, {0, 1}}, Case{Op::kTanh, {}, {-1, 0, 1}, {-0.7615942F, 0, 0.7615942F}}));

INSTANTIATE_TEST_SUITE_P(
    Activations, UnaryFloat,
    testing::Values(Case{Op::kCelu, {{"alpha", 2.0F}}, {-2, 0, 3}, {2 * (std::exp(-1.0F) - 1), 0, 3}},
                    Case{Op::kElu, {{"alpha", 2.0F}}, {-1, 0, 1}, {-1.2642411F, 0, 1}},
                    Case{Op::kGelu, {}, {-1, 0, 1}, {-0.15865526F, 0, 0.84134475F}},
                    Case{Op::kGelu, {{"approximate", std::string("tanh")}}, {-1, 0, 1}, {-0.158808F, 0, 0.841192F}},
                    Case{Op::kHardSigmoid, {{"alpha", 0.5F}, {"beta", 0.6F}}, {-2, 0, 0.5F, 2}, {0, 0.6F, 0.85F, 1}},
                    Case{Op::kHardSwish, {}, {-4, -3, 0, 1.5F, 3, 5}, {0, 0, 0, 1.125F, 3, 5}},
                    Case{Op::kLeakyRelu, {{"alpha", 0.1F}}, {-1, 0, 1}, {-0.1F, 0, 1}},
                    Case{Op::kMish, {}, {-1, 0, 1, 100}, {-0.3034015F, 0, 0.8650984F, 100}},
                    Case{Op::kRelu, {}, {-1, 0, 2, kNaN}, {0, 0, 2, kNaN}},
                    Case{Op::kSelu, {{"alpha", 2.0F}, {"gamma", 3.0F}}, {-1, 0, 1}, {-3.7927234F, 0, 3}},
                    Case{Op::kShrink, {{"bias", 1.5F}, {"lambd", 1.5F}}, {-2, -1, 0, 1, 2}, {-0.5F, 0, 0, 0, 0.5F}},
                    Case{Op::kSigmoid, {}, {-100, -1, 0, 1, 100}, {0, 0.26894143F, 0.5F, 0.7310586F, 1}},
                    Case{Op::kSilu, {}, {-1, 0, 1}, {-0.26894143F, 0, 0.7310586F}},
                    Case{Op::kSwish, {{"alpha", 2.0F}}, {-1, 0, 1}, {-0.11920292F, 0, 0.88079708F}},
                    Case{Op::kSoftplus, {}, {-100, -1, 0, 1, 100}, {0, 0.31326166F, 0.6931472F, 1.3132616F, 100}},
                    Case{Op::kSoftsign, {}, {-1, 0, 3}, {-0.5F, 0, 0.75F}},
                    Case{Op::kThresholdedRelu, {{"alpha", 2.0F}}, {-3, 2, 2.5F}, {0, 0, 2.5F}}));

TEST(Unary, IntegersWrapAround) {
  EXPECT_OUTPUT(run(Op::kAbs, {int8s({3}, {-128, -5, 7})}), int8s({3}, {-128, 5, 7}));
  EXPECT_OUTPUT(run(Op::kNeg, {int32s({2}, {INT32_MIN, 5})}), int32s({2}, {INT32_MIN, -5}));
  EXPECT_OUTPUT(run(Op::kAbs, {int64s({1}, {INT64_MIN})}), int64s({1}, {INT64_MIN}));
}

TEST(Unary, IntegerFunctionsTakeEveryWidth) {
  EXPECT_OUTPUT(run(Op::kSign, {tensor<uint8_t>({2}, {0, 9})}), tensor<uint8_t>({2}, {0, 1}));
  EXPECT_OUTPUT(run(Op::kSign, {tensor<int16_t>({3}, {-7, 0, 9})}), tensor<int16_t>({3}, {-1, 0, 1}));
  EXPECT_OUTPUT(run(Op::kRelu, {int32s({2}, {-1, 2})}), int32s({2}, {0, 2}));
  EXPECT_OUTPUT(run(Op::kAbs, {tensor<uint64_t>({1}, {UINT64_MAX})}), tensor<uint64_t>({1}, {UINT64_MAX}));
  EXPECT_OUTPUT(run(Op::kBitwiseNot, {tensor<uint16_t>({2}, {0, 0xFF00})}), tensor<uint16_t>({2}, {0xFFFF, 0x00FF}));
  EXPECT_OUTPUT(run(Op::kShrink, {int32s({3}, {-3, 0, 3})}, {{"bias", 1.0F}, {"lambd", 1.0F}}),
                int32s({3}, {-2, 0, 2}));
  EXPECT_ERROR(run(Op::kNeg, {tensor<uint8_t>({1}, {1})}), StatusCode::kInvalidData, "u8");
  EXPECT_ERROR(run(Op::kExp, {int32s({1}, {1})}), StatusCode::kInvalidData, "i32");
}

TEST(Unary, QuestionsAboutFloatsAnswerWithBool) {
  const Tensor x = floats({4}, {kNaN, kInf, -kInf, 1});
  EXPECT_OUTPUT(run(Op::kIsNaN, {x}), bools({4}, {true, false, false, false}));
  EXPECT_OUTPUT(run(Op::kIsInf, {x}), bools({4}, {false, true, true, false}));
  EXPECT_OUTPUT(run(Op::kIsInf, {x}, {{"detect_negative", int64_t{0}}}), bools({4}, {false, true, false, false}));
  EXPECT_OUTPUT(run(Op::kIsInf, {x}, {{"detect_positive", int64_t{0}}}), bools({4}, {false, false, true, false}));
  EXPECT_OUTPUT(run(Op::kIsNaN, {halves({2}, {kNaN, 1})}), bools({2}, {true, false}));
}

TEST(Unary, NotTakesBoolAlone) {
  EXPECT_OUTPUT(run(Op::kNot, {bools({2}, {true, false})}), bools({2}, {false, true}));
  EXPECT_ERROR(run(Op::kNot, {floats({1}, {1})}), StatusCode::kInvalidData, "f32");
}

TEST(Kernel, ErrorsNameTheNode) {
  EXPECT_ERROR(run(Op::kNot, {floats({1}, {1})}), StatusCode::kInvalidData, "Not node 'tested': ");
}

TEST(Kernel, RefusesOutputsAboveTheLimit) {
  const std::vector<Operand> x = {floats({3}, {1, 2, 3})};
  EXPECT_TRUE(run(make_node(Op::kExp, x), x, 12).ok());
  EXPECT_ERROR(run(make_node(Op::kExp, x), x, 11), StatusCode::kResource, "limit of 11 bytes");
}

TEST(Kernel, RefusesANodeWithoutItsOperands) {
  EXPECT_ERROR(run(make_node(Op::kExp, {floats({1}, {1})}), {}), StatusCode::kInternal, "operands");
}

TEST(Kernel, ANodeOfPrecisionFloat16WritesHalves) {
  const std::vector<Operand> x = {floats({1}, {0.1F})};
  Node node = make_node(Op::kNeg, x);
  node.precision = Precision::kFloat16;
  EXPECT_OUTPUT(run(node, x), halves({1}, {-0.1F}));
}

}  // namespace
}  // namespace sixtops::cpu::reference
