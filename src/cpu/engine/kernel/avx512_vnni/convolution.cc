// Sums of products with vpdpbusd.
//
// A block computes some pixels times up to 64 channels in at most 24 accumulators: four bytes of a pixel are broadcast
// and multiplied with the weights of 16 channels an instruction. Measured on Zen 4, the loop over the steps runs at the
// rate of vpdpbusd as long as its two instructions stay as they are written here, so they are inline assembly:
// compilers keep too many values and spill accumulators. Blocks of 6 pixels x 64 channels need the fewest loads; layers
// of fewer channels take more pixels, pairs of neighbours where rows are even.
#if defined(__x86_64__)

#include <algorithm>
#include <array>
#include <utility>

#include "cpu/engine/kernel/avx512_vnni/epilogue.h"
#include "cpu/engine/kernel/avx512_vnni/kernels.h"
#include "cpu/engine/kernel/pixel_walk.h"

namespace sixtops::cpu::engine::avx512_vnni {
namespace {

constexpr int kMostGroups = 8;  // of neighbouring pixels in a block

// Blocks whose weights together stay in the first-level cache while the pixels pass.
constexpr int64_t kWeightBytes = 20 * 1024;

// Where the pixel groups of a block lie, a row for each geometry of the task.
using Places = std::array<std::array<const uint8_t*, kMostGroups>, kMostGeometries>;

template <int... I, typename F>
SIXTOPS_INLINE void unroll(std::integer_sequence<int, I...>, F&& f) {
  (f(std::integral_constant<int, I>{}), ...);
}
template <int N, typename F>
SIXTOPS_INLINE void unroll(F&& f) {
  unroll(std::make_integer_sequence<int, N>{}, f);
}
#define SIXTOPS_EACH(i) [&](auto i) __attribute__((always_inline))

// Four bytes of pixel I of a group whose pixels are `column` bytes apart.
template <int I, int kByte>
SIXTOPS_INLINE __m512i broadcast(const uint8_t* pixel, int64_t column) {
  __m512i bytes;
  if constexpr (I == 0) asm volatile("vpbroadcastd %c2(%1),%0" : "=v"(bytes) : "r"(pixel), "i"(kByte));
  if constexpr (I == 1) {
    asm volatile("vpbroadcastd %c3(%1,%2),%0" : "=v"(bytes) : "r"(pixel), "r"(column), "i"(kByte));
  }
  return bytes;
}

SIXTOPS_INLINE void accumulate(__m512i& sums, __m512i bytes, __m512i weights) {
  asm volatile("vpdpbusd %2,%1,%0" : "+v"(sums) : "v"(bytes), "v"(weights));
}

// kDwords steps of four bytes each: kPixels neighbours in each of kGroups groups, times kVectors · 16 channels.
template <int kPixels, int kGroups, int kVectors, int kDwords>
SIXTOPS_INLINE void multiply_step(__m512i* sums, const uint8_t* const* pixels, int64_t column, const uint8_t* weights) {
  unroll<kDwords>(SIXTOPS_EACH(dword) {
    __m512i vectors[kVectors];
    unroll<kVectors>(SIXTOPS_EACH(v) { vectors[v] = _mm512_load_si512(weights + (dword * kVectors + v) * 64); });
    unroll<kGroups>(SIXTOPS_EACH(g) {
      unroll<kPixels>(SIXTOPS_EACH(i) {
        const __m512i bytes = broadcast<i, dword * 4>(pixels[g], column);
        unroll<kVectors>(SIXTOPS_EACH(v) { accumulate(sums[(g * kPixels + i) * kVectors + v], bytes, vectors[v]); });
      });
    });
  });
}

// Channels in natural order for the lines of 4 / kVectors pixels (1 for three vectors).
template <int kVectors>
SIXTOPS_INLINE __m512i in_channel_order(__m512i bytes) {
  if constexpr (kVectors == 1) {
    return from_neighbours(bytes);
  } else if constexpr (kVectors == 2) {
    return _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), bytes);
  } else if constexpr (kVectors == 3) {
    return _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 7, 11, 15), bytes);
  } else {
    return bytes;
  }
}

