#include "video/retry.h"

#include <gtest/gtest.h>

namespace sixtops::video {
namespace {

using std::chrono::milliseconds;

TEST(RetryDelay, DoublesToFourSecondsAndBeginsAnewAfterSuccess) {
  RetryDelay retry(milliseconds(60'000));
  for (const int expected : {500, 1000, 2000, 4000, 4000, 4000}) EXPECT_EQ(retry.next(false).count(), expected);
  retry.succeeded();
  EXPECT_EQ(retry.next(false).count(), 500);
}

TEST(RetryDelay, ARefusedPasswordIsNotHammered) {
  RetryDelay retry(milliseconds(60'000));
  EXPECT_EQ(retry.next(true).count(), 30'000);
}

TEST(RetryDelay, TheLimitHoldsForAll) {
  RetryDelay retry(milliseconds(20));
  EXPECT_EQ(retry.next(false).count(), 20);
  EXPECT_EQ(retry.next(true).count(), 20);
}

}  // namespace
}  // namespace sixtops::video
