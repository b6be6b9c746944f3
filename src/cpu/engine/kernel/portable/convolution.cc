#include <array>

#include "cpu/engine/kernel/pixel_walk.h"
#include "cpu/engine/kernel/portable/portable.h"

namespace sixtops::cpu::engine::portable {
namespace {

constexpr int kMostChannels = kLineBytes;

template <typename T>
const T* at(const uint8_t* bytes, int64_t offset) {
  return reinterpret_cast<const T*>(bytes + offset);
}

// The 16 · vectors sums of one pixel.
void sum_steps(const ConvolutionTask& task, const ConvolutionBlock& block, const PixelWalk& pixel, const uint8_t* arena,
               int32_t* sums) {
  const int channels = block.vectors * kVectorChannels;
  const int8_t* weights = at<int8_t>(block.packed, 0);
  std::memcpy(sums, block.packed + 4 * channels * block.steps->dwords, static_cast<size_t>(channels) * sizeof(int32_t));
  for (const Segment& segment : block.steps->segments) {
    const uint8_t* const from = arena + pixel.offset(task.geometries[static_cast<size_t>(segment.geometry)]);
    const auto* const offsets = block.steps->offsets.data() + segment.first;
    for (int32_t step = 0; step < segment.count; ++step) {
      const uint8_t* x = from + offsets[step];
      for (int32_t dword = 0; dword < segment.dwords; ++dword, x += 4) {
        for (int channel = 0; channel < channels; ++channel, weights += 4) {
          sums[channel] += x[0] * weights[0] + x[1] * weights[1] + x[2] * weights[2] + x[3] * weights[3];
        }
      }
    }
  }
}

}  // namespace

void convolve(const ConvolutionTask& task, std::span<const ConvolutionBlock> blocks, uint8_t* arena, PixelRange range) {
  PixelWalk pixel(task.extent, range.first);
  for (int64_t i = range.first; i < range.last; ++i, pixel.advance(1)) {
    for (const ConvolutionBlock& block : blocks) {
      std::array<int32_t, kMostChannels> sums;
      sum_steps(task, block, pixel, arena, sums.data());
      const int channels = block.vectors * kVectorChannels;
      uint8_t* const y =
          arena + block.output.base + pixel.offset(task.geometries[static_cast<size_t>(block.output.geometry)]);
      if (block.sums) {
        std::memcpy(y, sums.data(), static_cast<size_t>(channels) * sizeof(int32_t));
        continue;
      }
      const uint8_t* const residual =
          arena + block.residual.base + pixel.offset(task.geometries[static_cast<size_t>(block.residual.geometry)]);
      const auto* const scale = at<float>(block.packed, 4 * channels * (block.steps->dwords + 1));
      if (!block.pieces.empty()) {
        for (int c = 0; c < channels; c += kVectorChannels) finish_pieces(block, c, sums.data() + c, scale + c, y + c);
        continue;
      }
      for (int c = 0; c < channels; ++c) {
        y[c] = finish_byte(sums[static_cast<size_t>(c)], scale[c], block.requantization, block.table, block.addition,
                           residual + c);
      }
    }
  }
}

void depthwise(const DepthwiseTask& task, std::span<const DepthwiseBlock> blocks, uint8_t* arena, PixelRange range) {
  PixelWalk pixel(task.extent, range.first);
  for (int64_t i = range.first; i < range.last; ++i, pixel.advance(1)) {
    for (const DepthwiseBlock& block : blocks) {
      const auto taps = static_cast<int64_t>(block.taps.size());
      const auto place = [&](const Line& line) {
        return arena + line.base + pixel.offset(task.geometries[static_cast<size_t>(line.geometry)]);
      };
      const uint8_t* const x = place(block.input);
      const uint8_t* const residual = place(block.residual);
      uint8_t* const y = place(block.output);
      const auto* const bias = at<int32_t>(block.packed, kLineBytes * taps);
      const auto* const scale = at<float>(block.packed, kLineBytes * (taps + 4));
      for (int c = 0; c < block.vectors * kVectorChannels; ++c) {
        int32_t sum = bias[c];
        for (int64_t tap = 0; tap < taps; ++tap) {
          sum += x[block.taps[static_cast<size_t>(tap)] + c] * *at<int8_t>(block.packed, kLineBytes * tap + c);
        }
        y[c] = finish_byte(sum, scale[c], block.requantization, block.table, block.addition, residual + c);
      }
    }
  }
}

}  // namespace sixtops::cpu::engine::portable
