#include "vision/head/yolov8.h"

#include "vision/head/test_objects.h"

namespace sixtops::vision {
namespace {

constexpr int kWidth = 640;
constexpr int kHeight = 448;

enum class Form { kOneTensor, kTwoTensors, kThreeTensors, kDistances };

// Puts a distance into the sixteen bins: the softmax of two neighbours has it as its mean.
void encode_distance(double distance, int64_t plane, float* bins) {
  const int whole = static_cast<int>(distance);
  for (int i = 0; i < 16; ++i) bins[i * plane] = -60;
  bins[whole * plane] = static_cast<float>(std::log(1 - (distance - whole)));
  bins[(whole + 1) * plane] = static_cast<float>(std::log(distance - whole));
}

std::vector<HeadTensor> encode(Form form, int classes, bool probabilities, std::vector<Detection>& objects) {
  std::mt19937 random(9);
  const auto answer = [&](double p) { return probabilities ? static_cast<float>(p) : inverse_sigmoid(p); };
  std::vector<HeadTensor> tensors;
  int64_t cells = 0;
  for (const int stride : {8, 16, 32}) {
    const int64_t w = kWidth / stride, h = kHeight / stride;
    cells += w * h;
    if (form == Form::kOneTensor) {
      tensors.emplace_back(std::vector<int64_t>{1, 64 + classes, h, w}, answer(1e-6));
    } else {
      tensors.emplace_back(std::vector<int64_t>{1, form == Form::kDistances ? 4 : 64, h, w}, 0.0F);
      tensors.emplace_back(std::vector<int64_t>{1, classes, h, w}, answer(1e-6));
      if (form == Form::kThreeTensors) tensors.emplace_back(std::vector<int64_t>{1, 1, h, w}, 0.5F);
    }
  }
  const size_t a_level = form == Form::kOneTensor ? 1 : form == Form::kThreeTensors ? 3 : 2;
  for (int64_t cell : random_places(cells, random)) {
    size_t level = 0;
    int stride = 8;
    for (; cell >= (kWidth / stride) * (kHeight / stride); stride *= 2, ++level) {
      cell -= (kWidth / stride) * (kHeight / stride);
    }
    const int64_t w = kWidth / stride, plane = w * (kHeight / stride);
    HeadTensor& box = tensors[level * a_level];
    HeadTensor& scores = form == Form::kOneTensor ? box : tensors[level * a_level + 1];
    double d[4];
    for (int side = 0; side < 4; ++side) {
      d[side] = uniform(0.001, 14.999, random);
      if (form == Form::kDistances) {
        box.at(side * plane + cell) = static_cast<float>(d[side]);
      } else {
        encode_distance(d[side], plane, &box.at(16 * side * plane + cell));
      }
    }
    const double x = static_cast<double>(cell % w) + 0.5, y = static_cast<double>(cell / w) + 0.5;
    const int index = static_cast<int>(objects.size());
    const int class_id = index % classes;
    objects.push_back({{static_cast<float>((x - d[0]) * stride), static_cast<float>((y - d[1]) * stride),
                        static_cast<float>((x + d[2]) * stride), static_cast<float>((y + d[3]) * stride)},
                       score_of(index),
                       class_id});
    scores.at(((form == Form::kOneTensor ? 64 : 0) + class_id) * plane + cell) = answer(score_of(index));
  }
  return tensors;
}

TEST(Yolov8, RandomBoxesComeBackFromDistributions) {
  for (const Form form : {Form::kOneTensor, Form::kTwoTensors, Form::kThreeTensors, Form::kDistances}) {
    std::vector<Detection> objects;
    const auto tensors = encode(form, 80, false, objects);
    expect_objects(tensors, HeadKind::kYolov8Dfl, 80, kWidth, kHeight, objects);
  }
}

TEST(Yolov8, ScoresMayBeProbabilities) {
  for (const Form form : {Form::kOneTensor, Form::kThreeTensors}) {
    std::vector<Detection> objects;
    const auto tensors = encode(form, 80, true, objects);
    expect_objects(tensors, HeadKind::kYolov8Dfl, 80, kWidth, kHeight, objects);
  }
}

TEST(Yolov8, OneClassAndSixtyFourClassesAreTold) {
  for (const int classes : {1, 64}) {
    std::vector<Detection> objects;
    const auto tensors = encode(Form::kTwoTensors, classes, false, objects);
    expect_objects(tensors, HeadKind::kYolov8Dfl, classes, kWidth, kHeight, objects);
  }
}

TEST(Yolov8, DecodedPlanesComeBack) {
  std::mt19937 random(10);
  const int64_t rows = 80 * 56 + 40 * 28 + 20 * 14;
  std::vector<HeadTensor> tensors = {HeadTensor({1, 84, rows}, 0)};
  std::vector<Detection> objects;
  for (const int64_t row : random_places(rows, random)) {
    const int index = static_cast<int>(objects.size());
    const auto x = static_cast<float>(uniform(0, kWidth, random)), y = static_cast<float>(uniform(0, kHeight, random));
    const auto w = static_cast<float>(uniform(1, 300, random)), h = static_cast<float>(uniform(1, 300, random));
    objects.push_back({box_around(x, y, w, h), score_of(index), index % 80});
    const float values[] = {x, y, w, h};
    for (int i = 0; i < 4; ++i) tensors[0].at(i * rows + row) = values[i];
    tensors[0].at((4 + index % 80) * rows + row) = score_of(index);
  }
  expect_objects(tensors, HeadKind::kYolov8Decoded, 80, kWidth, kHeight, objects);
}

}  // namespace
}  // namespace sixtops::vision
