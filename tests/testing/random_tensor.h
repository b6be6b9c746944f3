// Random tensors for tests; the generator is the caller's, so that a seed names a run.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "graph/tensor.h"

namespace sixtops::testing {

inline Tensor random_floats(std::mt19937& random, Shape shape, float low = -1, float high = 1) {
  std::vector<float> values(static_cast<size_t>(element_count(shape).value()));
  std::uniform_real_distribution<float> draw(low, high);
  for (float& value : values) value = draw(random);
  return Tensor::from_values(std::move(shape), values);
}

// Integers from [low, high] in element type T.
template <typename T = int8_t>
Tensor random_integers(std::mt19937& random, Shape shape, int64_t low = -128, int64_t high = 127) {
  std::vector<T> values(static_cast<size_t>(element_count(shape).value()));
  std::uniform_int_distribution<int64_t> draw(low, high);
  for (T& value : values) value = static_cast<T>(draw(random));
  return Tensor::from_values(std::move(shape), values);
}

inline int64_t random_int(std::mt19937& random, int64_t low, int64_t high) {
  return std::uniform_int_distribution<int64_t>(low, high)(random);
}

inline std::vector<int64_t> random_ints(std::mt19937& random, size_t count, int64_t low, int64_t high) {
  std::vector<int64_t> values(count);
  for (int64_t& value : values) value = random_int(random, low, high);
  return values;
}

}  // namespace sixtops::testing
