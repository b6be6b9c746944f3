#include "cpu/reference/kernel_testing.h"

namespace sixtops::cpu::reference {
namespace {

const Tensor kMatrix = int8s({3, 4}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});

TEST(Slice, TakesRangesFromAttributesOrOperands) {
  EXPECT_OUTPUT(run(Op::kSlice, {kMatrix}, {{"starts", Ints{1, 0}}, {"ends", Ints{3, 2}}}),
                int8s({2, 2}, {4, 5, 8, 9}));
  EXPECT_OUTPUT(run(Op::kSlice, {kMatrix, int64s({1}, {-2}), int64s({1}, {INT64_MAX}), int64s({1}, {-1})}),
                int8s({3, 2}, {2, 3, 6, 7, 10, 11}));
  EXPECT_OUTPUT(run(Op::kSlice, {kMatrix, int32s({1}, {1}), int32s({1}, {1})}), int8s({0, 4}, {}));
}

TEST(Slice, StepsBothWays) {
  const auto step = [](int64_t start, int64_t end, int64_t by) {
    return run(Op::kSlice, {kMatrix, int64s({1}, {start}), int64s({1}, {end}), int64s({1}, {1}), int64s({1}, {by})});
  };
  EXPECT_OUTPUT(step(0, 4, 3), int8s({3, 2}, {0, 3, 4, 7, 8, 11}));
  EXPECT_OUTPUT(step(-1, INT64_MIN, -2), int8s({3, 2}, {3, 1, 7, 5, 11, 9}));
  EXPECT_OUTPUT(step(3, INT64_MIN, INT64_MIN), int8s({3, 1}, {3, 7, 11}));
  EXPECT_OUTPUT(step(INT64_MIN, INT64_MAX, INT64_MAX), int8s({3, 1}, {0, 4, 8}));
  EXPECT_ERROR(step(0, 1, 0), StatusCode::kInvalidData, "step 0");
}

TEST(Slice, MovesAnyElementSize) {
  const AttributeList last = {{"starts", Ints{1}}, {"ends", Ints{2}}};
  EXPECT_OUTPUT(run(Op::kSlice, {halves({2}, {1, 2})}, last), halves({1}, {2}));
  EXPECT_OUTPUT(run(Op::kSlice, {int64s({2}, {1, 2})}, last), int64s({1}, {2}));
  EXPECT_OUTPUT(run(Op::kSlice, {bools({2}, {false, true})}, last), bools({1}, {true}));
}

TEST(Slice, RefusesAxesThatDoNotFit) {
  EXPECT_ERROR(run(Op::kSlice, {kMatrix}), StatusCode::kInvalidData, "no starts");
  EXPECT_ERROR(run(Op::kSlice, {kMatrix}, {{"starts", Ints{0}}, {"ends", Ints{1}}, {"axes", Ints{2}}}),
               StatusCode::kInvalidData, "axis 2");
}

}  // namespace
}  // namespace sixtops::cpu::reference
