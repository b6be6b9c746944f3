#include "vision/head/centernet.h"

#include "vision/head/test_objects.h"

namespace sixtops::vision {
namespace {

constexpr int kSide = 32;
constexpr int64_t kCells = 64;

// A peak of class 1 in row 2, column 3, with a lower neighbour that is no object.
TEST(CenterNetHead, KeepsPeaks) {
  HeadTensor heat({1, 3, 8, 8}, 0);
  HeadTensor sides({1, 4, 8, 8}, 1);
  heat.at(kCells + 2 * 8 + 3) = 0.9F;
  heat.at(kCells + 2 * 8 + 4) = 0.6F;
  for (int64_t side = 0; side < 4; ++side) sides.at(side * kCells + 2 * 8 + 3) = static_cast<float>(side + 1);
  const std::vector<HeadTensor> tensors = {sides, heat};  // in any order
  std::vector<TensorView> views = views_of(tensors);
  views[1].after_sigmoid = true;
  const Result<HeadDescription> head = recognize_head(views, {.input_width = kSide, .input_height = kSide});
  ASSERT_TRUE(head.ok()) << head.status().message();
  EXPECT_EQ(head->kind, HeadKind::kCenterNet);
  EXPECT_EQ(head->classes, 3);
  const Result<std::vector<Detection>> found = decode_head(*head, views, {0.25F, kSide, kSide});
  ASSERT_TRUE(found.ok()) << found.status().message();
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ((*found)[0].class_id, 1);
  EXPECT_FLOAT_EQ((*found)[0].score, 0.9F);
  EXPECT_FLOAT_EQ((*found)[0].box.left, 11);
  EXPECT_FLOAT_EQ((*found)[0].box.top, 6);
  EXPECT_FLOAT_EQ((*found)[0].box.right, 15);
  EXPECT_FLOAT_EQ((*found)[0].box.bottom, 12);
}

}  // namespace
}  // namespace sixtops::vision
