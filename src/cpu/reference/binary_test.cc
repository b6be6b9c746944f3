#include <cmath>
#include <limits>

#include "cpu/reference/kernel_testing.h"

namespace sixtops::cpu::reference {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

TEST(Arithmetic, Broadcasts) {
  const Tensor column = floats({2, 1}, {10, 20});
  const Tensor row = floats({3}, {1, 2, 3});
  EXPECT_OUTPUT(run(Op::kAdd, {column, row}), floats({2, 3}, {11, 12, 13, 21, 22, 23}));
  EXPECT_OUTPUT(run(Op::kSub, {row, column}), floats({2, 3}, {-9, -8, -7, -19, -18, -17}));
  EXPECT_OUTPUT(run(Op::kMul, {floats({}, {2}), row}), floats({3}, {2, 4, 6}));
  EXPECT_OUTPUT(run(Op::kDiv, {row, floats({1, 1, 1}, {2})}), floats({1, 1, 3}, {0.5F, 1, 1.5F}));
  EXPECT_OUTPUT(run(Op::kAdd, {floats({0, 3}, {}), row}), floats({0, 3}, {}));
  EXPECT_OUTPUT(run(Op::kAdd, {floats({0, 1}, {}), row}), floats({0, 3}, {}));
}

TEST(Arithmetic, RefusesWhatDoesNotFit) {
  EXPECT_ERROR(run(Op::kAdd, {floats({2}, {1, 2}), floats({3}, {1, 2, 3})}), StatusCode::kInvalidData,
               "shapes 2 and 3 do not broadcast");
  EXPECT_ERROR(run(Op::kAdd, {floats({1}, {1}), int32s({1}, {1})}), StatusCode::kInvalidData, "f32 and i32");
  EXPECT_ERROR(run(Op::kMul, {bools({1}, {true}), bools({1}, {true})}), StatusCode::kInvalidData, "bool");
}

TEST(Arithmetic, IntegersOfEveryWidthWrapAround) {
  EXPECT_OUTPUT(run(Op::kAdd, {int8s({1}, {127}), int8s({1}, {1})}), int8s({1}, {-128}));
  EXPECT_OUTPUT(run(Op::kSub, {tensor<uint8_t>({1}, {0}), tensor<uint8_t>({1}, {1})}), tensor<uint8_t>({1}, {255}));
  EXPECT_OUTPUT(run(Op::kMul, {tensor<uint16_t>({1}, {65535}), tensor<uint16_t>({1}, {65535})}),
                tensor<uint16_t>({1}, {1}));
  EXPECT_OUTPUT(run(Op::kMul, {int64s({1}, {INT64_MAX}), int64s({1}, {2})}), int64s({1}, {-2}));
  EXPECT_OUTPUT(run(Op::kAdd, {tensor<uint32_t>({1}, {UINT32_MAX}), tensor<uint32_t>({1}, {2})}),
                tensor<uint32_t>({1}, {1}));
}

TEST(Arithmetic, HalvesAndBrainFloatsAreRoundedOnce) {
  EXPECT_OUTPUT(run(Op::kAdd, {halves({1}, {2048}), halves({1}, {1})}), halves({1}, {2048}));
  const Tensor brain = cast(floats({1}, {256}), DType::kBF16).value();
  const Tensor one = cast(floats({1}, {1}), DType::kBF16).value();
  EXPECT_OUTPUT(run(Op::kAdd, {brain, one}), brain);
}

TEST(Division, TruncatesIntegersAndRefusesZero) {
  EXPECT_OUTPUT(run(Op::kDiv, {int32s({4}, {7, -7, 7, INT32_MIN}), int32s({4}, {2, 2, -2, -1})}),
                int32s({4}, {3, -3, -3, INT32_MIN}));
  EXPECT_OUTPUT(run(Op::kDiv, {floats({2}, {1, -1}), floats({2}, {0, 0})}), floats({2}, {kInf, -kInf}));
  EXPECT_ERROR(run(Op::kDiv, {int64s({1}, {1}), int64s({1}, {0})}), StatusCode::kInvalidData, "by zero");
}

TEST(Modulo, FollowsDivisorOrDividend) {
  const Tensor a = int32s({6}, {-4, 7, 5, 4, -7, 8});
  const Tensor b = int32s({6}, {2, -3, 8, -2, 3, 5});
  EXPECT_OUTPUT(run(Op::kMod, {a, b}), int32s({6}, {0, -2, 5, 0, 2, 3}));
  EXPECT_OUTPUT(run(Op::kMod, {a, b}, {{"fmod", int64_t{1}}}), int32s({6}, {0, 1, 5, 0, -1, 3}));
  EXPECT_OUTPUT_NEAR(run(Op::kMod, {floats({2}, {-4.3F, 7.2F}), floats({2}, {2.1F, -3.4F})}, {{"fmod", int64_t{1}}}),
                     floats({2}, {-0.1F, 0.4F}), 1e-6);
  EXPECT_OUTPUT_NEAR(run(Op::kMod, {floats({2}, {-4.3F, 7.2F}), floats({2}, {2.1F, -3.4F})}),
                     floats({2}, {2.0F, -3.0F}), 1e-6);
  EXPECT_OUTPUT(run(Op::kMod, {int64s({1}, {INT64_MIN}), int64s({1}, {-1})}), int64s({1}, {0}));
  EXPECT_ERROR(run(Op::kMod, {a, int32s({}, {0})}), StatusCode::kInvalidData, "by zero");
  EXPECT_ERROR(run(Op::kMod, {a, int32s({}, {0})}, {{"fmod", int64_t{1}}}), StatusCode::kInvalidData, "by zero");
}

TEST(MaxMin, FoldAllOperandsAndPassNaNOn) {
  const Tensor a = floats({3}, {1, 5, kNaN});
  const Tensor b = floats({3}, {2, kNaN, 0});
  EXPECT_OUTPUT(run(Op::kMax, {a, b}), floats({3}, {2, kNaN, kNaN}));
  EXPECT_OUTPUT(run(Op::kMin, {a, b}), floats({3}, {1, kNaN, kNaN}));
  EXPECT_OUTPUT(run(Op::kMax, {a}), a);
  EXPECT_OUTPUT(run(Op::kMax, {int8s({2, 1}, {-1, 4}), int8s({}, {0}), int8s({3}, {1, 2, 3})}),
                int8s({2, 3}, {1, 2, 3, 4, 4, 4}));
}

TEST(PRelu, ScalesNegativeValuesBySlope) {
  EXPECT_OUTPUT(run(Op::kPRelu, {floats({2, 2}, {-1, 2, -3, 4}), floats({2, 1}, {0.5F, 2})}),
                floats({2, 2}, {-0.5F, 2, -6, 4}));
  EXPECT_ERROR(run(Op::kPRelu, {floats({2}, {1, 2}), floats({2, 2}, {1, 1, 1, 1})}), StatusCode::kInvalidData, "slope");
}

TEST(Pow, MixesElementTypes) {
  EXPECT_OUTPUT(run(Op::kPow, {floats({3}, {1, 2, 3}), floats({3}, {4, 5, 0.0F})}), floats({3}, {1, 32, 1}));
  EXPECT_OUTPUT(run(Op::kPow, {floats({2}, {2, 3}), int64s({}, {2})}), floats({2}, {4, 9}));
  EXPECT_OUTPUT(run(Op::kPow, {int32s({2}, {2, 9}), floats({}, {0.5F})}), int32s({2}, {1, 3}));
  EXPECT_OUTPUT(run(Op::kPow, {int64s({3}, {-3, 2, 0}), int32s({3}, {3, 62, 0})}),
                int64s({3}, {-27, int64_t{1} << 62, 1}));
  EXPECT_OUTPUT(run(Op::kPow, {int8s({1}, {3}), int8s({1}, {5})}), int8s({1}, {-13}));
  EXPECT_OUTPUT(run(Op::kPow, {halves({1}, {3}), floats({1}, {2})}), halves({1}, {9}));
  EXPECT_ERROR(run(Op::kPow, {int64s({1}, {2}), int64s({1}, {-1})}), StatusCode::kInvalidData, "power of -1");
}

TEST(Comparison, AnswersWithBool) {
  const Tensor a = floats({4}, {1, 2, 3, kNaN});
  const Tensor b = floats({4}, {2, 2, 2, kNaN});
  EXPECT_OUTPUT(run(Op::kEqual, {a, b}), bools({4}, {false, true, false, false}));
  EXPECT_OUTPUT(run(Op::kGreater, {a, b}), bools({4}, {false, false, true, false}));
  EXPECT_OUTPUT(run(Op::kGreaterOrEqual, {a, b}), bools({4}, {false, true, true, false}));
  EXPECT_OUTPUT(run(Op::kLess, {a, b}), bools({4}, {true, false, false, false}));
  EXPECT_OUTPUT(run(Op::kLessOrEqual, {a, b}), bools({4}, {true, true, false, false}));
}

TEST(Comparison, TakesEveryElementType) {
  EXPECT_OUTPUT(run(Op::kEqual, {bools({2}, {true, false}), bools({}, {false})}), bools({2}, {false, true}));
  EXPECT_OUTPUT(run(Op::kLess, {tensor<uint64_t>({1}, {1}), tensor<uint64_t>({1}, {UINT64_MAX})}), bools({1}, {true}));
  EXPECT_OUTPUT(run(Op::kLess, {halves({1}, {1}), halves({1}, {2})}), bools({1}, {true}));
  EXPECT_ERROR(run(Op::kLess, {bools({1}, {true}), bools({1}, {true})}), StatusCode::kInvalidData, "bool");
}

TEST(Logic, WorksOnBoolAndBits) {
  const Tensor a = bools({4}, {false, false, true, true});
  const Tensor b = bools({4}, {false, true, false, true});
  EXPECT_OUTPUT(run(Op::kAnd, {a, b}), bools({4}, {false, false, false, true}));
  EXPECT_OUTPUT(run(Op::kOr, {a, b}), bools({4}, {false, true, true, true}));
  EXPECT_OUTPUT(run(Op::kXor, {a, b}), bools({4}, {false, true, true, false}));
  const Tensor m = int8s({2}, {0x0F, -1});
  const Tensor n = int8s({}, {0x3C});
  EXPECT_OUTPUT(run(Op::kBitwiseAnd, {m, n}), int8s({2}, {0x0C, 0x3C}));
  EXPECT_OUTPUT(run(Op::kBitwiseOr, {m, n}), int8s({2}, {0x3F, -1}));
  EXPECT_OUTPUT(run(Op::kBitwiseXor, {m, n}), int8s({2}, {0x33, -61}));
  EXPECT_ERROR(run(Op::kAnd, {m, n}), StatusCode::kInvalidData, "i8");
  EXPECT_ERROR(run(Op::kBitwiseOr, {floats({}, {1}), floats({}, {1})}), StatusCode::kInvalidData, "f32");
}

TEST(BitShift, ShiftsEveryBitOut) {
  const Tensor x = tensor<uint8_t>({4}, {16, 255, 1, 255});
  const Tensor by = tensor<uint8_t>({4}, {1, 4, 8, 200});
  EXPECT_OUTPUT(run(Op::kBitShift, {x, by}), tensor<uint8_t>({4}, {32, 240, 0, 0}));
  EXPECT_OUTPUT(run(Op::kBitShift, {x, by}, {{"direction", std::string("RIGHT")}}),
                tensor<uint8_t>({4}, {8, 15, 0, 0}));
  EXPECT_OUTPUT(run(Op::kBitShift, {tensor<uint64_t>({1}, {1}), tensor<uint64_t>({1}, {63})}),
                tensor<uint64_t>({1}, {uint64_t{1} << 63}));
}

TEST(Where, ChoosesAnyElementType) {
  const Tensor condition = bools({2, 1}, {true, false});
  EXPECT_OUTPUT(run(Op::kWhere, {condition, floats({2}, {1, 2}), floats({}, {9})}), floats({2, 2}, {1, 2, 9, 9}));
  EXPECT_OUTPUT(run(Op::kWhere, {condition, bools({}, {true}), bools({}, {false})}), bools({2, 1}, {true, false}));
  EXPECT_OUTPUT(run(Op::kWhere, {condition, int64s({}, {5}), int64s({2, 1}, {6, 7})}), int64s({2, 1}, {5, 7}));
  EXPECT_OUTPUT(run(Op::kWhere, {condition, halves({}, {0.1F}), halves({}, {2})}), halves({2, 1}, {0.1F, 2}));
  EXPECT_ERROR(run(Op::kWhere, {floats({1}, {1}), floats({1}, {1}), floats({1}, {1})}), StatusCode::kInvalidData,
               "condition is f32");
}

}  // namespace
}  // namespace sixtops::cpu::reference
