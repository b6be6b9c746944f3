#include "vision/region.h"

#include <gtest/gtest.h>

namespace sixtops::vision {
namespace {

TEST(Region, ContainsByTheEvenOddRule) {
  const Polygon concave = {{0, 0}, {1, 0}, {1, 1}, {0.5, 0.2}, {0, 1}};
  EXPECT_TRUE(contains(concave, {0.1, 0.5}));
  EXPECT_TRUE(contains(concave, {0.9, 0.5}));
  EXPECT_FALSE(contains(concave, {0.5, 0.5}));
  EXPECT_FALSE(contains(concave, {1.5, 0.5}));
}

TEST(Region, CrossingTellsTheSide) {
  const Point from{0, 0.5}, to{1, 0.5};  // a walker to the right of the picture: below is on the right hand
  EXPECT_EQ(crossing(from, to, {0.5, 0.4}, {0.5, 0.6}), 1);
  EXPECT_EQ(crossing(from, to, {0.5, 0.6}, {0.5, 0.4}), -1);
  EXPECT_EQ(crossing(from, to, {0.5, 0.1}, {0.5, 0.4}), 0);
  EXPECT_EQ(crossing({0.2, 0.5}, {0.4, 0.5}, {0.5, 0.4}, {0.5, 0.6}), 0);  // beside the segment
}

TEST(Region, RestingOnTheLineCrossesOnce) {
  const Point from{0, 0.5}, to{1, 0.5};
  EXPECT_EQ(crossing(from, to, {0.5, 0.4}, {0.5, 0.5}), 1);
  EXPECT_EQ(crossing(from, to, {0.5, 0.5}, {0.5, 0.5}), 0);
  EXPECT_EQ(crossing(from, to, {0.5, 0.5}, {0.5, 0.6}), 0);
}

}  // namespace
}  // namespace sixtops::vision
