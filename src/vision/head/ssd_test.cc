#include "vision/head/ssd.h"

#include "vision/head/ssd_priors.h"
#include "vision/head/test_objects.h"

namespace sixtops::vision {
namespace {

struct Scheme {
  int size;
  int64_t rows;
  bool y_first;
  bool softmax;
};

// Encodes against the default boxes; kDecodedRows is a number that no rule makes.
constexpr int64_t kDecodedRows = 3000;

std::vector<HeadTensor> encode(const Scheme& scheme, std::vector<Detection>& objects) {
  constexpr int kColumns = 21;
  std::mt19937 random(12);
  const auto rule = ssd_rule(scheme.rows, scheme.size, scheme.size);
  EXPECT_EQ(rule.has_value(), scheme.rows != kDecodedRows);
  const std::vector<Prior> priors = rule ? ssd_priors(*rule, scheme.size, scheme.size) : std::vector<Prior>();
  EXPECT_EQ(static_cast<int64_t>(priors.size()), rule ? scheme.rows : 0);
  std::vector<HeadTensor> tensors = {HeadTensor({1, scheme.rows, kColumns}, scheme.softmax ? 0.0F : -20.0F),
                                     HeadTensor({1, scheme.rows, 4}, 0)};
  for (int64_t row = 0; row < scheme.rows; ++row) tensors[0].at(row * kColumns) = 20;  // background
  for (const int64_t row : random_places(scheme.rows, random)) {
    const double x = uniform(0.2, 0.8, random), y = uniform(0.2, 0.8, random);
    const double w = uniform(0.02, 0.4, random), h = uniform(0.02, 0.4, random);
    float* box = &tensors[1].at(row * 4);
    if (rule) {
      const Prior& p = priors[static_cast<size_t>(row)];
      const auto dx = static_cast<float>((x - p.center_x) / p.width * 10);
      const auto dy = static_cast<float>((y - p.center_y) / p.height * 10);
      const auto dw = static_cast<float>(std::log(w / p.width) * 5);
      const auto dh = static_cast<float>(std::log(h / p.height) * 5);
      const float xy[] = {dx, dy, dw, dh}, yx[] = {dy, dx, dh, dw};
      std::copy_n(scheme.y_first ? yx : xy, 4, box);
    } else {
      box[0] = static_cast<float>(x - w / 2), box[1] = static_cast<float>(y - h / 2);
      box[2] = static_cast<float>(x + w / 2), box[3] = static_cast<float>(y + h / 2);
    }
    const int index = static_cast<int>(objects.size());
    const int class_id = index % (kColumns - 1);
    const double size = scheme.size;
    objects.push_back({{static_cast<float>((x - w / 2) * size), static_cast<float>((y - h / 2) * size),
                        static_cast<float>((x + w / 2) * size), static_cast<float>((y + h / 2) * size)},
                       score_of(index),
                       class_id});
    float* scores = &tensors[0].at(row * kColumns);
    if (scheme.softmax) {
      // The class against a background of 20 and nineteen others at 0.
      const double others = std::exp(20.0) + kColumns - 2;
      scores[1 + class_id] = static_cast<float>(std::log(others * score_of(index) / (1 - score_of(index))));
    } else {
      scores[1 + class_id] = inverse_sigmoid(score_of(index));
    }
  }
  return tensors;
}

TEST(Ssd, RandomBoxesComeBack) {
  for (const Scheme& scheme : std::initializer_list<Scheme>{{300, 8732, false, true},
                                                            {320, 3234, false, true},
                                                            {300, 1917, true, false},
                                                            {300, kDecodedRows, false, true}}) {
    std::vector<Detection> objects;
    const auto tensors = encode(scheme, objects);
    expect_objects(tensors, HeadKind::kSsd, 20, scheme.size, scheme.size, objects);
  }
}

TEST(Ssd, PreprocessingFollowsTheRule) {
  std::vector<Detection> objects;
  const auto vgg = encode({300, 8732, false, true}, objects);
  EXPECT_EQ(recognize_head(views_of(vgg), {.input_width = 300, .input_height = 300}).value().input.mean,
            (std::vector<float>{123, 117, 104}));
  const auto lite = encode({320, 3234, false, true}, objects);
  EXPECT_EQ(recognize_head(views_of(lite), {.input_width = 320, .input_height = 320}).value().input.std,
            (std::vector<float>{127.5F, 127.5F, 127.5F}));
}

// Default boxes as torchvision 0.14 prints them for these networks (left, top, right, bottom in pixels).
TEST(SsdPriors, AreThePublishedOnes) {
  const std::vector<Prior> priors = ssd_priors(SsdRule::kTorchvisionSsd300, 300, 300);
  EXPECT_FLOAT_EQ(priors[0].center_x * 300, 4);       // step 8, first cell
  EXPECT_FLOAT_EQ(priors[0].width * 300, 21);         // 0.07 · 300
  EXPECT_NEAR(priors[1].width * 300, 30.7409, 1e-3);  // sqrt(0.07 · 0.15) · 300
  EXPECT_NEAR(priors[2].width * 300, 29.6985, 1e-3);  // 21 · sqrt(2)
  EXPECT_NEAR(priors[2].height * 300, 14.8492, 1e-3);
  EXPECT_NEAR(priors[3].height * 300, 29.6985, 1e-3);
  EXPECT_FLOAT_EQ(priors.back().center_x, 0.5F);
  const std::vector<Prior> tensorflow = ssd_priors(SsdRule::kTensorflow, 300, 300);
  EXPECT_NEAR(tensorflow[0].center_x, 0.5 / 19, 1e-6);
  EXPECT_NEAR(tensorflow[0].width, 0.1, 1e-6);
  EXPECT_NEAR(tensorflow[1].width, 0.282843, 1e-6);
  EXPECT_NEAR(tensorflow.back().width, 0.974679, 1e-6);  // sqrt(0.95)
}

}  // namespace
}  // namespace sixtops::vision
