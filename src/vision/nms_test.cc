#include "vision/nms.h"

#include <gtest/gtest.h>

#include <random>

namespace sixtops::vision {
namespace {

TEST(IntersectionOverUnion, OfKnownBoxes) {
  EXPECT_FLOAT_EQ(intersection_over_union({0, 0, 10, 10}, {0, 0, 10, 10}), 1);
  EXPECT_FLOAT_EQ(intersection_over_union({0, 0, 10, 10}, {5, 0, 15, 10}), 1.0F / 3);
  EXPECT_EQ(intersection_over_union({0, 0, 10, 10}, {10, 0, 20, 10}), 0);
  EXPECT_EQ(intersection_over_union({0, 0, 10, 10}, {30, 30, 20, 20}), 0);  // an inverted box
  EXPECT_EQ(intersection_over_union({5, 5, 5, 5}, {5, 5, 5, 5}), 0);
}

TEST(NonMaximumSuppression, KeepsTheBestOfAClassAndAllClasses) {
  const std::vector<Detection> kept = non_maximum_suppression(
      {{{0, 0, 10, 10}, 0.5F, 1}, {{1, 0, 11, 10}, 0.9F, 1}, {{0, 0, 10, 10}, 0.4F, 2}, {{50, 0, 60, 10}, 0.3F, 1}},
      0.45F, 100);
  ASSERT_EQ(kept.size(), 3U);
  EXPECT_FLOAT_EQ(kept[0].score, 0.9F);
  EXPECT_EQ(kept[1].class_id, 2);
  EXPECT_FLOAT_EQ(kept[2].score, 0.3F);
}

TEST(NonMaximumSuppression, AtTheLimitKeepsBoth) {
  const std::vector<Detection> two = {{{0, 0, 3, 1}, 0.9F, 0}, {{1.5F, 0, 4.5F, 1}, 0.8F, 0}};  // exactly one third
  EXPECT_EQ(non_maximum_suppression(two, 1.0F / 3, 100).size(), 2U);
  EXPECT_EQ(non_maximum_suppression(two, 0.33F, 100).size(), 1U);
}

TEST(NonMaximumSuppression, OrdersEqualScoresAsTheyCameAndStopsAtTheCount) {
  std::vector<Detection> detections;
  for (int i = 0; i < 10; ++i) {
    const auto x = static_cast<float>(20 * i);
    detections.push_back({{x, 0, x + 10, 10}, 0.5F, 0});
  }
  const std::vector<Detection> kept = non_maximum_suppression(detections, 0.5F, 4);
  ASSERT_EQ(kept.size(), 4U);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(kept[static_cast<size_t>(i)].box.left, static_cast<float>(20 * i));
  EXPECT_TRUE(non_maximum_suppression(detections, 0.5F, 0).empty());
}

TEST(NonMaximumSuppression, EqualsTheTextbookOnRandomBoxes) {
  std::mt19937 random(5);
  std::uniform_real_distribution<float> position(0, 300), size(5, 100), score(0, 1);
  std::vector<Detection> detections;
  for (int i = 0; i < 500; ++i) {
    const float x = position(random), y = position(random);
    detections.push_back({{x, y, x + size(random), y + size(random)}, score(random), i % 3});
  }
  std::vector<Detection> sorted = detections;
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  std::vector<bool> removed(sorted.size());
  std::vector<float> expected;
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (removed[i]) continue;
    expected.push_back(sorted[i].score);
    for (size_t j = i + 1; j < sorted.size(); ++j) {
      if (sorted[i].class_id == sorted[j].class_id && intersection_over_union(sorted[i].box, sorted[j].box) > 0.45F) {
        removed[j] = true;
      }
    }
  }
  std::vector<float> scores;
  for (const Detection& kept : non_maximum_suppression(detections, 0.45F, 1000)) scores.push_back(kept.score);
  EXPECT_EQ(scores, expected);
}

TEST(NonMaximumSuppression, CapsWhatItLooksAt) {
  // Boxes that nothing suppresses, more than the cap.
  std::vector<Detection> detections(kMaxNmsCandidates + 5);
  for (size_t i = 0; i < detections.size(); ++i) {
    detections[i] = {{0, 0, 1, 1}, 1 - 1e-6F * static_cast<float>(i), static_cast<int>(i)};
  }
  EXPECT_EQ(non_maximum_suppression(detections, 0.5F, 1 << 20).size(), kMaxNmsCandidates);
}

}  // namespace
}  // namespace sixtops::vision
