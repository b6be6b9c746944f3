// The integer kernels of one instruction set, and the tasks that the plan hands to them.
//
// A task is plain data that lives as long as the plan; every address in it is an offset into the arena of a run or a
// pointer to constants of the plan. A kernel computes some of a task's blocks at the pixels of a range, so a task is
// split over threads by calling it with ranges or blocks of its own a thread; it writes nothing but these lines. All
// kernels of all sets give the same bytes, those of docs/arithmetic.md. Thread safety: kernels have no state.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cpu/engine/kernel/isa.h"
#include "cpu/engine/kernel/layout.h"

namespace sixtops::cpu::engine {

// Accumulator to byte: y = sat_u8( rne( rne_12( acc · scale ) ) + zero ), where rne_12 keeps 12 bits behind the point
// and scale is C · 2^-(s + 12), which a float holds exactly; zero is the zero point + 128.
//
// in_float: r = fma(float(acc), scale, 1.5 · 2^11) is rne_12 in one instruction, since a float between 2^11 and 2^12
// has 12 bits behind the point, and rounding it to an integer is the second rounding. The plan sets it where every
// accumulator that does not saturate is a whole number that a float holds (plan/requantization.h); without it kernels
// compute in double precision, which is always exact.
struct Requantization {
  int32_t zero = 0;
  bool in_float = false;
};

// code = requantize(weight[0] · a + weight[1] · b + bias), on bytes: the bias holds what the xor with 0x80 adds.
struct Addition {
  int32_t weight[2] = {0, 0};  // int8
  int32_t bias = 0;
  float scale = 0;
  Requantization requantization;
};

// A plane that takes part in an elementwise step.
struct Line {
  int64_t base = 0;  // of pixel 0, in the arena
  int geometry = 0;  // index into the task's geometries
};

// ---- sums of products: convolutions, matrix products

// Some neighbouring steps of one geometry and length.
struct Segment {
  int geometry = 0;
  int32_t first = 0;
  int32_t count = 0;
  int32_t dwords = 0;  // of each step
};

// What one output pixel reads: step i is `dwords` times 4 bytes from offsets[i] + the pixel's offset in the segment's
// geometry on. Taps, planes, concatenated parts: all are steps.
struct StepTable {
  std::vector<int64_t> offsets;
  std::vector<Segment> segments;
  int64_t dwords = 0;  // of all steps
};

// Channels of a block that belong to a layer of their own: layers of one input are computed together.
struct BlockPiece {
  int first = 0;
  int channels = 0;
  int32_t zero = 0;
  const uint8_t* table = nullptr;  // byte to byte, or none
};

// 16 to 64 output channels of one plane.
//
// `packed` holds, for the channels in the order of KernelSet::channel_slot:
//   int8 weights[dwords][slot][4]; int32 bias[slot]; float scale[slot]; with pieces int32 zero[slot]
// The bias holds what the xor of the input with 0x80 adds (KernelSet::sums_codes).
struct ConvolutionBlock {
  int vectors = 1;  // 1 to 4, of 16 channels
  const StepTable* steps = nullptr;
  const uint8_t* packed = nullptr;
  Line output;
  bool sums = false;  // the int32 sums leave, in channel order; none of the following counts
  Requantization requantization;
  const uint8_t* table = nullptr;      // byte to byte, or none
  const Addition* addition = nullptr;  // of this result (a) and `residual` (b), or none
  Line residual;
  std::vector<BlockPiece> pieces;  // if there are any, each has its own zero point and table, and there is no addition
};

inline int64_t packed_block_bytes(int vectors, int64_t dwords) {
  return int64_t{vectors} * kVectorChannels * (4 * dwords + 4 + 4 + 4);
}

// Kernels keep one place a geometry and pixel; the plan copies what has more.
inline constexpr size_t kMostGeometries = 64;

struct ConvolutionTask {
  Extent extent;                     // of the output
  std::vector<Geometry> geometries;  // of inputs (stride included), outputs and residuals
  std::vector<ConvolutionBlock> blocks;
};

// ---- depthwise convolutions

// packed: int8 weights[taps][64], int32 bias[64], float scale[64], in channel order.
struct DepthwiseBlock {
  int vectors = 1;
  Line input;
  std::vector<int64_t> taps;  // byte offsets in the input's plane, row by row
  Line output;
  const uint8_t* packed = nullptr;
  Requantization requantization;
  const uint8_t* table = nullptr;
  const Addition* addition = nullptr;
  Line residual;
};

inline int64_t packed_depthwise_bytes(int64_t taps) { return kLineBytes * (taps + 4 + 4); }

inline constexpr int64_t kMostDepthwiseTaps = 64;  // of a layer that is handed to a kernel

struct DepthwiseTask {
  Extent extent;
  std::vector<Geometry> geometries;
  int64_t kernel_width = 1;  // taps of a row; all rows have as many
  std::vector<DepthwiseBlock> blocks;
};

// ---- steps line by line

struct LineBlock {
  int vectors = 1;
  Line a;
  Line b;  // of additions and products
  Line output;
};

// y = table[a]
struct TableTask {
  Extent extent;
  std::vector<Geometry> geometries;
  std::vector<LineBlock> blocks;
  const uint8_t* table = nullptr;
};

struct AdditionTask {
  Extent extent;
  std::vector<Geometry> geometries;  // one with distances of 0 repeats a line
  std::vector<LineBlock> blocks;
  Addition addition;
};

// requantize((a - zero[0]) · (b - zero[1])) on bytes.
struct ProductTask {
  Extent extent;
  std::vector<Geometry> geometries;
  std::vector<LineBlock> blocks;
  int32_t zero[2] = {0, 0};
  float scale = 0;
  Requantization requantization;
};

// ---- pools

// One spatial axis: output o sees inputs o · stride - pad + k · dilation, k < kernel, those from 0 to input - 1.
struct PoolAxis {
  int64_t input = 1;
  int64_t kernel = 1;
  int64_t stride = 1;
  int64_t dilation = 1;
  int64_t pad = 0;
};

struct PoolTask {
  Extent extent;
  PoolAxis rows;
  PoolAxis columns;
  std::vector<Geometry> geometries;  // the input's without the stride
  std::vector<LineBlock> blocks;
  bool average = false;  // else the largest byte, 0 where a window sees nothing
  // Averages: requantize(sum of the bytes + bias), places outside counted as pad.
  int32_t pad = 0;
  int32_t bias = 0;
  Requantization requantization;
  std::vector<float> scale;  // one, or one a channel, padded to whole lines
};

// ---- borders: dense tensors

// `channels` planes of codes, `image` and `plane` elements apart, to and from the lines of one plane.
struct BorderBlock {
  int channels = 1;
  int64_t first_channel = 0;
  Line lines;
};

struct BorderTask {
  Extent extent;
  int64_t channels = 0;  // of the dense tensor [images, channels, height, width]
  std::vector<Geometry> geometries;
  std::vector<BorderBlock> blocks;
};

struct KernelSet {
  Isa isa = Isa::kPortable;
  // convolve() sums products of codes, not of bytes: the biases of its blocks then hold nothing for the xor.
  bool sums_codes = false;
  // Where the kernels want channel `channel` of a block of `vectors` · 16.
  int (*channel_slot)(int vectors, int channel) = nullptr;

  // Of a task some blocks, which are split over threads where a picture has few pixels.
  template <typename Task, typename Block>
  using Kernel = void (*)(const Task&, std::span<const Block>, uint8_t* arena, PixelRange);

  Kernel<ConvolutionTask, ConvolutionBlock> convolve = nullptr;
  Kernel<DepthwiseTask, DepthwiseBlock> depthwise = nullptr;
  Kernel<TableTask, LineBlock> table = nullptr;
  Kernel<AdditionTask, LineBlock> add = nullptr;
  Kernel<ProductTask, LineBlock> multiply = nullptr;
  Kernel<PoolTask, LineBlock> pool = nullptr;
  void (*import_codes)(const BorderTask&, const int8_t* dense, uint8_t* arena, PixelRange) = nullptr;
  void (*export_codes)(const BorderTask&, const uint8_t* arena, int8_t* dense, PixelRange) = nullptr;
  void (*export_sums)(const BorderTask&, const uint8_t* arena, int32_t* dense, PixelRange) = nullptr;
};

}  // namespace sixtops::cpu::engine
