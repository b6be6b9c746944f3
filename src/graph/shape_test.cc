#include "graph/shape.h"

#include <gtest/gtest.h>

namespace sixtops {
namespace {

TEST(Shape, CountsElements) {
  EXPECT_EQ(*element_count({}), 1);
  EXPECT_EQ(*element_count({2, 3, 4}), 24);
  EXPECT_EQ(*element_count({0, 3}), 0);
  EXPECT_FALSE(element_count({int64_t{1} << 40, int64_t{1} << 40}).ok());
  EXPECT_FALSE(element_count({0, int64_t{1} << 40, int64_t{1} << 40}).ok());
  EXPECT_FALSE(element_count({kUnknownExtent}).ok());
}

TEST(Shape, Text) {
  EXPECT_EQ(shape_text({1, kUnknownExtent, 3}), "1x?x3");
  EXPECT_EQ(shape_text({}), "scalar");
}

TEST(Shape, Strides) {
  EXPECT_EQ(row_major_strides({2, 3, 4}), (std::vector<int64_t>{12, 4, 1}));
  EXPECT_TRUE(row_major_strides({}).empty());
}

TEST(Shape, Broadcasts) {
  EXPECT_EQ(*broadcast({2, 1, 4}, {3, 1}), (Shape{2, 3, 4}));
  EXPECT_EQ(*broadcast({}, {3}), (Shape{3}));
  EXPECT_EQ(*broadcast({0}, {1}), (Shape{0}));
  EXPECT_EQ(*broadcast({kUnknownExtent}, {1}), (Shape{kUnknownExtent}));
  EXPECT_EQ(*broadcast({kUnknownExtent}, {5}), (Shape{5}));
  EXPECT_FALSE(broadcast({2}, {3}).ok());
  EXPECT_FALSE(broadcast({2}, {0}).ok());
}

TEST(Shape, NormalizesAxes) {
  EXPECT_EQ(*normalize_axis(-1, 3), 2);
  EXPECT_EQ(*normalize_axis(0, 3), 0);
  EXPECT_FALSE(normalize_axis(3, 3).ok());
  EXPECT_FALSE(normalize_axis(-4, 3).ok());
  EXPECT_FALSE(normalize_axis(0, 0).ok());
}

}  // namespace
}  // namespace sixtops
