#include "media/pts_normalizer.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace sixtops::media {
namespace {

constexpr int64_t kFrame = 40'000;

TEST(PtsNormalizer, KeepsWhatGrows) {
  PtsNormalizer normalizer(kFrame, false);
  for (const int64_t pts : {-80'000, 0, 33'333, 66'667, 5'000'000, 50'000'000}) EXPECT_EQ(normalizer.next(pts, 0), pts);
}

TEST(PtsNormalizer, MissingStampsAreOnePictureLater) {
  PtsNormalizer normalizer(kFrame, false);
  EXPECT_EQ(normalizer.next(std::nullopt, 0), 0);
  EXPECT_EQ(normalizer.next(std::nullopt, 0), kFrame);
  EXPECT_EQ(normalizer.next(90'000, 0), 90'000);
  EXPECT_EQ(normalizer.next(std::nullopt, 0), 130'000);
  EXPECT_EQ(normalizer.next(120'000, 0), 130'001);  // sooner than guessed
  EXPECT_EQ(normalizer.next(160'000, 0), 160'000);
}

TEST(PtsNormalizer, DuplicatesAndSmallStepsBackGrow) {
  PtsNormalizer normalizer(kFrame, true);
  EXPECT_EQ(normalizer.next(100'000, 0), 100'000);
  EXPECT_EQ(normalizer.next(100'000, 1), 100'001);
  EXPECT_EQ(normalizer.next(80'000, 2), 100'002);
  EXPECT_EQ(normalizer.next(140'000, 3), 140'000);
}

TEST(PtsNormalizer, ALiveClockThatBeginsAnewGoesOnAsTheArrival) {
  PtsNormalizer normalizer(kFrame, true);
  EXPECT_EQ(normalizer.next(60'000'000, 1'000'000), 60'000'000);
  EXPECT_EQ(normalizer.next(0, 31'000'000), 90'000'000);  // after a stall of 30 s
  EXPECT_EQ(normalizer.next(kFrame, 31'040'000), 90'040'000);
}

TEST(PtsNormalizer, ALiveJumpAheadWithoutWaitingIsNoTime) {
  PtsNormalizer normalizer(kFrame, true);
  EXPECT_EQ(normalizer.next(0, 0), 0);
  EXPECT_EQ(normalizer.next(47'721'000'000, 40'000), 40'000);
  EXPECT_EQ(normalizer.next(47'721'040'000, 80'000), 80'000);
}

TEST(PtsNormalizer, AFileThatBeginsAnewGoesOnByOnePicture) {
  PtsNormalizer normalizer(kFrame, false);
  EXPECT_EQ(normalizer.next(9'000'000, 0), 9'000'000);
  EXPECT_EQ(normalizer.next(0, 0), 9'040'000);
  EXPECT_EQ(normalizer.next(kFrame, 0), 9'080'000);
}

TEST(PtsNormalizer, AnotherClockBeginsWhereverItStands) {
  PtsNormalizer normalizer(kFrame, true);
  normalizer.restart();  // before the first: nothing to go on from
  EXPECT_EQ(normalizer.next(5'000'000, 1'000), 5'000'000);
  normalizer.restart();
  EXPECT_EQ(normalizer.next(5'100'000, 2'001'000), 7'000'000);
  EXPECT_EQ(normalizer.next(5'140'000, 2'041'000), 7'040'000);
}

TEST(PtsNormalizer, NoiseDoesNotOverflow) {
  PtsNormalizer normalizer(kFrame, true);
  int64_t last = normalizer.next(std::numeric_limits<int64_t>::min(), 0);
  for (const int64_t pts : {std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min(), int64_t{0}}) {
    const int64_t now = normalizer.next(pts, 0);
    EXPECT_GT(now, last);
    last = now;
  }
}

}  // namespace
}  // namespace sixtops::media
