#include "quantize/activation_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "base/thread_pool.h"
#include "cpu/engine/vector_clones.h"

namespace sixtops::quantize {
namespace {

struct Range {
  double low = 0;
  double high = 0;
};

std::vector<double> geometric(double from, double to, int count) {
  std::vector<double> values;
  values.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) values.push_back(from * std::pow(to / from, i / (count - 1.0)));
  return values;
}

// Lower ends: the data's own, shares of it, and the places where common activations become flat.
std::vector<double> lower_ends(double low) {
  std::vector<double> ends = {-8, -7, -6, -5.5, -5, -4.5, -4, -3.5, -3, -2.5, -2, -1.5, -1, -0.5};
  for (double& end : ends) end = std::max(end, low);
  for (const double share : {1.0, 0.8, 0.6, 0.45}) ends.push_back(low * share);
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  return ends;
}

std::vector<double> upper_ends(double low, double high) {
  if (high <= 0) return {high};
  std::vector<double> ends = geometric(0.2 * high, high, 20);
  for (double& end : ends) end = std::max(end, low + 0.02 * (high - low));
  return ends;
}

// Squared error of the best table that answers in codes of `after`, without the part that no table can avoid. Rounding
// is done by adding 1.5 · 2^23, which leaves a float on whole numbers: it vectorizes.
SIXTOPS_VECTOR_CLONES
double table_error(const CodeMoments& moments, const Grid& after) {
  constexpr float kRound = 12582912.0F;
  const auto scale = static_cast<float>(after.scale);
  const auto inverse = static_cast<float>(1 / after.scale);
  const auto lowest = static_cast<float>(-128 - after.zero_point);
  const auto highest = static_cast<float>(127 - after.zero_point);
  std::array<float, kCodes> errors;
  for (size_t i = 0; i < kCodes; ++i) {
    const float rounded = (std::min(std::max(moments.mean[i] * inverse, lowest), highest) + kRound) - kRound;
    const float distance = moments.mean[i] - rounded * scale;
    errors[i] = moments.count[i] * distance * distance;
  }
  // Four sums: one alone would wait for each addition.
  std::array<double, 4> sums = {};
  for (size_t i = 0; i < kCodes; i += sums.size()) {
    for (size_t k = 0; k < sums.size(); ++k) sums[k] += errors[i + k];
  }
  return sums[0] + sums[1] + sums[2] + sums[3];
}

struct Choice {
  double error = std::numeric_limits<double>::infinity();
  Range before;
  size_t after = 0;
};

Choice best_choice(const TargetHistogram& histogram, const std::vector<Range>& ranges,
                   const std::vector<Grid>& afters) {
  std::vector<Choice> choices(ranges.size());
  ThreadPool::process().parallel_for(static_cast<int64_t>(ranges.size()), [&](int64_t begin, int64_t end) {
    for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i) {
      const CodeMoments moments = histogram.moments(ranges[i].low, ranges[i].high);
      for (size_t a = 0; a < afters.size(); ++a) {
        const double error = moments.spread + table_error(moments, afters[a]);
        if (error < choices[i].error) choices[i] = {error, ranges[i], a};
      }
    }
  });
  return *std::min_element(choices.begin(), choices.end(),
                           [](const Choice& a, const Choice& b) { return a.error < b.error; });
}

std::vector<Range> pairs(const std::vector<double>& lows, const std::vector<double>& highs) {
  constexpr double kSmallestWidth = 1e-4;
  std::vector<Range> result;
  for (const double low : lows) {
    for (const double high : highs) {
      if (high > low + kSmallestWidth) result.push_back({low, high});
    }
  }
  return result;
}

// A range with zero on its grid: the pre-activation code of zero must exist, because it is a zero point.
Grid snapped(const Range& range) { return grid_of_range(range.low, range.high); }

}  // namespace

ActivationGrids search_activation_grids(const TargetHistogram& histogram, double target_low, double target_high,
                                        std::optional<Grid> fixed_after, RangeRule rule) {
  const double low = histogram.low();
  const double high = histogram.high();
  if (rule == RangeRule::kMinMax) {
    return {grid_of_range(low, high), fixed_after.value_or(grid_of_range(target_low, target_high))};
  }

  // Coarse: shares of the target's ends; the lower one only where it carries a good part of the range.
  std::vector<Grid> afters;
  std::vector<std::pair<double, double>> after_shares;
  if (fixed_after) {
    afters.push_back(*fixed_after);
    after_shares.emplace_back(1, 1);
  } else {
    const bool two_sided = -target_low > 0.1 * target_high;
    for (const double low_share : two_sided ? std::vector<double>{1, 0.85, 0.7, 0.55} : std::vector<double>{1}) {
      for (const double high_share : geometric(0.25, 1, two_sided ? 14 : 28)) {
        after_shares.emplace_back(low_share, high_share);
        afters.push_back(grid_of_range(target_low * low_share, target_high * high_share));
      }
    }
  }
  std::vector<Range> ranges = pairs(lower_ends(low), upper_ends(low, high));
  if (ranges.empty()) return {grid_of_range(low, high), afters.back()};
  const Choice coarse = best_choice(histogram, ranges, afters);

  // Fine: around the best of the coarse ones.
  std::vector<double> lows;
  std::vector<double> highs;
  for (int i = -3; i <= 3; ++i) lows.push_back(std::max(coarse.before.low + 0.13 * i, low));
  for (int i = -4; i <= 4; ++i) {
    const double end = coarse.before.high;
    highs.push_back(std::min(end + 0.015 * i * std::abs(end), std::max(high, 0.0)));
  }
  if (!fixed_after) {
    const auto [low_share, high_share] = after_shares[coarse.after];
    afters.clear();
    for (int i = -4; i <= 4; ++i) {
      const double share = std::min(1.0, high_share * (1 + 0.0125 * i));
      afters.push_back(grid_of_range(target_low * low_share, target_high * share));
    }
  } else {
    afters = {*fixed_after};
  }
  const Choice fine = best_choice(histogram, pairs(lows, highs), afters);
  if (fine.error <= coarse.error) return {snapped(fine.before), afters[fine.after]};
  const auto [low_share, high_share] = after_shares[coarse.after];
  return {snapped(coarse.before),
          fixed_after.value_or(grid_of_range(target_low * low_share, target_high * high_share))};
}

}  // namespace sixtops::quantize
