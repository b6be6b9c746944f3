#include "cpu/engine/code_product.h"

#include <algorithm>
#include <cstring>

#include "base/checked.h"
#include "base/thread_pool.h"

namespace sixtops::cpu::engine {
namespace {

// 255 · 128 · 65793 is the largest sum that 32 bits hold; a power of two below.
constexpr int64_t kMostDepth = 32768;
constexpr int64_t kBlockColumns = 64;
constexpr int64_t kDword = 4;

// With fewer rows, threads share the columns instead.
constexpr int64_t kFewRows = 64;

int64_t round_up(int64_t value, int64_t step) { return (value + step - 1) / step * step; }

// Rows of A a cache line more than their bytes apart: rows of a power of two would all fall into the same cache sets.
int64_t row_bytes(int64_t depth) { return round_up(depth, kLineBytes) + kLineBytes; }

uint8_t* writable(const SharedBytes& bytes) {
  return const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(bytes.data()));
}

Status reserve(SharedBytes& bytes, int64_t size) {
  if (static_cast<int64_t>(bytes.size()) >= size) return {};
  bytes = {};
  bytes = TRY(allocate_bytes_for_overwrite(static_cast<size_t>(size)));
  return {};
}

}  // namespace

// Weights of the block's columns from b, and the bias that takes off what the xor of A's codes with 0x80 adds.
void CodeProduct::pack_block(const int8_t* b, const Part& part, const ConvolutionBlock& block, int64_t first_column,
                             uint8_t* packed) const {
  const int64_t width = int64_t{block.vectors} * kVectorChannels;
  const int64_t dwords = part.steps.dwords;
  std::memset(packed, 0, static_cast<size_t>(packed_block_bytes(block.vectors, dwords)));
  const int64_t count = std::min(width, columns_ - first_column);
  for (int64_t column = 0; column < count; ++column) {
    const int64_t slot = kernels_->channel_slot(block.vectors, static_cast<int>(column));
    const int8_t* const from = b + (first_column + column) * depth_ + part.first;
    int32_t sum = 0;
    for (int64_t k = 0; k < part.depth; ++k) sum += from[k];
    const int32_t bias = -kCodeToByte * sum;
    std::memcpy(packed + (dwords * width + slot) * kDword, &bias, sizeof(bias));
    uint8_t* to = packed + slot * kDword;
    int64_t k = 0;
    for (; k + kDword <= part.depth; k += kDword, to += width * kDword) std::memcpy(to, from + k, kDword);
    std::memcpy(to, from + k, static_cast<size_t>(part.depth - k));
  }
}

Status CodeProduct::set_b(int64_t depth, int64_t columns, const int8_t* b) {
  kernels_ = TRY(environment_kernels());
  if (depth != depth_ || columns != columns_) parts_.clear();
  depth_ = depth;
  columns_ = columns;
  line_columns_ = round_up(columns, kVectorChannels);
  const int64_t block_count = (columns + kBlockColumns - 1) / kBlockColumns;
  if (parts_.empty()) {
    for (int64_t first = 0; first < depth; first += kMostDepth) {
      Part part;
      part.first = first;
      part.depth = std::min(kMostDepth, depth - first);
      part.steps.offsets = {first};
      part.steps.dwords = (part.depth + kDword - 1) / kDword;
      part.steps.segments = {{0, 0, 1, static_cast<int32_t>(part.steps.dwords)}};
      part.task.geometries.resize(2);
      part.task.blocks.resize(static_cast<size_t>(block_count));
      parts_.push_back(std::move(part));
    }
  }
  int64_t packed_bytes = 0;
  const auto padded_block = [](int64_t dwords) { return packed_block_bytes(kBlockColumns / kVectorChannels, dwords); };
  for (const Part& part : parts_) packed_bytes += block_count * padded_block(part.steps.dwords);
  TRY(reserve(packed_, packed_bytes));

  uint8_t* packed = writable(packed_);
  for (Part& part : parts_) {
    const int64_t stride = padded_block(part.steps.dwords);
    ThreadPool::process().parallel_for(block_count, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        ConvolutionBlock& block = part.task.blocks[static_cast<size_t>(i)];
        const int64_t first_column = i * kBlockColumns;
        block.vectors = static_cast<int>(std::min(kBlockColumns, line_columns_ - first_column) / kVectorChannels);
        block.steps = &part.steps;
        block.packed = packed + i * stride;
        block.output.geometry = 1;
        block.sums = true;
        pack_block(b, part, block, first_column, packed + i * stride);
      }
    });
    packed += block_count * stride;
  }
  return {};
}

