// Figures that tell how far a tensor is from what it should be.
#pragma once

#include <cmath>
#include <span>

#include "quantize/lines.h"

namespace sixtops::quantize {

// Sums over elements and samples; figures are made from the sums, so samples and outputs pool exactly.
struct ErrorSums {
  double reference_squared = 0;
  double actual_squared = 0;
  double product = 0;
  double error_squared = 0;

  void add(std::span<const float> reference, std::span<const float> actual) {
    const LineProducts products = products_of(reference, actual);
    reference_squared += products.reference_squared;
    actual_squared += products.actual_squared;
    product += products.product;
    error_squared += products.error_squared;
  }
  void add(const ErrorSums& other) {
    reference_squared += other.reference_squared;
    actual_squared += other.actual_squared;
    product += other.product;
    error_squared += other.error_squared;
  }

  // 10 · log10(Σ reference² / Σ (reference - actual)²); 200 stands for no error at all.
  double sqnr_db() const {
    constexpr double kNoError = 200;
    if (error_squared <= 0) return kNoError;
    return reference_squared <= 0 ? -kNoError : 10 * std::log10(reference_squared / error_squared);
  }
  double cosine() const {
    const double norms = std::sqrt(reference_squared) * std::sqrt(actual_squared);
    return norms > 0 ? product / norms : 1;
  }
};

}  // namespace sixtops::quantize
