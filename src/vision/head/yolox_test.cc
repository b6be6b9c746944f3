#include "vision/head/yolox.h"

#include "vision/head/test_objects.h"

namespace sixtops::vision {
namespace {

TEST(Yolox, RandomBoxesComeBack) {
  constexpr int kWidth = 416, kHeight = 352, kClasses = 80, kColumns = 85;
  std::mt19937 random(7);
  const int64_t rows = 52 * 44 + 26 * 22 + 13 * 11;
  std::vector<HeadTensor> tensors = {HeadTensor({1, rows, kColumns}, 0)};
  std::vector<Detection> objects;
  for (const int64_t row : random_places(rows, random)) {
    int stride = 8;
    int64_t cell = row;
    for (; cell >= (kWidth / stride) * (kHeight / stride); stride *= 2) cell -= (kWidth / stride) * (kHeight / stride);
    const int64_t w = kWidth / stride;
    const double v[4] = {uniform(-1, 1, random), uniform(-1, 1, random), uniform(-2, 3, random),
                         uniform(-2, 3, random)};
    const double x = (v[0] + static_cast<double>(cell % w)) * stride,
                 y = (v[1] + static_cast<double>(cell / w)) * stride;
    const int index = static_cast<int>(objects.size());
    objects.push_back(
        {box_around(static_cast<float>(x), static_cast<float>(y), static_cast<float>(std::exp(v[2]) * stride),
                    static_cast<float>(std::exp(v[3]) * stride)),
         score_of(index), index % kClasses});
    float* out = &tensors[0].at(row * kColumns);
    for (int i = 0; i < 4; ++i) out[i] = static_cast<float>(v[i]);
    out[4] = 0.95F;
    out[5 + index % kClasses] = score_of(index) / 0.95F;
  }
  expect_objects(tensors, HeadKind::kYolox, kClasses, kWidth, kHeight, objects);
}

TEST(Yolox, ASizeWithoutEndGivesNoDetection) {
  std::vector<HeadTensor> tensors = {HeadTensor({1, 16 + 4 + 1, 6}, 0)};
  float* row = &tensors[0].at(6 * 20);
  row[2] = 1000, row[4] = 1, row[5] = 1;
  const auto views = views_of(tensors);
  EXPECT_TRUE(decode_head({HeadKind::kYolox, 1, {}}, views, {0.25F, 32, 32}).value().empty());
}

}  // namespace
}  // namespace sixtops::vision
