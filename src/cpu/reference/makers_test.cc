#include "cpu/reference/kernel_testing.h"

namespace sixtops::cpu::reference {
namespace {

using I = int64_t;

TEST(ConstantOfShape, FillsAnyElementType) {
  EXPECT_OUTPUT(run(Op::kConstantOfShape, {int64s({2}, {1, 2})}), floats({1, 2}, {0, 0}));
  EXPECT_OUTPUT(run(Op::kConstantOfShape, {int64s({1}, {2})}, {{"value", 1.5F}, {"dtype", std::string("f16")}}),
                halves({2}, {1.5F, 1.5F}));
  EXPECT_OUTPUT(run(Op::kConstantOfShape, {int64s({0}, {})}, {{"value_int", I{7}}, {"dtype", std::string("i64")}}),
                int64s({}, {7}));
  EXPECT_OUTPUT(run(Op::kConstantOfShape, {int64s({1}, {0})}), floats({0}, {}));
  EXPECT_ERROR(run(Op::kConstantOfShape, {int64s({1}, {-1})}), StatusCode::kInvalidData, "negative extent");
  const std::vector<Operand> hostile = {int64s({2}, {I{1} << 31, I{1} << 31})};
  EXPECT_ERROR(run(make_node(Op::kConstantOfShape, hostile), hostile, 1 << 20), StatusCode::kResource, "");
}

TEST(EyeLike, SetsADiagonal) {
  const Tensor x = int32s({2, 3}, {9, 9, 9, 9, 9, 9});
  EXPECT_OUTPUT(run(Op::kEyeLike, {x}), int32s({2, 3}, {1, 0, 0, 0, 1, 0}));
  EXPECT_OUTPUT(run(Op::kEyeLike, {x}, {{"k", I{2}}, {"dtype", std::string("f32")}}),
                floats({2, 3}, {0, 0, 1, 0, 0, 0}));
  EXPECT_OUTPUT(run(Op::kEyeLike, {x}, {{"k", I{-1}}}), int32s({2, 3}, {0, 0, 0, 1, 0, 0}));
  EXPECT_OUTPUT(run(Op::kEyeLike, {x}, {{"k", I{99}}}), int32s({2, 3}, {0, 0, 0, 0, 0, 0}));
  EXPECT_ERROR(run(Op::kEyeLike, {floats({1}, {0})}), StatusCode::kInvalidData, "a matrix");
}

TEST(OneHot, SwitchesOnOnePerIndex) {
  const Tensor off_and_on = floats({2}, {-1, 5});
  EXPECT_OUTPUT(run(Op::kOneHot, {int64s({3}, {0, -1, 7}), int64s({}, {2}), off_and_on}),
                floats({3, 2}, {5, -1, -1, 5, -1, -1}));
  EXPECT_OUTPUT(run(Op::kOneHot, {int64s({2}, {1, 0}), int64s({1}, {3}), off_and_on}, {{"axis", I{0}}}),
                floats({3, 2}, {-1, 5, 5, -1, -1, -1}));
  EXPECT_OUTPUT(run(Op::kOneHot, {floats({1}, {1}), floats({}, {2}), int64s({2}, {0, 1})}), int64s({1, 2}, {0, 1}));
  EXPECT_ERROR(run(Op::kOneHot, {int64s({1}, {1}), int64s({}, {-2}), off_and_on}), StatusCode::kInvalidData, "depth");
  EXPECT_ERROR(run(Op::kOneHot, {int64s({1}, {1}), int64s({}, {2}), floats({1}, {0})}), StatusCode::kInvalidData,
               "1 values");
}

TEST(Range, CountsUpAndDown) {
  const auto range = [](I start, I limit, I delta) {
    return run(Op::kRange, {int64s({}, {start}), int64s({}, {limit}), int64s({}, {delta})});
  };
  EXPECT_OUTPUT(range(3, 9, 3), int64s({2}, {3, 6}));
  EXPECT_OUTPUT(range(10, 4, -2), int64s({3}, {10, 8, 6}));
  EXPECT_OUTPUT(range(1, 1, 1), int64s({0}, {}));
  EXPECT_OUTPUT(range(INT64_MIN, INT64_MAX, INT64_MAX), int64s({3}, {INT64_MIN, -1, INT64_MAX - 1}));
  EXPECT_OUTPUT(range(INT64_MAX, INT64_MIN, INT64_MIN), int64s({2}, {INT64_MAX, -1}));
  EXPECT_ERROR(range(0, 1, 0), StatusCode::kInvalidData, "step 0");
  EXPECT_ERROR(range(INT64_MIN, INT64_MAX, 1), StatusCode::kInvalidData, "elements");
  EXPECT_OUTPUT(run(Op::kRange, {floats({}, {1}), floats({}, {2}), floats({}, {0.5F})}), floats({2}, {1, 1.5F}));
  EXPECT_ERROR(run(Op::kRange, {floats({}, {0}), floats({}, {1e30F}), floats({}, {1e-30F})}), StatusCode::kInvalidData,
               "a range");
  EXPECT_ERROR(run(Op::kRange, {floats({}, {0}), int64s({}, {1}), floats({}, {1})}), StatusCode::kInvalidData, "i64");
}

TEST(Questions, AnswerShapeAndSize) {
  const Tensor x = floats({2, 0, 3}, {});
  EXPECT_OUTPUT(run(Op::kShape, {x}), int64s({3}, {2, 0, 3}));
  EXPECT_OUTPUT(run(Op::kShape, {x}, {{"start", I{-2}}, {"end", I{-1}}}), int64s({1}, {0}));
  EXPECT_OUTPUT(run(Op::kShape, {x}, {{"start", I{-9}}, {"end", I{99}}}), int64s({3}, {2, 0, 3}));
  EXPECT_OUTPUT(run(Op::kShape, {x}, {{"start", I{2}}, {"end", I{1}}}), int64s({0}, {}));
  EXPECT_OUTPUT(run(Op::kShape, {halves({}, {1})}), int64s({0}, {}));
  EXPECT_OUTPUT(run(Op::kSize, {x}), int64s({}, {0}));
  EXPECT_OUTPUT(run(Op::kSize, {floats({}, {1})}), int64s({}, {1}));
}

TEST(NonZero, ListsCoordinates) {
  EXPECT_OUTPUT(run(Op::kNonZero, {bools({2, 2}, {true, false, true, true})}), int64s({2, 3}, {0, 1, 1, 0, 0, 1}));
  EXPECT_OUTPUT(run(Op::kNonZero, {halves({3}, {0, -0.0F, 2})}), int64s({1, 1}, {2}));
  EXPECT_OUTPUT(run(Op::kNonZero, {floats({0, 2}, {})}), int64s({2, 0}, {}));
  EXPECT_OUTPUT(run(Op::kNonZero, {floats({}, {1})}), int64s({0, 1}, {}));
}

}  // namespace
}  // namespace sixtops::cpu::reference
