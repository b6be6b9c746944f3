#include <limits>

#include "cpu/reference/kernel_testing.h"

namespace sixtops::cpu::reference {
namespace {

using I = int64_t;
constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

const AttributeList kLastAxisDropped = {{"axes", Ints{-1}}, {"keepdims", I{0}}};

struct Case {
  Op op;
  std::vector<float> y;       // of each row of {{1, -2}, {3, 4}}
  float of_nothing;           // the reduction of no element
  std::vector<int32_t> ints;  // the same of int32
};

class Reduce : public testing::TestWithParam<Case> {};

TEST_P(Reduce, ReducesFloatsAndIntegers) {
  const auto& [op, y, of_nothing, ints] = GetParam();
  EXPECT_OUTPUT_NEAR(run(op, {floats({2, 2}, {1, -2, 3, 4})}, kLastAxisDropped), floats({2}, y), 1e-6);
  EXPECT_OUTPUT(run(op, {int32s({2, 2}, {1, -2, 3, 4})}, kLastAxisDropped), int32s({2}, ints));
  EXPECT_OUTPUT(run(op, {floats({2, 0}, {})}, kLastAxisDropped), floats({2}, {of_nothing, of_nothing}));
}

INSTANTIATE_TEST_SUITE_P(
    Ops, Reduce,
    testing::Values(Case{Op::kReduceL1, {3, 7}, 0, {3, 7}}, Case{Op::kReduceL2, {2.236068F, 5}, 0, {2, 5}},
                    Case{Op::kReduceLogSum, {kNaN, 1.9459101F}, -kInf, {0, 1}},
                    Case{Op::kReduceLogSumExp, {1.0485873F, 4.3132617F}, -kInf, {1, 4}},
                    Case{Op::kReduceMax, {1, 4}, -kInf, {1, 4}}, Case{Op::kReduceMean, {-0.5F, 3.5F}, kNaN, {0, 3}},
                    Case{Op::kReduceMin, {-2, 3}, kInf, {-2, 3}}, Case{Op::kReduceProd, {-2, 12}, 1, {-2, 12}},
                    Case{Op::kReduceSum, {-1, 7}, 0, {-1, 7}}, Case{Op::kReduceSumSquare, {5, 25}, 0, {5, 25}}));

TEST(ReduceSum, TakesAxesFromAttributeOperandOrAll) {
  const Tensor x = floats({2, 1, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_OUTPUT(run(Op::kReduceSum, {x}), floats({1, 1, 1}, {21}));
  EXPECT_OUTPUT(run(Op::kReduceSum, {x}, {{"keepdims", I{0}}}), floats({}, {21}));
  EXPECT_OUTPUT(run(Op::kReduceSum, {x, int64s({1}, {0})}), floats({1, 1, 3}, {5, 7, 9}));
  EXPECT_OUTPUT(run(Op::kReduceSum, {x}, {{"axes", Ints{0, -1}}, {"keepdims", I{0}}}), floats({1}, {21}));
  EXPECT_OUTPUT(run(Op::kReduceSum, {x, int64s({0}, {})}, {{"noop_with_empty_axes", I{1}}}), x);
  EXPECT_OUTPUT(run(Op::kReduceSum, {x, int64s({0}, {})}), floats({1, 1, 1}, {21}));
  EXPECT_ERROR(run(Op::kReduceSum, {x, int64s({1}, {3})}), StatusCode::kInvalidData, "axis 3");
  EXPECT_ERROR(run(Op::kReduceSum, {bools({1}, {true})}), StatusCode::kInvalidData, "bool");
}

TEST(ReduceSum, WrapsIntegersAndKeepsWideOnesExact) {
  EXPECT_OUTPUT(run(Op::kReduceSum, {int8s({2}, {127, 1})}), int8s({1}, {-128}));
  EXPECT_OUTPUT(run(Op::kReduceSum, {int64s({2}, {(I{1} << 60) + 1, -2})}), int64s({1}, {(I{1} << 60) - 1}));
  EXPECT_OUTPUT(run(Op::kReduceProd, {tensor<uint8_t>({2}, {16, 17})}), tensor<uint8_t>({1}, {16}));
}

TEST(ReduceMax, OrdersBoolAndNaN) {
  EXPECT_OUTPUT(run(Op::kReduceMax, {bools({2, 2}, {false, true, false, false})}, kLastAxisDropped),
                bools({2}, {true, false}));
  EXPECT_OUTPUT(run(Op::kReduceMin, {bools({2, 2}, {true, true, false, true})}, kLastAxisDropped),
                bools({2}, {true, false}));
  EXPECT_OUTPUT(run(Op::kReduceMax, {floats({3}, {1, kNaN, 2})}), floats({1}, {kNaN}));
  EXPECT_OUTPUT(run(Op::kReduceMax, {tensor<uint8_t>({0}, {})}), tensor<uint8_t>({1}, {0}));
}

TEST(ReduceLogSumExp, DoesNotOverflow) {
  EXPECT_OUTPUT_NEAR(run(Op::kReduceLogSumExp, {floats({2}, {1000, 1000})}), floats({1}, {1000.6931F}), 1e-3);
  EXPECT_OUTPUT(run(Op::kReduceLogSumExp, {floats({2}, {-kInf, -kInf})}), floats({1}, {-kInf}));
  EXPECT_OUTPUT(run(Op::kReduceLogSumExp, {floats({2}, {kInf, 1})}), floats({1}, {kInf}));
}

TEST(ReduceMean, RoundsHalvesOnce) {
  EXPECT_OUTPUT(run(Op::kReduceMean, {halves({4}, {60000, 60000, 60000, 60000})}), halves({1}, {60000}));
}

TEST(ArgReduce, BreaksTiesByAttribute) {
  const Tensor x = floats({2, 3}, {2, 1, 2, 3, 3, 1});
  EXPECT_OUTPUT(run(Op::kArgMax, {x}, {{"axis", I{1}}}), int64s({2, 1}, {0, 0}));
  EXPECT_OUTPUT(run(Op::kArgMax, {x}, {{"axis", I{1}}, {"select_last_index", I{1}}, {"keepdims", I{0}}}),
                int64s({2}, {2, 1}));
  EXPECT_OUTPUT(run(Op::kArgMin, {x}, {{"axis", I{-2}}, {"keepdims", I{0}}}), int64s({3}, {0, 0, 1}));
  EXPECT_OUTPUT(run(Op::kArgMax, {int8s({3}, {-1, 5, 2})}), int64s({1}, {1}));
}

TEST(ArgReduce, LetsNaNWinAndRefusesEmptyRows) {
  EXPECT_OUTPUT(run(Op::kArgMax, {floats({3}, {1, kNaN, kNaN})}), int64s({1}, {1}));
  EXPECT_OUTPUT(run(Op::kArgMin, {floats({3}, {1, kNaN, 0})}), int64s({1}, {1}));
  EXPECT_ERROR(run(Op::kArgMax, {floats({2, 0}, {})}, {{"axis", I{1}}}), StatusCode::kInvalidData, "no element");
  EXPECT_OUTPUT(run(Op::kArgMax, {floats({2, 0}, {})}, {{"axis", I{0}}}), int64s({1, 0}, {}));
}

TEST(CumSum, RunsBothWays) {
  const Tensor x = floats({2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_OUTPUT(run(Op::kCumSum, {x, int32s({}, {1})}), floats({2, 3}, {1, 3, 6, 4, 9, 15}));
  EXPECT_OUTPUT(run(Op::kCumSum, {x}, {{"axis", I{0}}}), floats({2, 3}, {1, 2, 3, 5, 7, 9}));
  EXPECT_OUTPUT(run(Op::kCumSum, {x, int64s({}, {-1})}, {{"exclusive", I{1}}}), floats({2, 3}, {0, 1, 3, 0, 4, 9}));
  EXPECT_OUTPUT(run(Op::kCumSum, {x, int64s({}, {1})}, {{"exclusive", I{1}}, {"reverse", I{1}}}),
                floats({2, 3}, {5, 3, 0, 11, 6, 0}));
  EXPECT_OUTPUT(run(Op::kCumSum, {int8s({2}, {127, 1}), int64s({1}, {0})}), int8s({2}, {127, -128}));
  EXPECT_OUTPUT(run(Op::kCumSum, {floats({0, 2}, {}), int64s({1}, {0})}), floats({0, 2}, {}));
  EXPECT_ERROR(run(Op::kCumSum, {x, int64s({2}, {0, 1})}), StatusCode::kInvalidData, "2 axes");
}

void expect_top(const Result<Outputs>& result, const Tensor& values, const Tensor& indices) {
  ASSERT_TRUE(result.ok()) << result.status().message();
  ASSERT_EQ(result->size(), 2u);
  expect_equal((*result)[0], values);
  expect_equal((*result)[1], indices);
}

TEST(TopK, OrdersByValueThenIndex) {
  const Tensor x = floats({2, 4}, {1, 3, 3, 2, 0, -1, 5, 0});
  expect_top(run(Op::kTopK, {x, int64s({1}, {3})}, {}, 2), floats({2, 3}, {3, 3, 2, 5, 0, 0}),
             int64s({2, 3}, {1, 2, 3, 2, 0, 3}));
  expect_top(run(Op::kTopK, {x}, {{"k", I{2}}, {"largest", I{0}}}, 2), floats({2, 2}, {1, 2, -1, 0}),
             int64s({2, 2}, {0, 3, 1, 0}));
  expect_top(run(Op::kTopK, {x}, {{"k", I{1}}, {"axis", I{0}}}, 2), floats({1, 4}, {1, 3, 5, 2}),
             int64s({1, 4}, {0, 0, 1, 0}));
  expect_top(run(Op::kTopK, {int64s({2}, {7, 9})}, {{"k", I{2}}}, 2), int64s({2}, {9, 7}), int64s({2}, {1, 0}));
}

TEST(TopK, CountsNaNAsTheLargest) {
  expect_top(run(Op::kTopK, {floats({5}, {1, kNaN, kInf, kNaN, -kInf})}, {{"k", I{5}}}, 2),
             floats({5}, {kNaN, kNaN, kInf, 1, -kInf}), int64s({5}, {1, 3, 2, 0, 4}));
}

TEST(TopK, TakesNothingAndRefusesTooMuch) {
  const Tensor x = floats({2}, {1, 2});
  expect_top(run(Op::kTopK, {x}, {{"k", I{0}}}, 2), floats({0}, {}), int64s({0}, {}));
  expect_top(run(Op::kTopK, {floats({0, I{1} << 40}, {})}, {{"k", I{1}}}, 2), floats({0, 1}, {}), int64s({0, 1}, {}));
  EXPECT_ERROR(run(Op::kTopK, {x, int64s({1}, {3})}, {}, 2), StatusCode::kInvalidData, "best 3 of 2");
  EXPECT_ERROR(run(Op::kTopK, {x, int64s({1}, {-1})}, {}, 2), StatusCode::kInvalidData, "best -1");
}

TEST(Det, OfMatrices) {
  EXPECT_OUTPUT_NEAR(run(Op::kDet, {floats({2, 2, 2}, {1, 2, 3, 4, 0, 1, 1, 0})}), floats({2}, {-2, -1}), 1e-6);
  EXPECT_OUTPUT(run(Op::kDet, {floats({3, 3}, {1, 2, 3, 2, 4, 6, 0, 1, 5})}), floats({}, {0}));
  EXPECT_OUTPUT(run(Op::kDet, {floats({0, 0}, {})}), floats({}, {1}));
  EXPECT_ERROR(run(Op::kDet, {floats({2, 1}, {1, 2})}), StatusCode::kInvalidData, "square");
}

}  // namespace
}  // namespace sixtops::cpu::reference
