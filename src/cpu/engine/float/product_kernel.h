// The inner loop of float convolutions: some output channels times some neighbouring positions, sums in registers.
//
//   out[r][j] = bias[r] + Σ_k weights[r][k] · input[offsets[k] + j]
//
// Any convolution of stride 1 has this form: term k is one input channel and tap, and what it adds for neighbouring
// positions lies side by side. Multiply-adds are fused where the machine has the instruction, as in a BLAS.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sixtops::cpu::engine {

// Output channels of one call on every machine; a caller with fewer repeats one of them.
inline constexpr int kProductRows = 8;

struct ProductTask {
  const float* weights[kProductRows];
  float* out[kProductRows];
  float bias[kProductRows];
  const int64_t* offsets;  // `depth` of them
  int64_t depth;
};

struct ProductKernel {
  std::string_view name;
  int vector = 0;  // positions are computed in multiples of this
  // Positions [first, first + vectors · vector) from `input` and of every out[r]; vectors is 1, 2 or 3.
  void (*run)(const ProductTask& task, const float* input, int64_t first, int vectors) = nullptr;
};

inline constexpr int kMaxProductVectors = 3;
inline constexpr int kMaxVectorFloats = 16;

// Those that this machine can run, the fastest first.
std::span<const ProductKernel> product_kernels();

}  // namespace sixtops::cpu::engine
