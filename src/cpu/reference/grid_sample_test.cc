#include <limits>

#include "cpu/reference/kernel_testing.h"

namespace sixtops::cpu::reference {
namespace {

using I = int64_t;
using Text = std::string;

// One row of pixels 10, 20, 30, sampled at the given x.
Result<Outputs> sample(const std::vector<float>& x, const char* mode, const char* padding, I align_corners = 0) {
  std::vector<float> grid;
  for (const float value : x) grid.insert(grid.end(), {value, 0});
  return run(Op::kGridSample, {floats({1, 1, 1, 3}, {10, 20, 30}), floats({1, 1, static_cast<I>(x.size()), 2}, grid)},
             {{"mode", Text(mode)}, {"padding_mode", Text(padding)}, {"align_corners", align_corners}});
}

TEST(GridSample, InterpolatesLinearly) {
  // Without aligned corners x lies at 1.5 x + 1, with them at x + 1.
  EXPECT_OUTPUT_NEAR(sample({0, 0.5F, -2.0F / 3, 1}, "linear", "zeros"), floats({1, 1, 1, 4}, {20, 27.5F, 10, 15}),
                     1e-4);
  EXPECT_OUTPUT_NEAR(sample({-1, 0.5F, 1}, "linear", "zeros", 1), floats({1, 1, 1, 3}, {10, 25, 30}), 1e-4);
  EXPECT_OUTPUT_NEAR(sample({1, 3}, "linear", "border"), floats({1, 1, 1, 2}, {30, 30}), 1e-4);
  EXPECT_OUTPUT_NEAR(sample({1.5F, -1.5F}, "linear", "reflection", 1), floats({1, 1, 1, 2}, {25, 15}), 1e-4);
  EXPECT_OUTPUT_NEAR(sample({4.0F / 3, 2}, "linear", "reflection"), floats({1, 1, 1, 2}, {30, 20}), 1e-4);
}

TEST(GridSample, PicksTheNearest) {
  EXPECT_OUTPUT(sample({-1, 0.2F, 0.6F, 3}, "nearest", "zeros"), floats({1, 1, 1, 4}, {10, 20, 30, 0}));
  EXPECT_OUTPUT(sample({-9, 3}, "nearest", "border"), floats({1, 1, 1, 2}, {10, 30}));
  EXPECT_OUTPUT(sample({2}, "nearest", "reflection", 1), floats({1, 1, 1, 1}, {20}));
}

TEST(GridSample, InterpolatesByCubics) {
  // At 1.5: weights -0.09375, 0.59375, 0.59375, -0.09375; the row has extent 1, so aligned it is read once.
  EXPECT_OUTPUT_NEAR(sample({0.5F}, "cubic", "border", 1), floats({1, 1, 1, 1}, {25.9375F}), 1e-4);
  EXPECT_OUTPUT_NEAR(sample({0.5F}, "cubic", "zeros", 1), floats({1, 1, 1, 1}, {28.75F}), 1e-4);
  EXPECT_OUTPUT_NEAR(sample({0.5F}, "cubic", "reflection", 1), floats({1, 1, 1, 1}, {26.875F}), 1e-4);
}

TEST(GridSample, SurvivesHostileCoordinates) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  for (const char* mode : {"linear", "nearest", "cubic"}) {
    const std::vector<float> far = {kInf, -kInf, kNaN, 1e30F, -1e30F};
    EXPECT_OUTPUT(sample(far, mode, "zeros"), floats({1, 1, 1, 5}, {0, 0, 0, 0, 0}));
    EXPECT_OUTPUT_NEAR(sample(far, mode, "border", 1), floats({1, 1, 1, 5}, {30, 10, 10, 30, 10}), 1e-4);
    EXPECT_TRUE(sample(far, mode, "reflection").ok());
  }
}

TEST(GridSample, SamplesVolumesChannelsAndBatches) {
  const Tensor x = floats({2, 2, 1, 1, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  const Tensor grid = floats({2, 1, 1, 1, 3}, {1, 0, 0, 0, 0, 0});
  EXPECT_OUTPUT(run(Op::kGridSample, {x, grid}, {{"align_corners", I{1}}}),
                floats({2, 2, 1, 1, 1}, {2, 4, 5.5F, 7.5F}));
}

TEST(GridSample, RefusesShapesThatDoNotFit) {
  const Tensor x = floats({1, 1, 1, 1}, {1});
  EXPECT_ERROR(run(Op::kGridSample, {x, floats({1, 1, 1, 3}, {0, 0, 0})}), StatusCode::kInvalidData, "1x1x1x3");
  EXPECT_ERROR(run(Op::kGridSample, {x, floats({2, 1, 1, 2}, {0, 0, 0, 0})}), StatusCode::kInvalidData, "2x1x1x2");
  EXPECT_ERROR(run(Op::kGridSample, {floats({1, 1, 0, 1}, {}), floats({1, 1, 1, 2}, {0, 0})}), StatusCode::kInvalidData,
               "no element");
}

TEST(AffineGrid, MapsOutputPixelsToInputCoordinates) {
  const Tensor identity = floats({1, 2, 3}, {1, 0, 0, 0, 1, 0});
  EXPECT_OUTPUT(run(Op::kAffineGrid, {identity, int64s({4}, {1, 1, 1, 2})}), floats({1, 1, 2, 2}, {-0.5F, 0, 0.5F, 0}));
  EXPECT_OUTPUT(run(Op::kAffineGrid, {identity, int64s({4}, {1, 1, 1, 3})}, {{"align_corners", I{1}}}),
                floats({1, 1, 3, 2}, {-1, 0, 0, 0, 1, 0}));
  const Tensor moved = floats({1, 2, 3}, {0, 2, 1, 1, 0, -1});
  EXPECT_OUTPUT(run(Op::kAffineGrid, {moved, int64s({4}, {1, 1, 2, 1})}), floats({1, 2, 1, 2}, {0, -1, 2, -1}));
  const Tensor volume = floats({1, 3, 4}, {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 5});
  EXPECT_OUTPUT(run(Op::kAffineGrid, {volume, int64s({5}, {1, 1, 2, 1, 1})}),
                floats({1, 2, 1, 1, 3}, {0, 0, 4.5F, 0, 0, 5.5F}));
  EXPECT_ERROR(run(Op::kAffineGrid, {identity, int64s({3}, {1, 1, 1})}), StatusCode::kInvalidData, "3 sizes");
  EXPECT_ERROR(run(Op::kAffineGrid, {identity, int64s({4}, {2, 1, 1, 1})}), StatusCode::kInvalidData, "theta");
}

}  // namespace
}  // namespace sixtops::cpu::reference
