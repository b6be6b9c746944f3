#include "graph/types.h"

#include <gtest/gtest.h>

namespace sixtops {
namespace {

TEST(Types, NamesReadBack) {
  for (int i = 0; i <= static_cast<int>(Precision::kInt8); ++i) {
    EXPECT_EQ(parse_precision(precision_name(static_cast<Precision>(i))), static_cast<Precision>(i));
  }
  for (int i = 0; i <= static_cast<int>(ColorOrder::kGray); ++i) {
    EXPECT_EQ(parse_color(color_name(static_cast<ColorOrder>(i))), static_cast<ColorOrder>(i));
  }
  for (int i = 0; i <= static_cast<int>(ResizeMode::kCrop); ++i) {
    EXPECT_EQ(parse_resize(resize_name(static_cast<ResizeMode>(i))), static_cast<ResizeMode>(i));
  }
  for (int i = 0; i <= static_cast<int>(HeadKind::kFastestDet); ++i) {
    EXPECT_EQ(parse_head(head_name(static_cast<HeadKind>(i))), static_cast<HeadKind>(i));
  }
  EXPECT_FALSE(parse_head("yolo"));
}

}  // namespace
}  // namespace sixtops
