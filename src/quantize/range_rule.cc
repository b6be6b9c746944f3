#include "quantize/range_rule.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace sixtops::quantize {
namespace {

// Shares of an extreme value: `count` of them, from `least` to 1 in equal ratios, times `around`.
std::vector<double> shares(double extreme, double least, int count, double around = 1) {
  if (extreme == 0) return {0};
  std::vector<double> result;
  result.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {
    result.push_back(extreme * std::min(1.0, around * std::pow(least, i / (count - 1.0))));
  }
  return result;
}

double squared_error(const TargetHistogram& histogram, const Grid& grid) {
  const CodeMoments moments = histogram.moments(grid.lowest(), grid.highest());
  double error = moments.spread;
  for (int i = 0; i < kCodes; ++i) {
    const auto index = static_cast<size_t>(i);
    const double distance = moments.mean[index] - (grid.lowest() + i * grid.scale);
    error += moments.count[index] * distance * distance;
  }
  return error;
}

struct Choice {
  double error = std::numeric_limits<double>::infinity();
  double low = 0;
  double high = 0;
};

Choice best_of(const TargetHistogram& histogram, const std::vector<double>& lows, const std::vector<double>& highs) {
  Choice best;
  for (const double low : lows) {
    for (const double high : highs) {
      const double error = squared_error(histogram, grid_of_range(low, high));
      if (error < best.error) best = {error, low, high};
    }
  }
  return best;
}

// Coarse over a factor of eight, then finely around the best.
Grid least_squares(const TargetHistogram& histogram, double low, double high) {
  const Choice coarse = best_of(histogram, shares(low, 0.125, 13), shares(high, 0.125, 13));
  const double low_share = low == 0 ? 1 : coarse.low / low;
  const double high_share = high == 0 ? 1 : coarse.high / high;
  const Choice fine =
      best_of(histogram, shares(low, 0.8, 9, low_share * 1.12), shares(high, 0.8, 9, high_share * 1.12));
  const Choice& best = fine.error < coarse.error ? fine : coarse;
  return grid_of_range(best.low, best.high);
}

Grid least_divergence(const TargetHistogram& histogram, double low, double high) {
  // Magnitudes: the rule is symmetric; an all-positive tensor uses its codes for the positive side alone.
  const std::vector<double> counts = histogram.bin_counts();
  const double width = (histogram.high() - histogram.low()) / static_cast<double>(counts.size());
  const double extreme = std::max(-low, high);
  std::vector<double> magnitudes(2048, 0.0);
  for (size_t i = 0; i < counts.size(); ++i) {
    const double value = std::abs(histogram.low() + (static_cast<double>(i) + 0.5) * width);
    const auto bin = static_cast<size_t>(value / extreme * static_cast<double>(magnitudes.size()));
    magnitudes[std::min(bin, magnitudes.size() - 1)] += counts[i];
  }
  const double kept = kl_threshold(magnitudes, extreme / static_cast<double>(magnitudes.size()));
  return grid_of_range(std::max(low, -kept), std::min(high, kept));
}

}  // namespace

double kl_threshold(const std::vector<double>& counts, double bin_width) {
  constexpr size_t kLevels = 128;
  double least = std::numeric_limits<double>::infinity();
  size_t best = counts.size();
  for (size_t kept = kLevels; kept <= counts.size(); kept += 16) {
    // p: the distribution up to `kept`, its tail on the last bin. q: the same on kLevels levels, spread back evenly
    // over the bins that are not empty.
    std::vector<double> p(counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(kept));
    double tail = 0;
    for (size_t i = kept; i < counts.size(); ++i) tail += counts[i];
    p.back() += tail;
    double divergence = 0;
    double total_p = 0;
    double total_q = 0;
    std::vector<double> q(kept, 0.0);
    for (size_t level = 0; level < kLevels; ++level) {
      const size_t begin = level * kept / kLevels;
      const size_t end = (level + 1) * kept / kLevels;
      double mass = 0;
      size_t used = 0;
      for (size_t i = begin; i < end; ++i) {
        mass += counts[i];
        used += p[i] > 0 ? 1 : 0;
      }
      for (size_t i = begin; i < end; ++i) {
        if (p[i] > 0) q[i] = mass / static_cast<double>(used);
      }
    }
    for (size_t i = 0; i < kept; ++i) {
      total_p += p[i];
      total_q += q[i];
    }
    if (total_q <= 0) continue;
    for (size_t i = 0; i < kept; ++i) {
      if (p[i] <= 0) continue;
      // A level that got nothing but the tail: a floor keeps the logarithm finite and the candidate unattractive.
      const double q_share = std::max(q[i] / total_q, 1e-12);
      divergence += p[i] / total_p * std::log(p[i] / total_p / q_share);
    }
    if (divergence < least) {
      least = divergence;
      best = kept;
    }
  }
  return (static_cast<double>(best) + 0.5) * bin_width;
}

Grid choose_grid(const TargetHistogram& histogram, RangeRule rule, bool non_negative) {
  const double low = non_negative ? 0 : std::min(histogram.low(), 0.0);
  const double high = std::max(histogram.high(), 0.0);
  if (high - low <= 0) return grid_of_range(0, 0);
  switch (rule) {
    case RangeRule::kMinMax:
      return grid_of_range(low, high);
    case RangeRule::kKl:
      return least_divergence(histogram, low, high);
    case RangeRule::kMse:
      break;
  }
  return least_squares(histogram, low, high);
}

}  // namespace sixtops::quantize
