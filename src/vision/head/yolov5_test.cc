#include "vision/head/yolov5.h"

#include "vision/head/test_objects.h"

namespace sixtops::vision {
namespace {

constexpr int kWidth = 416;
constexpr int kHeight = 320;
constexpr int kClasses = 7;
constexpr int kChannels = 5 + kClasses;
constexpr double kAnchors[3][3][2] = {
    {{10, 13}, {16, 30}, {33, 23}}, {{30, 61}, {62, 45}, {59, 119}}, {{116, 90}, {156, 198}, {373, 326}}};

enum class Form { kRaw, kSigmoid, kRank5 };

// The published formulas, solved for what the network must answer. The coarse map comes first: order is no matter.
std::vector<HeadTensor> encode(Form form, std::vector<Detection>& objects) {
  std::mt19937 random(3);
  const auto answer = [&](double p) { return form == Form::kSigmoid ? static_cast<float>(p) : inverse_sigmoid(p); };
  std::vector<HeadTensor> tensors;
  int64_t cells = 0;
  for (const int stride : {32, 16, 8}) {
    const int64_t w = kWidth / stride, h = kHeight / stride;
    const std::vector<int64_t> shape = form == Form::kRank5 ? std::vector<int64_t>{1, 3, h, w, kChannels}
                                                            : std::vector<int64_t>{1, 3 * kChannels, h, w};
    tensors.emplace_back(shape, answer(1e-6));
    cells += 3 * w * h;
  }
  for (int64_t place : random_places(cells, random)) {
    size_t level = 0;
    int stride = 32;
    for (; place >= 3 * (kWidth / stride) * (kHeight / stride); stride /= 2, ++level) {
      place -= 3 * (kWidth / stride) * (kHeight / stride);
    }
    const int64_t w = kWidth / stride, plane = w * (kHeight / stride);
    const int64_t anchor = place / plane, cell = place % plane;
    const double* size = kAnchors[2 - level][anchor];
    const double v[4] = {uniform(0.01, 0.99, random), uniform(0.01, 0.99, random), uniform(0.05, 0.99, random),
                         uniform(0.05, 0.99, random)};
    const double x = (2 * v[0] - 0.5 + static_cast<double>(cell % w)) * stride;
    const double y = (2 * v[1] - 0.5 + static_cast<double>(cell / w)) * stride;
    const double bw = 4 * v[2] * v[2] * size[0], bh = 4 * v[3] * v[3] * size[1];
    const int index = static_cast<int>(objects.size());
    const int class_id = index % kClasses;
    objects.push_back({{static_cast<float>(x - bw / 2), static_cast<float>(y - bh / 2), static_cast<float>(x + bw / 2),
                        static_cast<float>(y + bh / 2)},
                       score_of(index),
                       class_id});
    const auto set = [&](int64_t channel, double p) {
      const int64_t at = form == Form::kRank5 ? (anchor * plane + cell) * kChannels + channel
                                              : (anchor * kChannels + channel) * plane + cell;
      tensors[level].at(at) = answer(p);
    };
    for (int i = 0; i < 4; ++i) set(i, v[i]);
    set(4, 0.95);
    set(5 + class_id, score_of(index) / 0.95);
  }
  return tensors;
}

TEST(Yolov5, RawHeadsComeBack) {
  std::vector<Detection> objects;
  const auto tensors = encode(Form::kRaw, objects);
  expect_objects(tensors, HeadKind::kYolov5Raw, kClasses, kWidth, kHeight, objects);
}

TEST(Yolov5, SigmoidHeadsComeBack) {
  std::vector<Detection> objects;
  const auto tensors = encode(Form::kSigmoid, objects);
  expect_objects(tensors, HeadKind::kYolov5Sigmoid, kClasses, kWidth, kHeight, objects, true);
}

TEST(Yolov5, HeadsOfRankFiveComeBack) {
  std::vector<Detection> objects;
  const auto tensors = encode(Form::kRank5, objects);
  expect_objects(tensors, HeadKind::kYolov5Raw, kClasses, kWidth, kHeight, objects);
}

TEST(Yolov5, DecodedRowsComeBack) {
  std::mt19937 random(4);
  const int64_t rows = 3 * (52 * 40 + 26 * 20 + 13 * 10);
  std::vector<HeadTensor> tensors = {HeadTensor({1, rows, kChannels}, 0)};
  std::vector<Detection> objects;
  for (const int64_t row : random_places(rows, random)) {
    const int index = static_cast<int>(objects.size());
    const auto x = static_cast<float>(uniform(0, kWidth, random)), y = static_cast<float>(uniform(0, kHeight, random));
    const auto w = static_cast<float>(uniform(1, 300, random)), h = static_cast<float>(uniform(1, 300, random));
    objects.push_back({box_around(x, y, w, h), score_of(index), index % kClasses});
    float* out = &tensors[0].at(row * kChannels);
    out[0] = x, out[1] = y, out[2] = w, out[3] = h, out[4] = 0.95F;
    out[5 + index % kClasses] = score_of(index) / 0.95F;
  }
  expect_objects(tensors, HeadKind::kYolov5Decoded, kClasses, kWidth, kHeight, objects);
}

TEST(Yolov5, AnchorsOfTheHintsReplaceTheFamilysOwn) {
  std::vector<HeadTensor> tensors = {HeadTensor({1, 6, 2, 2}, -20)};          // one stride, one anchor, one class
  for (const int64_t channel : {0, 1, 2, 3}) tensors[0].at(channel * 4) = 0;  // 1/2 after the sigmoid
  tensors[0].at(4 * 4) = tensors[0].at(5 * 4) = 20;
  TaskHints hints;
  hints.anchors = {40, 20};
  hints.strides = {64};
  const auto views = views_of(tensors);
  const HeadDescription head =
      recognize_head(views, {.input_width = 128, .input_height = 128, .hints = &hints}).value();
  ASSERT_EQ(head.kind, HeadKind::kYolov5Raw);
  const auto found = decode_head(head, views, {0.5F, 128, 128, &hints}).value();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_FLOAT_EQ(found[0].box.left, 32 - 20);
  EXPECT_FLOAT_EQ(found[0].box.bottom, 32 + 10);
  hints.anchors = {40, 20, 1};  // no pairs
  EXPECT_FALSE(decode_head(head, views, {0.5F, 128, 128, &hints}).ok());
}

TEST(Yolov5, EveryClassAboveTheThresholdCounts) {
  const int64_t rows = 3 * (4 + 1 + 0);
  std::vector<HeadTensor> tensors = {HeadTensor({1, rows, 8}, 0)};
  float* row = &tensors[0].at(8 * 2);
  row[0] = row[1] = row[2] = row[3] = 8;
  row[4] = 0.8F, row[5] = 0.5F, row[6] = 0.9F, row[7] = 0.2F;
  const auto views = views_of(tensors);
  const auto found = decode_head({HeadKind::kYolov5Decoded, 3, {}}, views, {0.25F, 16, 16}).value();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_FLOAT_EQ(found[0].score, 0.4F);
  EXPECT_FLOAT_EQ(found[1].score, 0.72F);
}

}  // namespace
}  // namespace sixtops::vision
