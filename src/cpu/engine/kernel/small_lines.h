// Depthwise convolutions and steps line by line for instruction sets of 16 or 32 vector registers, 16 channels at a
// time.
//
// Vectors is the struct of small_block.h with besides:
//   Lanes                                              32-bit sums of 16 channels
//   Lanes equal(int32_t), Lanes lanes_of(const int32_t*)
//   void multiply_add(Lanes&, Bytes a, Bytes b, a_weights, b_weights)   adds a · weights + b · weights, channel by
//   channel void add_bytes(Lanes&, Bytes) Lanes product(Bytes a, Bytes b, zeros)             (a - zeros[0]) · (b -
//   zeros[1]) Bytes requantized(Lanes, scale, Requantization)    in_float Bytes zero_bytes(), Bytes largest(Bytes,
//   Bytes)
#pragma once

#include <array>

#include "cpu/engine/kernel/kernel_set.h"
#include "cpu/engine/kernel/pixel_walk.h"
#include "cpu/engine/kernel/pool_window.h"
#include "cpu/engine/kernel/portable/portable.h"

namespace sixtops::cpu::engine {

template <typename Vectors>
class SmallLines {
 public:
  static void depthwise(const DepthwiseTask& task, std::span<const DepthwiseBlock> blocks, uint8_t* arena,
                        PixelRange range) {
    for (const DepthwiseBlock& block : blocks) {
      if (!block.requantization.in_float || (block.addition != nullptr && !block.addition->requantization.in_float)) {
        portable::depthwise(task, {&block, 1}, arena, range);
        continue;
      }
      PixelWalk pixel(task.extent, range.first);
      for (int64_t i = range.first; i < range.last; ++i, pixel.advance(1)) {
        const auto place = [&](const Line& line) { return place_of(task, line, pixel, arena); };
        for (int c = 0; c < block.vectors * kVectorChannels; c += kVectorChannels) {
          Vectors::store(place(block.output) + c, window_sum(block, place(block.input), place(block.residual), c));
        }
      }
    }
  }

  static void look_up(const TableTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range) {
    for_each_vector(task, blocks, arena, range, [&](Bytes a, Bytes) { return Vectors::looked_up(a, task.table); });
  }

  static void add(const AdditionTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range) {
    if (!task.addition.requantization.in_float) return portable::add(task, blocks, arena, range);
    for_each_vector(task, blocks, arena, range, [&](Bytes a, Bytes b) { return Vectors::added(a, b, task.addition); });
  }

  static void multiply(const ProductTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range) {
    if (!task.requantization.in_float) return portable::multiply(task, blocks, arena, range);
    const std::array<float, kVectorChannels> scale = repeated(task.scale);
    for_each_vector(task, blocks, arena, range, [&](Bytes a, Bytes b) {
      return Vectors::requantized(Vectors::product(a, b, task.zero), scale.data(), task.requantization);
    });
  }

  static void pool(const PoolTask& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range) {
    if (task.average && !task.requantization.in_float) return portable::pool(task, blocks, arena, range);
    const bool one_scale = task.scale.size() == 1;
    const std::array<float, kVectorChannels> scale = repeated(one_scale ? task.scale[0] : 0);
    for (const LineBlock& block : blocks) {
      PixelWalk pixel(task.extent, range.first);
      for (int64_t i = range.first; i < range.last; ++i, pixel.advance(1)) {
        uint8_t* const y = place_of(task, block.output, pixel, arena);
        for (int c = 0; c < block.vectors * kVectorChannels; c += kVectorChannels) {
          const float* const scales =
              one_scale ? scale.data() : task.scale.data() + first_channel(task, block) + static_cast<size_t>(c);
          Vectors::store(y + c, task.average ? average(task, block, pixel, arena + c, scales)
                                             : largest(task, block, pixel, arena + c));
        }
      }
    }
  }

 private:
  using Bytes = typename Vectors::Bytes;
  using Lanes = typename Vectors::Lanes;

  template <typename Task>
  static uint8_t* place_of(const Task& task, const Line& line, const PixelWalk& pixel, uint8_t* arena) {
    return arena + line.base + pixel.offset(task.geometries[static_cast<size_t>(line.geometry)]);
  }

  static std::array<float, kVectorChannels> repeated(float value) {
    std::array<float, kVectorChannels> all;
    all.fill(value);
    return all;
  }

