// The output grid of a tensor without a table: what part of its range 256 codes should cover.
//
//   kMse     least squared error of the rounded and saturated values (default)
//   kMinMax  the whole range
//   kKl      least Kullback-Leibler divergence between the distribution and its 128-level image (TensorRT's rule);
//            kept for those who ask for it: it costs networks with SiLU many decibels
#pragma once

#include "quantize/grid.h"
#include "quantize/quantize.h"
#include "quantize/target_histogram.h"

namespace sixtops::quantize {

// `histogram` holds v = t (a tensor is its own target). `low`, when given, pins the lower end: 0 behind a ReLU.
Grid choose_grid(const TargetHistogram& histogram, RangeRule rule, bool non_negative);

// The largest magnitude that kKl keeps, of a histogram of magnitudes.
double kl_threshold(const std::vector<double>& counts, double bin_width);

}  // namespace sixtops::quantize
