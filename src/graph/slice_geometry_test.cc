#include "graph/slice_geometry.h"

#include <gtest/gtest.h>

#include <limits>

namespace sixtops {
namespace {

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

SlicedAxis slice_one(int64_t extent, int64_t start, int64_t end, int64_t step) {
  const std::vector<int64_t> starts = {start};
  const std::vector<int64_t> ends = {end};
  const std::vector<int64_t> axes = {0};
  const std::vector<int64_t> steps = {step};
  const Result<std::vector<SlicedAxis>> sliced = resolve_slice({extent}, starts, ends, axes, steps);
  EXPECT_TRUE(sliced.ok());
  return sliced.value()[0];
}

TEST(Slice, ClampsBothEnds) {
  EXPECT_EQ(slice_one(10, 2, 7, 1).count, 5);
  EXPECT_EQ(slice_one(10, -3, kMax, 1).count, 3);
  EXPECT_EQ(slice_one(10, kMin, kMax, 1).count, 10);
  EXPECT_EQ(slice_one(10, 7, 2, 1).count, 0);
  EXPECT_EQ(slice_one(10, 12, 20, 1).count, 0);
  EXPECT_EQ(slice_one(0, 0, 5, 1).count, 0);
  EXPECT_EQ(slice_one(10, 0, 10, kMax).count, 1);
}

TEST(Slice, CountsStepsOfBothSigns) {
  EXPECT_EQ(slice_one(10, 0, 10, 3).count, 4);
  EXPECT_EQ(slice_one(10, 1, 10, 3).count, 3);
  const SlicedAxis reversed = slice_one(10, -1, kMin, -1);
  EXPECT_EQ(reversed.begin, 9);
  EXPECT_EQ(reversed.count, 10);
  EXPECT_EQ(slice_one(10, 20, 0, -4).count, 3);
  EXPECT_EQ(slice_one(10, 9, kMin, kMin).count, 1);
  EXPECT_EQ(slice_one(0, 5, kMin, -1).count, 0);
}

TEST(Slice, UnknownExtentsStayUnknown) { EXPECT_EQ(slice_one(kUnknownExtent, 0, 5, 1).count, kUnknownExtent); }

TEST(Slice, RefusesContradictions) {
  const std::vector<int64_t> one = {1};
  const std::vector<int64_t> two = {0, 1};
  const std::vector<int64_t> twice = {1, -1};
  const std::vector<int64_t> zero = {0};
  EXPECT_FALSE(resolve_slice({4, 4}, one, two, {}, {}).ok());
  EXPECT_FALSE(resolve_slice({4, 4}, two, two, twice, {}).ok());
  EXPECT_FALSE(resolve_slice({4}, one, one, {}, zero).ok());
  EXPECT_FALSE(resolve_slice({4}, one, one, one, {}).ok());
  EXPECT_FALSE(resolve_slice({4}, two, two, {}, {}).ok());
}

}  // namespace
}  // namespace sixtops