// The lines of kPixels pixels as one vector.
template <int kVectors>
SIXTOPS_INLINE __m512i load_lines(const uint8_t* const* lines) {
  if constexpr (kVectors >= 3) {
    return _mm512_loadu_si512(lines[0]);
  } else if constexpr (kVectors == 2) {
    return _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(lines[0]))),
                              _mm256_loadu_si256(reinterpret_cast<const __m256i*>(lines[1])), 1);
  } else {
    const auto load = [](const uint8_t* line) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(line)); };
    __m512i bytes = _mm512_castsi128_si512(load(lines[0]));
    bytes = _mm512_inserti32x4(bytes, load(lines[1]), 1);
    bytes = _mm512_inserti32x4(bytes, load(lines[2]), 2);
    return _mm512_inserti32x4(bytes, load(lines[3]), 3);
  }
}

// Stores the first `count` of them.
template <int kVectors, int kCount>
SIXTOPS_INLINE void store_lines(__m512i bytes, uint8_t* const* lines) {
  if constexpr (kVectors == 4) {
    _mm512_storeu_si512(lines[0], bytes);
  } else if constexpr (kVectors == 3) {
    _mm512_mask_storeu_epi8(lines[0], (uint64_t{1} << 48) - 1, bytes);
  } else if constexpr (kVectors == 2) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(lines[0]), _mm512_castsi512_si256(bytes));
    if constexpr (kCount > 1) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(lines[1]), _mm512_extracti64x4_epi64(bytes, 1));
    }
  } else {
    unroll<kCount>(SIXTOPS_EACH(i) {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(lines[i]), _mm512_extracti32x4_epi32(bytes, i));
    });
  }
}

// Tables of the pieces, for bytes in channel order.
template <int kVectors>
SIXTOPS_INLINE __m512i looked_up_pieces(__m512i bytes, const ConvolutionBlock& block) {
  __m512i result = bytes;
  for (const BlockPiece& piece : block.pieces) {
    if (piece.table == nullptr) continue;
    uint64_t mask = (piece.channels == 64 ? ~uint64_t{0} : (uint64_t{1} << piece.channels) - 1) << piece.first;
    if constexpr (kVectors == 1) mask *= 0x0001000100010001;
    if constexpr (kVectors == 2) mask *= 0x0000000100000001;
    result = _mm512_mask_mov_epi8(result, mask, looked_up(bytes, piece.table));
  }
  return result;
}

