// Random boxes for encoder and decoder tests of heads, and the comparison of what came back. Included by tests only.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "vision/head.h"

namespace sixtops::vision {

inline constexpr int kTestObjects = 1000;

// Each score is another one, so that sorting by score pairs detections with what was put in.
inline float score_of(int index) { return 0.3F + 0.6F * static_cast<float>(index) / kTestObjects; }

// An output tensor that a test fills.
struct HeadTensor {
  std::vector<int64_t> shape;
  std::vector<float> values;
  HeadTensor(std::vector<int64_t> dims, float fill) : shape(std::move(dims)) {
    int64_t count = 1;
    for (const int64_t extent : shape) count *= extent;
    values.assign(static_cast<size_t>(count), fill);
  }
  float& at(int64_t index) { return values[static_cast<size_t>(index)]; }
};

inline std::vector<TensorView> views_of(const std::vector<HeadTensor>& tensors, bool after_sigmoid = false) {
  std::vector<TensorView> views;
  for (const HeadTensor& tensor : tensors) views.push_back({"out", tensor.shape, tensor.values, after_sigmoid});
  return views;
}

// Recognizes the head as `kind` with that many classes, decodes, and finds every object within 0.01 pixels.
inline void expect_objects(const std::vector<HeadTensor>& tensors, HeadKind kind, int classes, int width, int height,
                           std::vector<Detection> objects, bool after_sigmoid = false) {
  const std::vector<TensorView> views = views_of(tensors, after_sigmoid);
  const Result<HeadDescription> head = recognize_head(views, {.input_width = width, .input_height = height});
  ASSERT_TRUE(head.ok()) << head.status().message();
  ASSERT_EQ(head_name(head->kind), head_name(kind));
  ASSERT_EQ(head->classes, classes);
  const Result<std::vector<Detection>> decoded = decode_head(*head, views, {0.25F, width, height});
  ASSERT_TRUE(decoded.ok()) << decoded.status().message();
  std::vector<Detection> found = *decoded;
  ASSERT_EQ(found.size(), objects.size());
  const auto by_score = [](const Detection& a, const Detection& b) { return a.score < b.score; };
  std::sort(found.begin(), found.end(), by_score);
  std::sort(objects.begin(), objects.end(), by_score);
  for (size_t i = 0; i < objects.size(); ++i) {
    ASSERT_NEAR(found[i].score, objects[i].score, 1e-4) << i;
    ASSERT_EQ(found[i].class_id, objects[i].class_id) << i;
    ASSERT_NEAR(found[i].box.left, objects[i].box.left, 0.01) << i;
    ASSERT_NEAR(found[i].box.top, objects[i].box.top, 0.01) << i;
    ASSERT_NEAR(found[i].box.right, objects[i].box.right, 0.01) << i;
    ASSERT_NEAR(found[i].box.bottom, objects[i].box.bottom, 0.01) << i;
  }
}

// Numbers 0..count-1 in random order, the first kTestObjects of them: cells or rows that get an object.
inline std::vector<int64_t> random_places(int64_t count, std::mt19937& random) {
  std::vector<int64_t> places(static_cast<size_t>(count));
  for (size_t i = 0; i < places.size(); ++i) places[i] = static_cast<int64_t>(i);
  std::shuffle(places.begin(), places.end(), random);
  places.resize(kTestObjects);
  return places;
}

inline double uniform(double low, double high, std::mt19937& random) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

inline float inverse_sigmoid(double p) { return static_cast<float>(std::log(p / (1 - p))); }

}  // namespace sixtops::vision
