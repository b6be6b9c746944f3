#include "quantize/lines.h"

#include <algorithm>
#include <cstring>

#include "cpu/engine/vector_clones.h"

namespace sixtops::quantize {
namespace {

constexpr size_t kLanes = 8;
typedef float Floats8 __attribute__((vector_size(kLanes * sizeof(float))));
typedef double Doubles8 __attribute__((vector_size(kLanes * sizeof(double))));

SIXTOPS_VECTOR_CLONES
void add_sum(const float* values, size_t count, double* total) {
  Doubles8 sum = {};
  for (size_t i = 0; i < count; i += kLanes) {
    if (i + kLanes <= count) {
      Floats8 lanes;
      std::memcpy(&lanes, values + i, sizeof(lanes));
      sum += __builtin_convertvector(lanes, Doubles8);
    } else {
      for (size_t k = i; k < count; ++k) sum[k - i] += values[k];
    }
  }
  for (size_t k = 0; k < kLanes; ++k) *total += sum[k];
}

SIXTOPS_VECTOR_CLONES
void find_extremes(const float* values, size_t count, Extremes* extremes) {
  Floats8 low = Floats8{} + values[0];
  Floats8 high = low;
  const size_t whole = count / kLanes * kLanes;
  for (size_t i = 0; i < whole; i += kLanes) {
    Floats8 lanes;
    std::memcpy(&lanes, values + i, sizeof(lanes));
    low = lanes < low ? lanes : low;
    high = lanes > high ? lanes : high;
  }
  *extremes = {low[0], high[0]};
  for (size_t k = 1; k < kLanes; ++k) *extremes = {std::min(extremes->low, low[k]), std::max(extremes->high, high[k])};
  for (size_t i = whole; i < count; ++i) {
    *extremes = {std::min(extremes->low, values[i]), std::max(extremes->high, values[i])};
  }
}

// Single precision over so many elements a lane, then double.
constexpr size_t kBlock = 32 * kLanes;

SIXTOPS_VECTOR_CLONES
void add_products(const float* reference, const float* actual, size_t count, LineProducts* total) {
  for (size_t begin = 0; begin < count; begin += kBlock) {
    const size_t end = std::min(begin + kBlock, count);
    Floats8 rr = {}, aa = {}, ra = {}, ee = {};
    for (size_t i = begin; i < end; i += kLanes) {
      Floats8 r = {}, a = {};
      if (i + kLanes <= end) {
        std::memcpy(&r, reference + i, sizeof(r));
        std::memcpy(&a, actual + i, sizeof(a));
      } else {
        std::memcpy(&r, reference + i, (end - i) * sizeof(float));
        std::memcpy(&a, actual + i, (end - i) * sizeof(float));
      }
      const Floats8 e = r - a;
      rr += r * r;
      aa += a * a;
      ra += r * a;
      ee += e * e;
    }
    for (size_t k = 0; k < kLanes; ++k) {
      total->reference_squared += rr[k];
      total->actual_squared += aa[k];
      total->product += ra[k];
      total->error_squared += ee[k];
    }
  }
}

}  // namespace

double sum_of(std::span<const float> values) {
  double sum = 0;
  add_sum(values.data(), values.size(), &sum);
  return sum;
}

Extremes extremes_of(std::span<const float> values) {
  Extremes extremes;
  if (!values.empty()) find_extremes(values.data(), values.size(), &extremes);
  return extremes;
}

LineProducts products_of(std::span<const float> reference, std::span<const float> actual) {
  LineProducts products;
  add_products(reference.data(), actual.data(), std::min(reference.size(), actual.size()), &products);
  return products;
}

}  // namespace sixtops::quantize