// One block: all steps, epilogue, stores. Not inlined: within the pixel loops GCC 12 spills accumulators.
template <int kPixels, int kGroups, int kVectors>
__attribute__((noinline)) void compute_block(const ConvolutionTask& task, const ConvolutionBlock& block,
                                             const Places& places) {
  constexpr int kCount = kPixels * kGroups;
  constexpr int kUnroll = 4;
  const uint8_t* weights = block.packed;
  const uint8_t* const bias = weights + block.steps->dwords * kVectors * 64;
  __m512i sums[kCount * kVectors];
  unroll<kCount>(SIXTOPS_EACH(i) {
    unroll<kVectors>(SIXTOPS_EACH(v) { sums[i * kVectors + v] = _mm512_load_si512(bias + v * 64); });
  });
  asm volatile("" ::: "memory");
  const int64_t* const offsets = block.steps->offsets.data();
  for (const Segment& segment : block.steps->segments) {
    const auto& from = places[static_cast<size_t>(segment.geometry)];
    const int64_t column = task.geometries[static_cast<size_t>(segment.geometry)].column;
    for (int32_t step = segment.first; step < segment.first + segment.count; ++step) {
      const uint8_t* pixels[kGroups];
      unroll<kGroups>(SIXTOPS_EACH(g) { pixels[g] = from[g] + offsets[step]; });
      int32_t dword = 0;
      for (; dword + kUnroll <= segment.dwords; dword += kUnroll) {
        multiply_step<kPixels, kGroups, kVectors, kUnroll>(sums, pixels, column, weights);
        weights += kUnroll * kVectors * 64;
        unroll<kGroups>(SIXTOPS_EACH(g) { pixels[g] += kUnroll * 4; });
      }
      for (; dword < segment.dwords; ++dword) {
        multiply_step<kPixels, kGroups, kVectors, 1>(sums, pixels, column, weights);
        weights += kVectors * 64;
        unroll<kGroups>(SIXTOPS_EACH(g) { pixels[g] += 4; });
      }
    }
  }

  const auto line = [&](const Line& given, int pixel) __attribute__((always_inline)) {
    const auto geometry = static_cast<size_t>(given.geometry);
    return const_cast<uint8_t*>(places[geometry][static_cast<size_t>(pixel / kPixels)]) + given.base +
           pixel % kPixels * task.geometries[geometry].column;
  };
  if (block.sums) {
    unroll<kCount>(SIXTOPS_EACH(i) {
      uint8_t* const y = line(block.output, i);
      // Sums leave in channel order: vector v holds channels 4v .. 4v + 3 of every 4 · kVectors.
      unroll<kVectors>(SIXTOPS_EACH(v) {
        unroll<4>(SIXTOPS_EACH(lane) {
          _mm_storeu_si128(reinterpret_cast<__m128i*>(y + (lane * kVectors + v) * 16),
                           _mm512_extracti32x4_epi32(sums[i * kVectors + v], lane));
        });
      });
    });
    return;
  }
  __m512 scale[kVectors];
  unroll<kVectors>(SIXTOPS_EACH(v) { scale[v] = _mm512_load_ps(bias + (kVectors + v) * 64); });
  // 4 / kVectors pixels fill a vector of bytes; the last one repeats where fewer are left.
  constexpr int kTogether = kVectors >= 3 ? 1 : 4 / kVectors;
  unroll<(kCount + kTogether - 1) / kTogether>(SIXTOPS_EACH(part) {
    constexpr int kFirst = part * kTogether;
    constexpr int kStored = kCount - kFirst < kTogether ? kCount - kFirst : kTogether;
    __m512i quarters[4];
    unroll<4>(SIXTOPS_EACH(q) {
      constexpr int kPixel = kFirst + (kVectors >= 3 ? 0 : q / kVectors);
      constexpr int kVector = kVectors == 3 && q == 3 ? 2 : q % kVectors;
      constexpr int kSum = (kPixel < kCount ? kPixel : kCount - 1) * kVectors + kVector;
      quarters[q] = requantized(sums[kSum], scale[kVector], block.requantization.in_float);
    });
    const bool pieces = !block.pieces.empty();
    if (__builtin_expect(pieces, 0)) {
      unroll<4>(SIXTOPS_EACH(q) {
        constexpr int kVector = kVectors == 3 && q == 3 ? 2 : q % kVectors;
        quarters[q] = _mm512_add_epi32(quarters[q], _mm512_load_si512(bias + (2 * kVectors + kVector) * 64));
      });
    }
    __m512i bytes =
        packed_bytes(quarters[0], quarters[1], quarters[2], quarters[3], pieces ? 0 : block.requantization.zero);
    if (block.table != nullptr) bytes = looked_up(bytes, block.table);
    bytes = in_channel_order<kVectors>(bytes);
    if (__builtin_expect(pieces, 0)) bytes = looked_up_pieces<kVectors>(bytes, block);
    uint8_t* lines[kTogether];
    unroll<kTogether>(SIXTOPS_EACH(i) {
      constexpr int kPixel = kFirst + i < kCount ? kFirst + i : kCount - 1;
      lines[i] = line(block.output, kPixel);
    });
    if (block.addition != nullptr) {
      const uint8_t* residual[kTogether];
      unroll<kTogether>(SIXTOPS_EACH(i) {
        constexpr int kPixel = kFirst + i < kCount ? kFirst + i : kCount - 1;
        residual[i] = line(block.residual, kPixel);
      });
      bytes = added(bytes, load_lines<kVectors>(residual), *block.addition);
    }
    store_lines<kVectors, kStored>(bytes, lines);
  });
}