void CodeProduct::run_part(const Part& part) {
  uint8_t* const arena = writable(arena_);
  const int64_t rows = part.task.extent.width;
  const std::span<const ConvolutionBlock> blocks = part.task.blocks;
  if (rows < kFewRows) {
    ThreadPool::process().parallel_for(static_cast<int64_t>(blocks.size()), [&](int64_t begin, int64_t end) {
      const auto mine = blocks.subspan(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
      kernels_->convolve(part.task, mine, arena, {0, rows});
    });
    return;
  }
  // Kernels take neighbours of a row by fours and twos.
  const int64_t group = rows % 4 == 0 ? 4 : rows % 2 == 0 ? 2 : 1;
  ThreadPool::process().parallel_for(rows / group, [&](int64_t begin, int64_t end) {
    kernels_->convolve(part.task, blocks, arena, {begin * group, end * group});
  });
}

Result<std::span<int32_t>> CodeProduct::multiply(int64_t rows, const int8_t* a) {
  const int64_t a_stride = row_bytes(depth_);
  const int64_t a_bytes = TRY(checked_add(TRY(checked_multiply(rows, a_stride)), kArenaSlack));
  const int64_t sums_bytes = TRY(checked_multiply(rows, line_columns_ * static_cast<int64_t>(sizeof(int32_t))));
  const bool needs_scratch = parts_.size() > 1;
  const int64_t all_bytes = TRY(checked_add(a_bytes, TRY(checked_multiply(sums_bytes, needs_scratch ? 2 : 1))));
  TRY(reserve(arena_, TRY(checked_add(all_bytes, kArenaSlack))));
  uint8_t* const arena = writable(arena_);
  ThreadPool::process().parallel_for(rows, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      uint8_t* const to = arena + row * a_stride;
      for (int64_t k = 0; k < depth_; ++k) to[k] = static_cast<uint8_t>(a[row * depth_ + k]) ^ kCodeToByte;
      std::memset(to + depth_, 0, static_cast<size_t>(a_stride - depth_));
    }
  });

  auto* const sums = reinterpret_cast<int32_t*>(arena + a_bytes);
  for (Part& part : parts_) {
    const bool adds = &part != &parts_.front();
    part.task.extent.width = rows;
    part.task.geometries[0].column = a_stride;
    part.task.geometries[1].column = line_columns_ * static_cast<int64_t>(sizeof(int32_t));
    for (size_t i = 0; i < part.task.blocks.size(); ++i) {
      const int64_t first_column = static_cast<int64_t>(i) * kBlockColumns;
      part.task.blocks[i].output.base =
          a_bytes + (adds ? sums_bytes : 0) + first_column * static_cast<int64_t>(sizeof(int32_t));
    }
    run_part(part);
    if (!adds) continue;
    const int32_t* const more = sums + rows * line_columns_;
    ThreadPool::process().parallel_for(rows * line_columns_, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        sums[i] = static_cast<int32_t>(static_cast<uint32_t>(sums[i]) + static_cast<uint32_t>(more[i]));
      }
    });
  }
  if (line_columns_ != columns_) {
    for (int64_t row = 1; row < rows; ++row) {
      std::memmove(sums + row * columns_, sums + row * line_columns_, static_cast<size_t>(columns_) * sizeof(int32_t));
    }
  }
  return std::span<int32_t>(sums, static_cast<size_t>(rows * columns_));
}

}  // namespace sixtops::cpu::engine
