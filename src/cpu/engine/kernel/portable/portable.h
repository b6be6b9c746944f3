// Kernels in plain C++, for every machine, and what other instruction sets take for tasks that they have no own for.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include "cpu/engine/kernel/kernel_set.h"

namespace sixtops::cpu::engine {

const KernelSet& portable_kernels();

// The definition of kernel_set.h in double precision: the product has 46 bits, and adding and subtracting 1.5 · 2^52
// rounds a double below 2^51 half to even.
inline uint8_t requantize_byte(int32_t accumulator, float scale, int32_t zero) {
  constexpr double kRound = 0x1.8p52;
  constexpr double kStage2 = 4096;
  double value = (accumulator * (double{scale} * kStage2) + kRound) - kRound;
  value = value > std::numeric_limits<int32_t>::max() ? std::numeric_limits<int32_t>::max() : value;
  value = value < std::numeric_limits<int32_t>::min() ? std::numeric_limits<int32_t>::min() : value;
  value = (value / kStage2 + kRound) - kRound + zero;
  value = value < 0 ? 0 : value;
  return static_cast<uint8_t>(value > 255 ? 255 : value);
}

inline uint8_t add_bytes(const Addition& addition, int32_t a, int32_t b) {
  return requantize_byte(addition.weight[0] * a + addition.weight[1] * b + addition.bias, addition.scale,
                         addition.requantization.zero);
}

// What follows a sum: requantization, table, addition. `residual` is read only where there is an addition.
inline uint8_t finish_byte(int32_t accumulator, float scale, const Requantization& requantization, const uint8_t* table,
                           const Addition* addition, const uint8_t* residual) {
  uint8_t byte = requantize_byte(accumulator, scale, requantization.zero);
  if (table != nullptr) byte = table[byte];
  return addition == nullptr ? byte : add_bytes(*addition, byte, *residual);
}

// The bytes of the channels of a block with pieces, from `first` on, as many as a vector has.
inline void finish_pieces(const ConvolutionBlock& block, int first, const int32_t* sums, const float* scale,
                          uint8_t* y) {
  for (const BlockPiece& piece : block.pieces) {
    for (int c = std::max(0, piece.first - first); c < std::min(kVectorChannels, piece.first + piece.channels - first);
         ++c) {
      y[c] = finish_byte(sums[c], scale[c], {piece.zero, false}, piece.table, nullptr, nullptr);
    }
  }
}

namespace portable {
void convolve(const ConvolutionTask& task, std::span<const ConvolutionBlock> blocks, uint8_t* arena, PixelRange range);
void depthwise(const DepthwiseTask& task, std::span<const DepthwiseBlock> blocks, uint8_t* arena, PixelRange range);
void look_up(const TableTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range);
void add(const AdditionTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range);
void multiply(const ProductTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range);
void pool(const PoolTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range);
void import_codes(const BorderTask& task, const int8_t* dense, uint8_t* arena, PixelRange range);
void export_codes(const BorderTask& task, const uint8_t* arena, int8_t* dense, PixelRange range);
void export_sums(const BorderTask& task, const uint8_t* arena, int32_t* dense, PixelRange range);
}  // namespace portable

}  // namespace sixtops::cpu::engine