// The places of `groups` groups of kPixels pixels from the walk on, which moves behind them.
template <int kPixels>
void find_places(const ConvolutionTask& task, uint8_t* arena, int groups, PixelWalk& walk, Places& places) {
  if (walk.left_in_row() >= groups * kPixels) {
    for (size_t i = 0; i < task.geometries.size(); ++i) {
      const Geometry& geometry = task.geometries[i];
      if (geometry.shift == 0) {
        const uint8_t* place = arena + walk.offset(geometry);
        for (int g = 0; g < groups; ++g, place += kPixels * geometry.column) places[i][static_cast<size_t>(g)] = place;
      } else {
        for (int g = 0; g < groups; ++g) {
          places[i][static_cast<size_t>(g)] = arena + geometry.offset(walk.image(), walk.y(), walk.x() + g * kPixels);
        }
      }
    }
    walk.advance(groups * kPixels);
    return;
  }
  for (int g = 0; g < groups; ++g) {
    for (size_t i = 0; i < task.geometries.size(); ++i) {
      places[i][static_cast<size_t>(g)] = arena + walk.offset(task.geometries[i]);
    }
    walk.advance(kPixels);
  }
}

template <int kPixels, int kGroups, int kVectors>
void compute_blocks(const ConvolutionTask& task, std::span<const ConvolutionBlock> blocks, uint8_t* arena,
                    PixelWalk& walk, Places& places) {
  find_places<kPixels>(task, arena, kGroups, walk, places);
  for (const ConvolutionBlock& block : blocks) compute_block<kPixels, kGroups, kVectors>(task, block, places);
}

// All pixels of the range, kGroups groups at a time, the rest in steps of 4, 2 and 1.
template <int kPixels, int kGroups, int kVectors>
void compute_pixels(const ConvolutionTask& task, std::span<const ConvolutionBlock> blocks, uint8_t* arena,
                    PixelRange range) {
  Places places;
  PixelWalk walk(task.extent, range.first);
  int64_t groups = (range.last - range.first) / kPixels;
  for (; groups >= kGroups; groups -= kGroups) {
    compute_blocks<kPixels, kGroups, kVectors>(task, blocks, arena, walk, places);
  }
  if (groups >= 4) {
    compute_blocks<kPixels, 4, kVectors>(task, blocks, arena, walk, places);
    groups -= 4;
  }
  if (groups >= 2) {
    compute_blocks<kPixels, 2, kVectors>(task, blocks, arena, walk, places);
    groups -= 2;
  }
  if (groups >= 1) compute_blocks<kPixels, 1, kVectors>(task, blocks, arena, walk, places);
}

// Whether neighbours lie a constant distance apart, two by two, in all that the task touches.
bool has_pairs(const ConvolutionTask& task, PixelRange range) {
  return task.extent.width % 2 == 0 && range.first % 2 == 0 && range.last % 2 == 0 &&
         std::all_of(task.geometries.begin(), task.geometries.end(), [](const Geometry& g) { return g.shift == 0; });
}

}  // namespace

int channel_slot(int vectors, int channel) {
  return channel / 4 % vectors * 16 + channel / (4 * vectors) * 4 + channel % 4;
}

void convolve(const ConvolutionTask& task, std::span<const ConvolutionBlock> blocks, uint8_t* arena, PixelRange range) {
  const bool pairs = has_pairs(task, range);
  while (!blocks.empty()) {
    const int vectors = blocks.front().vectors;
    size_t count = 0;
    int64_t bytes = 0;
    while (count < blocks.size() && blocks[count].vectors == vectors && (count == 0 || bytes < kWeightBytes)) {
      bytes += blocks[count].steps->dwords * vectors * 64;
      if (count > 0 && bytes > kWeightBytes) break;
      ++count;
    }
    const std::span<const ConvolutionBlock> together = blocks.first(count);
    if (vectors == 4) {
      compute_pixels<1, 6, 4>(task, together, arena, range);
    } else if (vectors == 3) {
      compute_pixels<1, 8, 3>(task, together, arena, range);
    } else if (vectors == 2) {
      pairs ? compute_pixels<2, 6, 2>(task, together, arena, range)
            : compute_pixels<1, 8, 2>(task, together, arena, range);
    } else {
      pairs ? compute_pixels<2, 8, 1>(task, together, arena, range)
            : compute_pixels<1, 8, 1>(task, together, arena, range);
    }
    blocks = blocks.subspan(count);
  }
}

}  // namespace sixtops::cpu::engine::avx512_vnni

#endif
