#include "cpu/reference/strided_loop.h"

#include <gtest/gtest.h>

namespace sixtops::cpu::reference {
namespace {

// The offsets of operand 0 in the order of the walk, and the number of rows that it took.
std::pair<std::vector<int64_t>, int> walk(const Shape& extents, const std::vector<Strides>& operands) {
  std::vector<int64_t> offsets;
  int rows = 0;
  for_each_run(extents, operands, [&](const Run& run) {
    ++rows;
    for (int64_t i = 0; i < run.length; ++i) offsets.push_back(run.offset[0] + i * run.step[0]);
  });
  return {offsets, rows};
}

TEST(StridedLoop, WalksDenseAxesAsOneRow) {
  const auto [offsets, rows] = walk({2, 1, 3}, {{3, 3, 1}});
  EXPECT_EQ(offsets, (std::vector<int64_t>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(rows, 1);
}

TEST(StridedLoop, FollowsPermutedStrides) {
  const auto [offsets, rows] = walk({3, 2}, {{1, 3}});
  EXPECT_EQ(offsets, (std::vector<int64_t>{0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(rows, 3);
}

TEST(StridedLoop, KeepsAxesApartThatOneOperandDoesNotLayOutDensely) {
  const auto [offsets, rows] = walk({2, 2, 2}, {{4, 2, 1}, {0, 0, 1}});
  EXPECT_EQ(offsets, (std::vector<int64_t>{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(rows, 4);
}

TEST(StridedLoop, WalksBackwards) { EXPECT_EQ(walk({2, 2}, {{-2, -1}}).first, (std::vector<int64_t>{0, -1, -2, -3})); }

TEST(StridedLoop, VisitsAScalarOnceAndAnEmptySpaceNever) {
  EXPECT_EQ(walk({}, {{}}).first, (std::vector<int64_t>{0}));
  EXPECT_TRUE(walk({3, 0, 2}, {{0, 2, 1}}).first.empty());
}

TEST(StridedLoop, BroadcastStridesAreZeroWhereTheShapeIsRepeated) {
  EXPECT_EQ(broadcast_strides({3, 1, 2}, {4, 3, 5, 2}), (Strides{0, 2, 0, 1}));
  EXPECT_EQ(broadcast_strides({}, {2, 2}), (Strides{0, 0}));
}

}  // namespace
}  // namespace sixtops::cpu::reference