  // Stores combine(bytes of a, bytes of b) for every vector of every line of the range.
  template <typename Task, typename Combine>
  static void for_each_vector(const Task& task, std::span<const LineBlock> blocks, uint8_t* arena, PixelRange range,
                              const Combine& combine) {
    for (const LineBlock& block : blocks) {
      PixelWalk pixel(task.extent, range.first);
      for (int64_t i = range.first; i < range.last; ++i, pixel.advance(1)) {
        const uint8_t* const a = place_of(task, block.a, pixel, arena);
        const uint8_t* const b = place_of(task, block.b, pixel, arena);
        uint8_t* const y = place_of(task, block.output, pixel, arena);
        for (int c = 0; c < block.vectors * kVectorChannels; c += kVectorChannels) {
          Vectors::store(y + c, combine(Vectors::load(a + c), Vectors::load(b + c)));
        }
      }
    }
  }

  // Channels [c, c + 16) of one output pixel.
  static Bytes window_sum(const DepthwiseBlock& block, const uint8_t* x, const uint8_t* residual, int c) {
    const size_t taps = block.taps.size();
    const auto* const weights = reinterpret_cast<const int8_t*>(block.packed) + c;
    const uint8_t* const bias = block.packed + kLineBytes * taps;
    const uint8_t* const scale = bias + kLineBytes * sizeof(int32_t);
    Lanes sums = Vectors::lanes_of(reinterpret_cast<const int32_t*>(bias) + c);
    const auto input = [&](size_t tap) { return Vectors::load(x + block.taps[tap] + c); };
    size_t tap = 0;
    for (; tap + 1 < taps; tap += 2) {
      const int8_t* const first = weights + kLineBytes * tap;
      Vectors::multiply_add(sums, input(tap), input(tap + 1), first, first + kLineBytes);
    }
    if (tap < taps) {
      const int8_t* const last = weights + kLineBytes * tap;
      Vectors::multiply_add(sums, input(tap), Vectors::zero_bytes(), last, last);
    }
    Bytes bytes = Vectors::requantized(sums, reinterpret_cast<const float*>(scale) + c, block.requantization);
    if (block.table != nullptr) bytes = Vectors::looked_up(bytes, block.table);
    return block.addition == nullptr ? bytes : Vectors::added(bytes, Vectors::load(residual + c), *block.addition);
  }

  // visit(bytes) for every tap of a window that lies on the picture.
  template <typename Visit>
  static void for_each_tap(const PoolTask& task, const LineBlock& block, const PixelWalk& pixel, const TapRange& rows,
                           const TapRange& columns, const uint8_t* arena, const Visit& visit) {
    const Geometry& from = task.geometries[static_cast<size_t>(block.a.geometry)];
    for (int64_t ky = rows.begin; ky < rows.end; ++ky) {
      for (int64_t kx = columns.begin; kx < columns.end; ++kx) {
        visit(Vectors::load(
            arena + block.a.base +
            from.offset(pixel.image(), tap_of(task.rows, pixel.y(), ky), tap_of(task.columns, pixel.x(), kx))));
      }
    }
  }

  static Bytes largest(const PoolTask& task, const LineBlock& block, const PixelWalk& pixel, const uint8_t* arena) {
    Bytes result = Vectors::zero_bytes();
    for_each_tap(task, block, pixel, taps_inside(task.rows, pixel.y()), taps_inside(task.columns, pixel.x()), arena,
                 [&](Bytes bytes) { result = Vectors::largest(result, bytes); });
    return result;
  }

  static Bytes average(const PoolTask& task, const LineBlock& block, const PixelWalk& pixel, const uint8_t* arena,
                       const float* scale) {
    const TapRange rows = taps_inside(task.rows, pixel.y());
    const TapRange columns = taps_inside(task.columns, pixel.x());
    const int64_t outside = task.rows.kernel * task.columns.kernel - rows.count() * columns.count();
    Lanes sums = Vectors::equal(task.bias + static_cast<int32_t>(outside) * task.pad);
    for_each_tap(task, block, pixel, rows, columns, arena, [&](Bytes bytes) { Vectors::add_bytes(sums, bytes); });
    return Vectors::requantized(sums, scale, task.requantization);
  }
};

}  // namespace sixtops::cpu::engine
