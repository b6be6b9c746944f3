// Sums of products for instruction sets of 16 or 32 vector registers: a block is some pixels times 16 channels.
//
// Vectors is a struct of static functions over one instruction set, included by its own file alone:
//   kPixels                                            pixels of a block
//   Sums, Bytes                                        32-bit sums of 16 channels; 16 bytes
//   Sums zero()
//   void multiply(Sums*, pixels, dwords, weights, stride)  for kCount pixels: adds the products of `dwords` times four
//                                                      bytes of each; weights of the next dword lie `stride` further
//   void store_sums(Sums, bias, int32_t* to)           adds the biases
//   Bytes requantized(Sums, bias, scale, Requantization)   in_float
//   Bytes load(bytes), void store(bytes, Bytes), Bytes looked_up(Bytes, table)
//   Bytes added(Bytes, Bytes, Addition)                in_float
#pragma once

#include <algorithm>
#include <array>

#include "cpu/engine/kernel/kernel_set.h"
#include "cpu/engine/kernel/pixel_walk.h"
#include "cpu/engine/kernel/portable/portable.h"

namespace sixtops::cpu::engine {

template <typename Vectors>
class SmallBlocks {
 public:
  static void convolve(const ConvolutionTask& task, std::span<const ConvolutionBlock> blocks, uint8_t* arena,
                       PixelRange range) {
    for (const ConvolutionBlock& block : blocks) {
      PixelWalk walk(task.extent, range.first);
      int64_t i = range.first;
      for (; i + kPixels <= range.last; i += kPixels) compute<kPixels>(task, block, arena, walk);
      for (; i < range.last; ++i) compute<1>(task, block, arena, walk);
    }
  }

 private:
  static constexpr int kPixels = Vectors::kPixels;
  using Sums = typename Vectors::Sums;
  using Bytes = typename Vectors::Bytes;

  // Constants of 16 channels of a block.
  struct Channels {
    const uint8_t* weights = nullptr;
    int64_t stride = 0;  // between dwords
    const int32_t* bias = nullptr;
    const float* scale = nullptr;
  };

  static Channels channels_of(const ConvolutionBlock& block, int vector) {
    const int64_t stride = int64_t{block.vectors} * kVectorChannels * 4;
    const uint8_t* const bias = block.packed + stride * block.steps->dwords + vector * kVectorChannels * 4;
    return {block.packed + vector * kVectorChannels * 4, stride, reinterpret_cast<const int32_t*>(bias),
            reinterpret_cast<const float*>(bias + stride)};
  }

  template <int kCount>
  static void compute(const ConvolutionTask& task, const ConvolutionBlock& block, uint8_t* arena, PixelWalk& walk) {
    std::array<PixelWalk, kCount> pixels = repeat<kCount>(walk);
    for (int i = 0; i < kCount; ++i) {
      pixels[static_cast<size_t>(i)] = walk;
      walk.advance(1);
    }
    for (int vector = 0; vector < block.vectors; ++vector) {
      const Channels channels = channels_of(block, vector);
      Sums sums[kCount];
      for (Sums& sum : sums) sum = Vectors::zero();
      const uint8_t* weights = channels.weights;
      for (const Segment& segment : block.steps->segments) {
        const Geometry& geometry = task.geometries[static_cast<size_t>(segment.geometry)];
        const uint8_t* from[kCount];
        for (int i = 0; i < kCount; ++i) from[i] = arena + pixels[static_cast<size_t>(i)].offset(geometry);
        for (int32_t step = segment.first; step < segment.first + segment.count; ++step) {
          const uint8_t* x[kCount];
          for (int i = 0; i < kCount; ++i) x[i] = from[i] + block.steps->offsets[static_cast<size_t>(step)];
          Vectors::template multiply<kCount>(sums, x, segment.dwords, weights, channels.stride);
          weights += segment.dwords * channels.stride;
        }
      }
      for (int i = 0; i < kCount; ++i) {
        finish(task, block, channels, vector, sums[i], pixels[static_cast<size_t>(i)], arena);
      }
    }
  }

  template <int kCount>
  static std::array<PixelWalk, kCount> repeat(const PixelWalk& walk) {
    if constexpr (kCount == 1) return {walk};
    if constexpr (kCount == 3) return {walk, walk, walk};
    if constexpr (kCount == 4) return {walk, walk, walk, walk};
  }

  static void finish(const ConvolutionTask& task, const ConvolutionBlock& block, const Channels& channels, int vector,
                     const Sums& sums, const PixelWalk& pixel, uint8_t* arena) {
    const auto place = [&](const Line& line) {
      return arena + line.base + pixel.offset(task.geometries[static_cast<size_t>(line.geometry)]);
    };
    uint8_t* const y = place(block.output);
    const int first = vector * kVectorChannels;
    if (block.sums) return Vectors::store_sums(sums, channels.bias, reinterpret_cast<int32_t*>(y) + first);
    const uint8_t* const residual = place(block.residual) + first;
    if (!block.pieces.empty()) {
      int32_t plain[kVectorChannels];
      Vectors::store_sums(sums, channels.bias, plain);
      return finish_pieces(block, first, plain, channels.scale, y + first);
    }
    const bool in_float =
        block.requantization.in_float && (block.addition == nullptr || block.addition->requantization.in_float);
    if (!in_float) {
      int32_t plain[kVectorChannels];
      Vectors::store_sums(sums, channels.bias, plain);
      for (int c = 0; c < kVectorChannels; ++c) {
        y[first + c] =
            finish_byte(plain[c], channels.scale[c], block.requantization, block.table, block.addition, residual + c);
      }
      return;
    }
    Bytes bytes = Vectors::requantized(sums, channels.bias, channels.scale, block.requantization);
    if (block.table != nullptr) bytes = Vectors::looked_up(bytes, block.table);
    if (block.addition != nullptr) bytes = Vectors::added(bytes, Vectors::load(residual), *block.addition);
    Vectors::store(y + first, bytes);
  }
};

}  // namespace sixtops::cpu::engine
