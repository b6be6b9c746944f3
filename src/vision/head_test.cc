#include "vision/head.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace sixtops::vision {
namespace {

struct Shapes {
  std::vector<std::vector<int64_t>> shapes;
  std::vector<TensorView> views(bool after_sigmoid = false) const {
    std::vector<TensorView> views;
    for (const auto& shape : shapes) views.push_back({"out", shape, {}, after_sigmoid});
    return views;
  }
};

HeadDescription recognized(const Shapes& shapes, int width, int height, bool after_sigmoid = false, int labels = 0) {
  return recognize_head(shapes.views(after_sigmoid),
                        {.input_width = width, .input_height = height, .known_classes = labels})
      .value();
}

TEST(RecognizeHead, TellsTheStockExports) {
  const auto kind = [](const Shapes& shapes, int width, int height) { return recognized(shapes, width, height).kind; };
  EXPECT_EQ(kind({{{1, 255, 80, 80}, {1, 255, 40, 40}, {1, 255, 20, 20}}}, 640, 640), HeadKind::kYolov5Raw);
  EXPECT_EQ(kind({{{1, 25200, 85}}}, 640, 640), HeadKind::kYolov5Decoded);
  EXPECT_EQ(kind({{{1, 25200, 85}, {1, 3, 80, 80, 85}, {1, 3, 40, 40, 85}, {1, 3, 20, 20, 85}}}, 640, 640),
            HeadKind::kYolov5Decoded);
  EXPECT_EQ(kind({{{1, 84, 8400}}}, 640, 640), HeadKind::kYolov8Decoded);
  EXPECT_EQ(kind({{{1, 144, 80, 80}, {1, 144, 40, 40}, {1, 144, 20, 20}}}, 640, 640), HeadKind::kYolov8Dfl);
  EXPECT_EQ(kind({{{1, 3549, 85}}}, 416, 416), HeadKind::kYolox);
  EXPECT_EQ(kind({{{1, 10647, 85}}}, 416, 416), HeadKind::kYolov5Decoded);
  EXPECT_EQ(kind({{{1, 85, 22, 22}}}, 352, 352), HeadKind::kFastestDet);
  EXPECT_EQ(kind({{{1, 8732, 4}, {1, 8732, 91}}}, 300, 300), HeadKind::kSsd);
  EXPECT_EQ(kind({{{1, 1000}}}, 224, 224), HeadKind::kClassifier);
  EXPECT_EQ(kind({{{1, 1001, 1, 1}}}, 224, 224), HeadKind::kClassifier);
  EXPECT_EQ(kind({{{1, 1, 1, 1001}}}, 224, 224), HeadKind::kClassifier);
}

TEST(RecognizeHead, TellsSigmoidFromRawByTheProducer) {
  const Shapes shapes{{{1, 255, 20, 20}, {1, 255, 80, 80}, {1, 255, 40, 40}}};
  const HeadDescription head = recognized(shapes, 640, 640, true);
  EXPECT_EQ(head.kind, HeadKind::kYolov5Sigmoid);
  EXPECT_EQ(head.classes, 80);
}

TEST(RecognizeHead, LabelsSettleTwoReadings) {
  const Shapes shapes{{{1, 144, 80, 80}, {1, 144, 40, 40}, {1, 144, 20, 20}}};
  EXPECT_EQ(recognized(shapes, 640, 640, false, 43).kind, HeadKind::kYolov5Raw);
  EXPECT_EQ(recognized(shapes, 640, 640, false, 80).kind, HeadKind::kYolov8Dfl);
}

TEST(RecognizeHead, LeavesOtherNetworksAlone) {
  const auto kind = [](const Shapes& shapes, int width, int height) { return recognized(shapes, width, height).kind; };
  EXPECT_EQ(kind({{{1, 21, 513, 513}}}, 513, 513), HeadKind::kNone);                   // segmentation
  EXPECT_EQ(kind({{{1, 1}}}, 224, 224), HeadKind::kNone);                              // a regressor
  EXPECT_EQ(kind({{{2, 1000}}}, 224, 224), HeadKind::kNone);                           // a batch
  EXPECT_EQ(kind({{{1, 25200, 117}, {1, 32, 160, 160}}}, 640, 640), HeadKind::kNone);  // boxes with masks
  EXPECT_EQ(kind({{{1, 3549, 5}}}, 416, 416), HeadKind::kNone);
  EXPECT_EQ(kind({}, 416, 416), HeadKind::kNone);
  EXPECT_EQ(kind({{{}}}, 416, 416), HeadKind::kNone);
  EXPECT_EQ(kind({{{1, 0, 0, 0}}}, 416, 416), HeadKind::kNone);
  EXPECT_EQ(kind({{{1, -1, -1}}}, 416, 416), HeadKind::kNone);
  EXPECT_EQ(kind({{{1, 255, 80, 80}, {1, 255, 40, 40}, {1, 255, 40, 40}}}, 640, 640), HeadKind::kNone);
  EXPECT_EQ(kind({{{1, 255, 80, 80}, {1, 255, 40, 40}, {1, 255, 20, 20}}}, 641, 640), HeadKind::kNone);
}

TEST(RecognizeHead, KnowsTheConventionOfTheFamily) {
  const InputDescription yolov5 = recognized({{{1, 25200, 85}}}, 640, 640).input;
  EXPECT_EQ(yolov5.color, ColorOrder::kRgb);
  EXPECT_EQ(yolov5.std, (std::vector<float>{255, 255, 255}));
  EXPECT_EQ(yolov5.resize, ResizeMode::kLetterbox);
  EXPECT_EQ(yolov5.pad_color, 114);
  const InputDescription yolox = recognized({{{1, 3549, 85}}}, 416, 416).input;
  EXPECT_EQ(yolox.color, ColorOrder::kBgr);
  EXPECT_TRUE(yolox.std.empty());
  EXPECT_EQ(yolox.resize, ResizeMode::kLetterboxTopLeft);
  const InputDescription fastest = recognized({{{1, 85, 22, 22}}}, 352, 352).input;
  EXPECT_EQ(fastest.color, ColorOrder::kBgr);
  EXPECT_EQ(fastest.resize, ResizeMode::kStretch);
  EXPECT_EQ(recognized({{{1, 1000}}}, 224, 224).input.resize, ResizeMode::kStretch);
}

TEST(RecognizeHead, AForcedHeadMustFitAndMayHaveOtherRows) {
  const Shapes rows{{{1, 8400, 85}}};
  const HeadDescription head =
      recognize_head(rows.views(), {.input_width = 640, .input_height = 640, .forced = HeadKind::kYolov5Decoded})
          .value();
  EXPECT_EQ(head.classes, 80);
  const Status status =
      recognize_head(rows.views(), {.input_width = 640, .input_height = 640, .forced = HeadKind::kSsd}).status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidData);
  EXPECT_EQ(
      status.message(),
      "the outputs do not fit head 'ssd' for input 640x640: expected two outputs 1xNx4 and 1xNx(1+C), found 'out' "
      "1x8400x85; choose another --head");
}

TEST(DecodeHead, RefusesWhatDoesNotFit) {
  const Shapes shapes{{{1, 3549, 85}}};
  const auto views = shapes.views();  // without values
  EXPECT_EQ(decode_head({HeadKind::kYolox, 80, {}}, views, {0.25F, 416, 416}).status().code(),
            StatusCode::kInvalidData);
  EXPECT_EQ(decode_head({HeadKind::kYolox, 80, {}}, views, {0.25F, 640, 640}).status().code(),
            StatusCode::kInvalidData);
  EXPECT_EQ(decode_head({HeadKind::kClassifier, 80, {}}, views, {0.25F, 416, 416}).status().code(), StatusCode::kUsage);
  EXPECT_EQ(decode_head({}, views, {0.25F, 416, 416}).status().code(), StatusCode::kUsage);
}

TEST(DecodeHead, NotANumberGivesNoDetection) {
  const std::vector<int64_t> shape = {1, 21, 6};
  const std::vector<float> values(21 * 6, std::nanf(""));
  const std::vector<TensorView> views = {{"out", shape, values}};
  EXPECT_TRUE(decode_head({HeadKind::kYolox, 1, {}}, views, {0.25F, 32, 32}).value().empty());
}

}  // namespace
}  // namespace sixtops::vision
