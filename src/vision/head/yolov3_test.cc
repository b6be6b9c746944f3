#include "vision/head/yolov3.h"

#include "vision/head/test_objects.h"

namespace sixtops::vision {
namespace {

constexpr int kSide = 64;
constexpr int kStride = 32;
constexpr int kClasses = 2;

// One object in cell (1, 0) of the second anchor: centre at 0.75 · 1.2 - 0.1 = 0.8 of the cell.
TEST(Yolov3Head, DecodesWithGridScale) {
  TaskHints hints;
  hints.head = HeadKind::kYolov3Raw;
  hints.strides = {kStride};
  hints.anchors = {10, 20, 30, 40};
  hints.grid_scales = {1.2F};
  HeadTensor tensor({1, 2 * (5 + kClasses), 2, 2}, -20);
  const auto set = [&](int channel, float value) { tensor.at((7 + channel) * 4 + 1) = value; };
  set(0, inverse_sigmoid(0.75));
  set(1, inverse_sigmoid(0.5));
  set(2, std::log(2.0F));
  set(3, 0);
  set(4, inverse_sigmoid(0.9));
  set(6, inverse_sigmoid(0.5));
  const std::vector<HeadTensor> tensors = {tensor};
  const std::vector<TensorView> outputs = views_of(tensors);
  const Result<HeadDescription> head = recognize_head(outputs, {kSide, kSide, HeadKind::kYolov3Raw, 0, &hints});
  ASSERT_TRUE(head.ok()) << head.status().message();
  EXPECT_EQ(head->classes, kClasses);
  EXPECT_EQ(head->input.resize, ResizeMode::kStretch);
  const Result<std::vector<Detection>> found = decode_head(*head, outputs, {0.25F, kSide, kSide, &hints});
  ASSERT_TRUE(found.ok()) << found.status().message();
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ((*found)[0].class_id, 1);
  EXPECT_NEAR((*found)[0].score, 0.45, 1e-5);
  EXPECT_NEAR((*found)[0].box.left, (1 + 0.8) * kStride - 30, 1e-3);
  EXPECT_NEAR((*found)[0].box.right, (1 + 0.8) * kStride + 30, 1e-3);
  EXPECT_NEAR((*found)[0].box.top, 0.5 * kStride - 20, 1e-3);
  EXPECT_NEAR((*found)[0].box.bottom, 0.5 * kStride + 20, 1e-3);
}

TEST(Yolov3Head, IsNeverGuessed) {
  const std::vector<HeadTensor> tensors = {HeadTensor({1, 14, 2, 2}, 0)};
  const Result<HeadDescription> head = recognize_head(views_of(tensors), {.input_width = kSide, .input_height = kSide});
  ASSERT_TRUE(head.ok());
  EXPECT_NE(head->kind, HeadKind::kYolov3Raw);
}

}  // namespace
}  // namespace sixtops::vision
