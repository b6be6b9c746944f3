#include "vision/tracker.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

namespace sixtops::vision {
namespace {

constexpr int64_t kFrame = 40'000;

Detection at(float x, float y, float score = 0.9F, int class_id = 0) {
  return {{x, y, x + 40, y + 80}, score, class_id};
}

TEST(Tracker, KeepsIdsOfMovingObjects) {
  Tracker tracker;
  for (int i = 0; i < 50; ++i) {
    const auto step = static_cast<float>(i);
    const std::vector<Detection> found = {at(10 + 4 * step, 50), at(300 - 3 * step, 200)};
    const std::vector<Track> tracks = tracker.update(found, i * kFrame);
    ASSERT_EQ(tracks.size(), 2U) << i;
    EXPECT_EQ(tracks[0].id, 1);
    EXPECT_FLOAT_EQ(tracks[0].detection.box.left, 10 + 4 * step);
    EXPECT_EQ(tracks[1].id, 2);
  }
}

TEST(Tracker, ComesBackAfterAnOcclusionWhereItIsExpected) {
  Tracker tracker;
  std::set<int64_t> ids;
  for (int i = 0; i < 60; ++i) {
    std::vector<Detection> found;
    if (i < 30 || i >= 45) found.push_back(at(10 + 5 * static_cast<float>(i), 50));  // hidden for 0.6 s
    for (const Track& track : tracker.update(found, i * kFrame)) ids.insert(track.id);
  }
  EXPECT_EQ(ids, std::set<int64_t>{1});
}

// Two things meet, one is found while they cover each other, and both turn back: only their looks tell who is who.
TEST(Tracker, LooksTellThingsApartThatMeet) {
  const Appearance dark{{40, 128, 128, 30, 128, 128}}, bright{{160, 120, 135, 120, 140, 120}};
  Tracker tracker;
  for (int i = 0; i <= 40; ++i) {
    const auto apart = 4 * static_cast<float>(std::abs(20 - i));
    std::vector<Detection> found = {at(200 - apart, 50), at(200 + apart, 50)};
    std::vector<Appearance> looks = {dark, bright};
    if (apart < 16) {
      found.erase(found.begin());
      looks.erase(looks.begin());
    }
    for (const Track& track : tracker.update(found, i * kFrame, looks)) {
      const bool is_left = track.detection.box.left < 200;
      EXPECT_EQ(track.id, apart >= 16 && is_left ? 1 : 2) << i;
    }
  }
}

TEST(Tracker, ALostThingComesBackByItsLook) {
  const Appearance dark{{40, 128, 128, 30, 128, 128}}, bright{{160, 120, 135, 120, 140, 120}};
  for (const bool alike : {true, false}) {
    Tracker tracker;
    int64_t last = 0;
    for (int i = 0; i < 60; ++i) {
      std::vector<Detection> found;
      if (i < 30 || i >= 45)
        found.push_back(i < 30 ? at(100 + 4 * static_cast<float>(i), 50) : at(130, 50));  // turned round
      const std::vector<Appearance> looks(found.size(), i < 30 || alike ? dark : bright);
      for (const Track& track : tracker.update(found, i * kFrame, looks)) last = track.id;
    }
    EXPECT_EQ(last, alike ? 1 : 2);
  }
}

TEST(Tracker, LowScoresKeepATrackButBeginNone) {
  Tracker tracker;
  std::set<int64_t> ids;
  for (int i = 0; i < 30; ++i) {
    const std::vector<Detection> found = {at(100, 50, i < 5 ? 0.9F : 0.2F), at(400, 50, 0.2F)};
    const std::vector<Track> tracks = tracker.update(found, i * kFrame);
    ASSERT_EQ(tracks.size(), 1U) << i;
    ids.insert(tracks[0].id);
  }
  EXPECT_EQ(ids.size(), 1U);
}

TEST(Tracker, AFlickerIsNoTrack) {
  Tracker tracker;
  const std::vector<Detection> one = {at(10, 10)};
  const std::vector<Detection> two = {at(10, 10), at(300, 300)};
  EXPECT_EQ(tracker.update(one, 0).size(), 1U);
  EXPECT_EQ(tracker.update(two, kFrame).size(), 1U);
  for (int i = 2; i < 5; ++i) EXPECT_EQ(tracker.update(one, i * kFrame).size(), 1U);
}

TEST(Tracker, ClassesDoNotMix) {
  Tracker tracker;
  std::set<int64_t> ids;
  for (int i = 0; i < 10; ++i) {
    const std::vector<Detection> found = {at(100, 50, 0.9F, i < 5 ? 0 : 2)};
    for (const Track& track : tracker.update(found, i * kFrame)) ids.insert(track.id);
  }
  EXPECT_EQ(ids.size(), 2U);
}

TEST(Tracker, ForgetsWhenTimeStepsBackOrALongTimePasses) {
  Tracker tracker;
  const std::vector<Detection> found = {at(100, 50)};
  EXPECT_EQ(tracker.update(found, 0)[0].id, 1);
  EXPECT_EQ(tracker.update(found, 60'000'000)[0].id, 2);
  EXPECT_EQ(tracker.update(found, 1)[0].id, 3);
}

TEST(Tracker, DegenerateBoxesDoNoHarm) {
  Tracker tracker;
  const std::vector<Detection> found = {{{5, 5, 5, 5}, 0.9F, 0}, {{0, 0, 1e9F, 1e9F}, 0.9F, 0}};
  for (int i = 0; i < 5; ++i) EXPECT_LE(tracker.update(found, i * kFrame).size(), 4U);
}

}  // namespace
}  // namespace sixtops::vision
