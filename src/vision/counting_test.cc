#include "vision/counting.h"

#include <gtest/gtest.h>

#include "vision/detection_filter.h"

namespace sixtops::vision {
namespace {

// Its feet stand at x, y of a picture of 100x100.
std::vector<Track> standing(int64_t id, float x, float y) { return {{id, {{x - 5, y - 20, x + 5, y}, 0.9F, 2}, 0}}; }

TEST(Counter, CountsCrossingsBothWays) {
  Counter counter({{"gate", {0, 0.5}, {1, 0.5}}}, {});
  EXPECT_TRUE(counter.update(standing(1, 50, 40), 100, 100, 0).empty());
  const std::vector<Crossing> down = counter.update(standing(1, 50, 60), 100, 100, 1);
  ASSERT_EQ(down.size(), 1U);
  EXPECT_EQ(down[0].kind, CrossingKind::kRight);
  EXPECT_EQ(down[0].place, "gate");
  EXPECT_EQ(down[0].class_id, 2);
  EXPECT_EQ(counter.update(standing(1, 50, 40), 100, 100, 2)[0].kind, CrossingKind::kLeft);
  EXPECT_EQ(counter.counts()[0].in, 1);
  EXPECT_EQ(counter.counts()[0].out, 1);
}

TEST(Counter, ZonesKnowWhoIsInside) {
  Counter counter({}, {{"yard", {{0, 0.5}, {1, 0.5}, {1, 1}, {0, 1}}}});
  EXPECT_EQ(counter.update(standing(1, 50, 60), 100, 100, 0)[0].kind, CrossingKind::kEnter);  // appears inside
  EXPECT_EQ(counter.counts()[0].inside, 1);
  EXPECT_TRUE(counter.update({}, 100, 100, 1'000'000).empty());
  EXPECT_EQ(counter.update({}, 100, 100, 3'000'000)[0].kind, CrossingKind::kLeave);  // gone for long
  EXPECT_EQ(counter.counts()[0].inside, 0);
  EXPECT_EQ(counter.counts()[0].out, 1);
}

TEST(DetectionFilter, ByClassAndSize) {
  std::vector<Detection> detections = {{{0, 0, 10, 30}, 0.9F, 0}, {{0, 0, 10, 30}, 0.9F, 1}, {{0, 0, 5, 5}, 0.9F, 0}};
  apply_filter({{0}, 10, 0}, detections);
  EXPECT_EQ(detections.size(), 1U);
  apply_filter({{}, 0, 20}, detections);
  EXPECT_TRUE(detections.empty());
  EXPECT_EQ(class_ids({"b"}, {"a", "b"}).value(), std::vector<int>{1});
  EXPECT_EQ(class_ids({"c"}, {"a", "b"}).status().code(), StatusCode::kUsage);
}

}  // namespace
}  // namespace sixtops::vision
