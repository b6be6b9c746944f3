#include <limits>

#include "cpu/reference/kernel_testing.h"

namespace sixtops::cpu::reference {
namespace {

using I = int64_t;

const Tensor kBoxes =
    floats({1, 6, 4}, {0.0F, 0.0F,  1.0F, 1.0F,  0.0F, 0.1F,  1.0F, 1.1F,  0.0F, -0.1F,  1.0F, 0.9F,
                       0.0F, 10.0F, 1.0F, 11.0F, 0.0F, 10.1F, 1.0F, 11.1F, 0.0F, 100.0F, 1.0F, 101.0F});
const Tensor kScores = floats({1, 1, 6}, {0.9F, 0.75F, 0.6F, 0.95F, 0.5F, 0.3F});

Result<Outputs> suppress(const Tensor& boxes, const Tensor& scores, I most, float iou, float score = 0) {
  return run(Op::kNonMaxSuppression, {boxes, scores, int64s({1}, {most}), floats({1}, {iou}), floats({1}, {score})});
}

TEST(NonMaxSuppression, KeepsTheBestOfOverlappingBoxes) {
  EXPECT_OUTPUT(suppress(kBoxes, kScores, 3, 0.5F), int64s({3, 3}, {0, 0, 3, 0, 0, 0, 0, 0, 5}));
  EXPECT_OUTPUT(suppress(kBoxes, kScores, 2, 0.5F), int64s({2, 3}, {0, 0, 3, 0, 0, 0}));
  EXPECT_OUTPUT(suppress(kBoxes, kScores, 3, 0.5F, 0.4F), int64s({2, 3}, {0, 0, 3, 0, 0, 0}));
}

TEST(NonMaxSuppression, KeepsNothingWithoutALimitOfBoxes) {
  EXPECT_OUTPUT(run(Op::kNonMaxSuppression, {kBoxes, kScores}), int64s({0, 3}, {}));
  EXPECT_OUTPUT(suppress(kBoxes, kScores, -5, 0.5F), int64s({0, 3}, {}));
}

TEST(NonMaxSuppression, AcceptsCornersInAnyOrderAndCentres) {
  const Tensor flipped = floats({1, 2, 4}, {1, 1, 0, 0, 0, 0.1F, 1, 1.1F});
  EXPECT_OUTPUT(suppress(flipped, floats({1, 1, 2}, {0.5F, 0.6F}), 9, 0.5F), int64s({1, 3}, {0, 0, 1}));
  const Tensor centres = floats({1, 2, 4}, {0.5F, 0.5F, 1, 1, 0.6F, 0.5F, 1, 1});
  EXPECT_OUTPUT(
      run(Op::kNonMaxSuppression, {centres, floats({1, 1, 2}, {0.5F, 0.6F}), int64s({}, {9}), floats({}, {0.5F})},
          {{"center_point_box", I{1}}}),
      int64s({1, 3}, {0, 0, 1}));
}

TEST(NonMaxSuppression, GoesThroughBatchesAndClasses) {
  const Tensor boxes = floats({2, 1, 4}, {0, 0, 1, 1, 0, 0, 1, 1});
  EXPECT_OUTPUT(suppress(boxes, floats({2, 2, 1}, {0.1F, 0.2F, 0.3F, 0.4F}), 1, 0.5F, 0.15F),
                int64s({3, 3}, {0, 1, 0, 1, 0, 0, 1, 1, 0}));
}

TEST(NonMaxSuppression, SurvivesHostileNumbers) {
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInf = std::numeric_limits<float>::infinity();
  const Tensor boxes = floats({1, 3, 4}, {kNaN, kNaN, kNaN, kNaN, -kInf, -kInf, kInf, kInf, 0, 0, 0, 0});
  EXPECT_OUTPUT(suppress(boxes, floats({1, 1, 3}, {1, kNaN, 0.5F}), INT64_MAX, kNaN),
                int64s({2, 3}, {0, 0, 0, 0, 0, 2}));
  EXPECT_OUTPUT(suppress(floats({1, 0, 4}, {}), floats({1, 5, 0}, {}), 3, 0.5F), int64s({0, 3}, {}));
}

TEST(NonMaxSuppression, RefusesShapesThatDoNotFit) {
  EXPECT_ERROR(suppress(kBoxes, floats({1, 1, 5}, {1, 1, 1, 1, 1}), 1, 0.5F), StatusCode::kInvalidData, "1x6x4");
  EXPECT_ERROR(run(Op::kNonMaxSuppression, {kBoxes, kScores, int64s({2}, {1, 1})}), StatusCode::kInvalidData,
               "2 elements");
}

}  // namespace
}  // namespace sixtops::cpu::reference
