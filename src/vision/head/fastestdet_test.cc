#include "vision/head/fastestdet.h"

#include "vision/head/test_objects.h"

namespace sixtops::vision {
namespace {

TEST(FastestDet, RandomBoxesComeBack) {
  constexpr int kWidth = 640, kHeight = 448, kClasses = 80;
  constexpr int64_t kColumns = 40, kCells = 40 * 28;
  std::mt19937 random(11);
  std::vector<HeadTensor> tensors = {HeadTensor({1, 5 + kClasses, 28, kColumns}, 0)};
  std::vector<Detection> objects;
  for (const int64_t cell : random_places(kCells, random)) {
    const double v[4] = {uniform(-2, 2, random), uniform(-2, 2, random), uniform(-4, 4, random),
                         uniform(-4, 4, random)};
    const double x = (std::tanh(v[0]) + static_cast<double>(cell % kColumns)) / 40 * kWidth;
    const double y = (std::tanh(v[1]) + static_cast<double>(cell / kColumns)) / 28 * kHeight;
    const double w = kWidth / (1 + std::exp(-v[2])), h = kHeight / (1 + std::exp(-v[3]));
    const int index = static_cast<int>(objects.size());
    objects.push_back({{static_cast<float>(x - w / 2), static_cast<float>(y - h / 2), static_cast<float>(x + w / 2),
                        static_cast<float>(y + h / 2)},
                       score_of(index),
                       index % kClasses});
    tensors[0].at(cell) = 0.9F;
    for (int i = 0; i < 4; ++i) tensors[0].at((1 + i) * kCells + cell) = static_cast<float>(v[i]);
    tensors[0].at((5 + index % kClasses) * kCells + cell) =
        static_cast<float>(std::pow(score_of(index) / std::pow(0.9, 0.6), 2.5));
  }
  expect_objects(tensors, HeadKind::kFastestDet, kClasses, kWidth, kHeight, objects);
}

TEST(FastestDet, ACellGivesItsMostProbableClass) {
  std::vector<HeadTensor> tensors = {HeadTensor({1, 5 + 3, 2, 2}, 0)};
  constexpr int64_t kCells = 4, kCell = 3;
  tensors[0].at(kCell) = 0.9F;
  tensors[0].at(6 * kCells + kCell) = 0.5F;
  tensors[0].at(7 * kCells + kCell) = 0.4F;
  const auto score = static_cast<float>(std::pow(0.9, 0.6) * std::pow(0.5, 0.4));
  expect_objects(tensors, HeadKind::kFastestDet, 3, 32, 32, {{{8, 8, 24, 24}, score, 1}});
}

}  // namespace
}  // namespace sixtops::vision
