#include "quantize/range_rule.h"

#include <gtest/gtest.h>

#include <random>

#include "quantize/activation_search.h"

namespace sixtops::quantize {
namespace {

double error_of(const std::vector<float>& values, const Grid& grid) {
  double error = 0;
  for (const float value : values) {
    const double distance = grid.real(grid.code(value)) - value;
    error += distance * distance;
  }
  return error;
}

TargetHistogram histogram_of(const std::vector<float>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  TargetHistogram histogram(*low, *high);
  histogram.add(values, values, 1);
  histogram.finish();
  return histogram;
}

std::vector<float> heavy_tailed(size_t count) {
  std::mt19937 random(7);
  std::student_t_distribution<float> distribution(3);
  std::vector<float> values(count);
  for (float& value : values) value = distribution(random);
  return values;
}

TEST(ChooseGrid, MinMaxCoversEverythingAndZero) {
  const Grid grid = choose_grid(histogram_of({2.0F, 3.0F, 5.0F}), RangeRule::kMinMax, false);
  EXPECT_EQ(grid.zero_point, -128);
  EXPECT_NEAR(grid.highest(), 5, 1e-6);
}

TEST(ChooseGrid, NoOtherRangeIsMuchBetterThanLeastSquares) {
  const std::vector<float> values = heavy_tailed(20000);
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double chosen = error_of(values, choose_grid(histogram_of(values), RangeRule::kMse, false));
  double least = chosen;
  for (double a = 0.1; a <= 1.001; a += 0.06) {
    for (double b = 0.1; b <= 1.001; b += 0.06) {
      least = std::min(least, error_of(values, grid_of_range(*low * a, *high * b)));
    }
  }
  EXPECT_LE(chosen, 1.02 * least);
  EXPECT_LT(chosen, error_of(values, grid_of_range(*low, *high)));
}

TEST(ChooseGrid, DivergenceCutsTheTailHarder) {
  const TargetHistogram histogram = histogram_of(heavy_tailed(50000));
  const Grid kl = choose_grid(histogram, RangeRule::kKl, false);
  const Grid minmax = choose_grid(histogram, RangeRule::kMinMax, false);
  EXPECT_LT(kl.scale, minmax.scale);
  EXPECT_GT(kl.scale, 0);
}

TEST(ChooseGrid, ConstantZeroGetsAGridThatHoldsIt) {
  const Grid grid = choose_grid(TargetHistogram(0, 0), RangeRule::kMse, false);
  EXPECT_EQ(grid.code(0), grid.zero_point);
}

TEST(CodeMoments, EqualThoseOfTheDataItself) {
  const std::vector<float> values = heavy_tailed(20000);
  const TargetHistogram histogram = histogram_of(values);
  const Grid grid = grid_of_range(-4, 6);
  const CodeMoments moments = histogram.moments(grid.lowest(), grid.highest());
  std::vector<double> counts(kCodes, 0.0);
  for (const float value : values) counts[static_cast<size_t>(grid.code(value) + 128)] += 1;
  double moved = 0;
  for (size_t i = 0; i < kCodes; ++i) moved += std::abs(counts[i] - static_cast<double>(moments.count[i]));
  EXPECT_LT(moved, 0.05 * static_cast<double>(values.size()));  // a bin that a border cuts is shared between two codes
  EXPECT_NEAR(histogram.total(), static_cast<double>(values.size()), 1e-3);
}

TEST(SearchActivationGrids, SpendsNoCodesWhereSiluIsFlat) {
  std::mt19937 random(3);
  std::normal_distribution<float> distribution(-4, 6);
  std::vector<float> before(60000);
  std::vector<float> answer(before.size());
  for (size_t i = 0; i < before.size(); ++i) {
    before[i] = distribution(random);
    answer[i] = before[i] / (1 + std::exp(-before[i]));
  }
  const auto [low, high] = std::minmax_element(before.begin(), before.end());
  const auto [least, most] = std::minmax_element(answer.begin(), answer.end());
  TargetHistogram histogram(*low, *high);
  histogram.add(before, answer, 1);
  histogram.finish();
  const ActivationGrids grids = search_activation_grids(histogram, *least, *most, std::nullopt, RangeRule::kMse);
  EXPECT_GT(grids.before.lowest(), *low * 0.6);
  EXPECT_GT(grids.before.highest(), *high * 0.5);
  EXPECT_LE(grids.after.lowest(), -0.25);
  const ActivationGrids fixed = search_activation_grids(histogram, *least, *most, Grid{0.1, -100}, RangeRule::kMse);
  EXPECT_EQ(fixed.after, (Grid{0.1, -100}));
}

}  // namespace
}  // namespace sixtops::quantize
