// A histogram over a quantity v that also keeps, for each bin, what another quantity t ought to be there.
//
// v is what an integer layer accumulates (before its activation), t what the float network answers (after it). For any
// choice of 256 codes over v the sums give, without looking at the data again, how many values fall on a code, the best
// answer of a table for it (the mean of t), and the squared error that no table can avoid (the spread of t in the
// code).
#pragma once

#include <array>
#include <span>
#include <vector>

namespace sixtops::quantize {

inline constexpr int kCodes = 256;

struct CodeMoments {
  std::array<float, kCodes> count{};
  std::array<float, kCodes> mean{};  // of t; 0 where nothing falls
  double spread = 0;                 // sum of squared distances of t from its code's mean
};

class TargetHistogram {
 public:
  // Bins span [low, high] of v; low < high.
  TargetHistogram(double low, double high);

  // Values of one channel, with a weight for all of them. v and t are of equal length.
  void add(std::span<const float> v, std::span<const float> t, double weight);

  // What another histogram of the same bins holds.
  void add(const TargetHistogram& other);

  double low() const { return low_; }
  double high() const { return high_; }
  double total() const;

  // Codes 0..255 with centres from code_low to code_high in equal steps; values outside belong to the end codes.
  // REQUIRES: finish() was called after the last add().
  CodeMoments moments(double code_low, double code_high) const;
  void finish();

  // Count of each bin, for rules that look at the distribution itself.
  std::vector<double> bin_counts() const;

 private:
  struct Sums {
    double n = 0;
    double t = 0;
    double tt = 0;
  };
  double low_;
  double high_;
  std::vector<Sums> bins_;
  std::vector<Sums> cumulative_;  // [i]: sums of the bins below i
};

}  // namespace sixtops::quantize
