#include "vision/average_precision.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sixtops::vision {
namespace {

// A random set that another language can make too; all numbers are multiples of 1/64, so that scores tie.
struct RandomSet {
  CocoAnnotations truth;
  std::vector<PictureDetections> found;
};

class Random {
 public:
  explicit Random(uint32_t seed) : state_(seed) {}
  int below(int limit) {
    state_ = state_ * 1664525U + 1013904223U;
    return static_cast<int>((uint64_t{state_ >> 8} * static_cast<uint64_t>(limit)) >> 24);
  }
  double quarter(int limit) { return below(limit) / 4.0; }

 private:
  uint32_t state_;
};

Detection box_of(int class_id, double left, double top, double right, double bottom, int score64) {
  return {{static_cast<float>(left), static_cast<float>(top), static_cast<float>(right), static_cast<float>(bottom)},
          static_cast<float>(score64) / 64,
          class_id};
}

RandomSet random_set(uint32_t seed, int pictures, int busy) {
  constexpr int64_t kIds[] = {3, 7, 11, 20, 5};
  RandomSet set;
  for (const int64_t id : kIds) set.truth.categories.push_back({id, "c"});
  Random random(seed);
  for (int p = 0; p < pictures; ++p) {
    const int64_t picture = 1000 - p;
    set.truth.pictures.push_back({picture, "x"});
    PictureDetections found{picture, {}};
    for (int objects = random.below(busy); objects > 0; --objects) {
      const int category = random.below(4);
      const double x = random.quarter(1600), y = random.quarter(1200);
      const double w = (1 + random.below(800)) / 4.0, h = (1 + random.below(600)) / 4.0;
      const bool crowd = random.below(10) == 0;
      set.truth.objects.push_back({picture, kIds[category], x, y, w, h, w * h, crowd});
      for (int boxes = random.below(4); boxes > 0; --boxes) {
        double jitter[4];
        for (double& j : jitter) j = random.quarter(81) - 10;
        const int class_id = random.below(4) == 0 ? random.below(5) : category;
        const double right = std::max(x + w + jitter[2], x + jitter[0] + 1);
        const double bottom = std::max(y + h + jitter[3], y + jitter[1] + 1);
        const int score = random.below(64);
        found.detections.push_back(box_of(class_id, x + jitter[0], y + jitter[1], right, bottom, score));
      }
    }
    for (int strays = random.below(busy); strays > 0; --strays) {
      const double x = random.quarter(1600), y = random.quarter(1200);
      const double w = (1 + random.below(800)) / 4.0, h = (1 + random.below(600)) / 4.0;
      const int class_id = random.below(5);
      const int score = random.below(64);
      found.detections.push_back(box_of(class_id, x, y, x + w, y + h, score));
    }
    set.found.push_back(found);
  }
  return set;
}

TEST(AveragePrecision, EqualsPycocotools) {
  struct Case {
    uint32_t seed;
    int pictures, busy;
    double map, map50;  // stats[0] and stats[1] of pycocotools 2.0 for the same set
  };
  for (const Case& c :
       {Case{1, 12, 8, 0.112890872474, 0.225902313082}, Case{2, 40, 6, 0.111505117751, 0.203652428332},
        Case{3, 3, 250, 0.100338964280, 0.210757821526}, Case{4, 300, 12, 0.103527268400, 0.211188289914}}) {
    const RandomSet set = random_set(c.seed, c.pictures, c.busy);
    const AveragePrecision result = average_precision(set.truth, set.found).value();
    EXPECT_NEAR(result.map, c.map, 1e-11) << c.seed;
    EXPECT_NEAR(result.map50, c.map50, 1e-11) << c.seed;
    ASSERT_EQ(result.of_category.size(), 5U);
    EXPECT_EQ(result.of_category[4], -1);  // no object
  }
}

CocoAnnotations one_picture(std::vector<CocoObject> objects) {
  return {{{1, "a.jpg"}}, std::move(objects), {{10, "a"}, {20, "b"}}};
}

TEST(AveragePrecision, OfPerfectBoxesIsOne) {
  const CocoAnnotations truth = one_picture({{1, 10, 0, 0, 10, 10, 100, false}, {1, 20, 50, 50, 10, 10, 100, false}});
  const std::vector<PictureDetections> found = {{1, {{{0, 0, 10, 10}, 0.3F, 0}, {{50, 50, 60, 60}, 0.2F, 1}}}};
  const AveragePrecision result = average_precision(truth, found).value();
  EXPECT_NEAR(result.map, 1, 1e-12);
  EXPECT_NEAR(result.map50, 1, 1e-12);
}

TEST(AveragePrecision, CountsTheThresholdsThatABoxReaches) {
  // Overlap 0.68: the thresholds 0.5, 0.55, 0.6, 0.65.
  const CocoAnnotations truth = one_picture({{1, 10, 0, 0, 100, 100, 10000, false}});
  const std::vector<PictureDetections> found = {{1, {{{0, 0, 100, 68}, 0.9F, 0}}}};
  const AveragePrecision result = average_precision(truth, found).value();
  EXPECT_NEAR(result.map, 0.4, 1e-12);
  EXPECT_NEAR(result.map50, 1, 1e-12);
}

TEST(AveragePrecision, ASecondBoxOnAnObjectIsFalse) {
  const CocoAnnotations truth = one_picture({{1, 10, 0, 0, 10, 10, 100, false}, {1, 10, 90, 0, 10, 10, 100, false}});
  const std::vector<PictureDetections> found = {
      {1, {{{0, 0, 10, 10}, 0.9F, 0}, {{0, 0, 10, 10}, 0.8F, 0}, {{90, 0, 100, 10}, 0.7F, 0}}}};
  // 51 recalls up to 0.5 at precision 1, 50 above at 2/3.
  EXPECT_NEAR(average_precision(truth, found).value().map50, (51 + 50 * 2.0 / 3) / 101, 1e-12);
}

TEST(AveragePrecision, BoxesOnACrowdCountAsNothing) {
  const CocoAnnotations truth = one_picture({{1, 10, 0, 0, 10, 10, 100, false}, {1, 10, 50, 0, 50, 50, 2500, true}});
  const std::vector<PictureDetections> found = {
      {1, {{{50, 0, 60, 10}, 0.9F, 0}, {{70, 0, 80, 10}, 0.8F, 0}, {{0, 0, 10, 10}, 0.7F, 0}}}};
  EXPECT_NEAR(average_precision(truth, found).value().map, 1, 1e-12);
}

TEST(AveragePrecision, OfPicturesWithoutObjectsIsZero) {
  EXPECT_EQ(average_precision(one_picture({}), std::vector<PictureDetections>{{1, {}}}).value().map, 0);
}

TEST(AveragePrecision, CountsOnlyThePicturesThatWereLookedAt) {
  CocoAnnotations truth = one_picture({{1, 10, 0, 0, 10, 10, 100, false}, {2, 10, 0, 0, 10, 10, 100, false}});
  truth.pictures.push_back({2, "b.jpg"});
  const std::vector<PictureDetections> found = {{1, {{{0, 0, 10, 10}, 0.9F, 0}}}};
  EXPECT_NEAR(average_precision(truth, found).value().map, 1, 1e-12);
}

TEST(AveragePrecision, RefusesWhatTheAnnotationsDoNotKnow) {
  const CocoAnnotations truth = one_picture({});
  const auto code = [&](const std::vector<PictureDetections>& found) {
    return average_precision(truth, found).status().code();
  };
  EXPECT_EQ(code({{5, {}}}), StatusCode::kInvalidData);
  EXPECT_EQ(code({{1, {}}, {1, {}}}), StatusCode::kInvalidData);
  EXPECT_EQ(code({{1, {{{0, 0, 1, 1}, 0.5F, 2}}}}), StatusCode::kInvalidData);
  EXPECT_EQ(code({{1, {{{0, 0, 1, 1}, 0.5F, -1}}}}), StatusCode::kInvalidData);
}

}  // namespace
}  // namespace sixtops::vision
