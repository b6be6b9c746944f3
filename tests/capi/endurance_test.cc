// What must not grow, and what a call may cost.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "base/bytes.h"
#include "capi/open_context.h"
#include "capi/process_figures.h"
#include "runtime/session.h"

namespace sixtops::testing {
namespace {

// Room for the allocator's own habits; a leak of 1 kB a cycle would pass it five times over.
constexpr int64_t kTolerance = 2 << 20;

void expect_no_growth(int64_t bytes_before) {
  if (kIsSanitized) return;
  EXPECT_LT(resident_bytes() - bytes_before, kTolerance);
}

TEST(Endurance, AThousandContextsLeaveNothing) {
  const OneCore one_core;
  const ModelBytes model = code_model();
  const auto cycle = [&] {
    rknn_context context = 0;
    ASSERT_EQ(init(&context, model), RKNN_SUCC);
    ASSERT_EQ(set_picture(context, counting_picture()), RKNN_SUCC);
    rknn_run_extend extend = {};
    extend.non_block = 1;
    ASSERT_EQ(rknn_run(context, &extend), RKNN_SUCC);
    rknn_output output = {};
    output.want_float = 1;
    ASSERT_EQ(rknn_outputs_get(context, 1, &output, nullptr), RKNN_SUCC);  // never released: destroy does
    ASSERT_EQ(rknn_destroy(context), RKNN_SUCC);
  };
  for (int i = 0; i < 200; ++i) cycle();
  const int descriptors = open_descriptors();
  const int64_t bytes = resident_bytes();
  for (int i = 0; i < (kIsSanitized ? 100 : 1000); ++i) cycle();
  EXPECT_EQ(open_descriptors(), descriptors);
  expect_no_growth(bytes);
}

TEST(Endurance, AHundredThousandRunsLeaveNothing) {
  const OneCore one_core;
  const OpenContext context(code_model());
  const std::vector<uint8_t> picture = counting_picture();
  const auto run = [&] {
    ASSERT_EQ(set_picture(context, picture), RKNN_SUCC);
    ASSERT_EQ(rknn_run(context, nullptr), RKNN_SUCC);
    rknn_output output = {};
    ASSERT_EQ(rknn_outputs_get(context, 1, &output, nullptr), RKNN_SUCC);
    ASSERT_EQ(rknn_outputs_release(context, 1, &output), RKNN_SUCC);
  };
  for (int i = 0; i < 1000; ++i) run();
  const int descriptors = open_descriptors();
  const int64_t bytes = resident_bytes();
  for (int i = 0; i < (kIsSanitized ? 2000 : 100000); ++i) run();
  EXPECT_EQ(open_descriptors(), descriptors);
  expect_no_growth(bytes);
}

double median_microseconds(const std::function<void()>& body) {
  std::vector<double> times;
  for (int i = 0; i < 301; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    body();
    times.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count());
  }
  std::nth_element(times.begin(), times.begin() + 150, times.end());
  return times[150];
}

TEST(Endurance, ARunCostsAtMostTwentyMicrosecondsMoreThanTheSessions) {
  const OneCore one_core;
  const ModelBytes model = code_model();
  const auto session = runtime::Session::open(SharedBytes::own(model)).value();
  const std::vector<Tensor> inputs = {Tensor::from_values<int8_t>({1, 3, 5, 7}, counting_codes())};
  const OpenContext context(model);
  ASSERT_EQ(set_picture(context, counting_picture()), RKNN_SUCC);
  const double of_session = median_microseconds([&] { ASSERT_TRUE(session->run(inputs).ok()); });
  const double of_api = median_microseconds([&] { ASSERT_EQ(rknn_run(context, nullptr), RKNN_SUCC); });
  RecordProperty("overhead_us", std::to_string(of_api - of_session));
  if (kIsSanitized) return;
  EXPECT_LE(of_api - of_session, 20);
}

}  // namespace
}  // namespace sixtops::testing
