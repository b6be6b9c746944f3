// Dense tensors to lines and back.
#if defined(__x86_64__)

#include <algorithm>
#include <cstring>

#include "cpu/engine/kernel/avx512_vnni/epilogue.h"
#include "cpu/engine/kernel/avx512_vnni/kernels.h"
#include "cpu/engine/kernel/pixel_walk.h"
#include "cpu/engine/kernel/portable/portable.h"

namespace sixtops::cpu::engine::avx512_vnni {
namespace {

constexpr int kTile = 16;  // pixels that are turned together

// Indices and masks that make bytes 64 · part on of r g b r g b ... from 64 of each.
struct Interleaving {
  alignas(64) uint8_t first_two[3][64];  // into r and g
  alignas(64) uint8_t third[3][64];      // into b
  uint64_t is_third[3] = {0, 0, 0};

  Interleaving() {
    for (int byte = 0; byte < 3 * 64; ++byte) {
      const int part = byte / 64;
      const int at = byte % 64;
      const int pixel = byte / 3;
      first_two[part][at] = static_cast<uint8_t>(byte % 3 == 1 ? 64 + pixel : pixel);
      third[part][at] = static_cast<uint8_t>(pixel);
      if (byte % 3 == 2) is_third[part] |= uint64_t{1} << at;
    }
  }
};

// Three planes of a row to lines of three bytes.
void interleave_three(const int8_t* const planes[3], int64_t count, uint8_t* lines) {
  static const Interleaving interleaving;
  const __m512i flip = _mm512_set1_epi8(static_cast<char>(kCodeToByte));
  for (int64_t x = 0; x < count; x += 64) {
    const int64_t left = std::min<int64_t>(64, count - x);
    const __mmask64 mask = left == 64 ? ~__mmask64{0} : (__mmask64{1} << left) - 1;
    __m512i codes[3];
    for (int c = 0; c < 3; ++c) codes[c] = _mm512_xor_si512(_mm512_maskz_loadu_epi8(mask, planes[c] + x), flip);
    for (int part = 0; part < 3; ++part) {
      const int64_t bytes = std::clamp<int64_t>(3 * left - 64 * part, 0, 64);
      const __mmask64 stored = bytes == 64 ? ~__mmask64{0} : (__mmask64{1} << bytes) - 1;
      __m512i line = _mm512_permutex2var_epi8(codes[0], _mm512_load_si512(interleaving.first_two[part]), codes[1]);
      line = _mm512_mask_permutexvar_epi8(line, interleaving.is_third[part],
                                          _mm512_load_si512(interleaving.third[part]), codes[2]);
      _mm512_mask_storeu_epi8(lines + 3 * x + 64 * part, stored, line);
    }
  }
}

bool is_three_dense_channels(const BorderTask& task) {
  return task.channels == 3 && task.blocks.size() == 1 && task.blocks[0].channels == 3 &&
         task.geometries[static_cast<size_t>(task.blocks[0].lines.geometry)].column == 3;
}

template <int... I, typename F>
SIXTOPS_INLINE void unroll(std::integer_sequence<int, I...>, F&& f) {
  (f(std::integral_constant<int, I>{}), ...);
}

// One step of turning 16 vectors of 16 elements: vectors a and a + kHalf are interleaved element by element.
template <typename Low, typename High>
SIXTOPS_INLINE void interleave_all(__m512i* v, const Low& low, const High& high) {
  __m512i out[kTile];
  unroll(
      std::make_integer_sequence<int, kTile / 2>{}, [&](auto i) __attribute__((always_inline)) {
        out[2 * i] = low(v[i], v[i + kTile / 2]);
        out[2 * i + 1] = high(v[i], v[i + kTile / 2]);
      });
  unroll(
      std::make_integer_sequence<int, kTile>{}, [&](auto i) __attribute__((always_inline)) { v[i] = out[i]; });
}

// Lines of 16 pixels to 16 pixels of each channel: afterwards lane L of vector c holds channel 16 · L + c. Interleaving
// the first half with the second four times is the transposition.
SIXTOPS_INLINE void turn_bytes(__m512i* v) {
  for (int step = 0; step < 4; ++step) {
    interleave_all(
        v, [](__m512i a, __m512i b) __attribute__((always_inline)) { return _mm512_unpacklo_epi8(a, b); },
        [](__m512i a, __m512i b) __attribute__((always_inline)) { return _mm512_unpackhi_epi8(a, b); });
  }
}

void store_channel(__m512i pixels, int channel, int channels, int64_t plane, int8_t* dense) {
  const auto store = [&](int c, __m128i lane) {
    if (c < channels) _mm_storeu_si128(reinterpret_cast<__m128i*>(dense + c * plane), lane);
  };
  store(channel, _mm512_extracti32x4_epi32(pixels, 0));
  store(channel + 16, _mm512_extracti32x4_epi32(pixels, 1));
  store(channel + 32, _mm512_extracti32x4_epi32(pixels, 2));
  store(channel + 48, _mm512_extracti32x4_epi32(pixels, 3));
}

}  // namespace

void import_codes(const BorderTask& task, const int8_t* dense, uint8_t* arena, PixelRange range) {
  if (!is_three_dense_channels(task)) return portable::import_codes(task, dense, arena, range);
  const Line& lines = task.blocks[0].lines;
  const Geometry& geometry = task.geometries[static_cast<size_t>(lines.geometry)];
  const int64_t plane = task.extent.height * task.extent.width;
  PixelWalk pixel(task.extent, range.first);
  for (int64_t i = range.first; i < range.last;) {
    const int64_t count = std::min(range.last - i, pixel.left_in_row());
    const int8_t* const red = dense + pixel.image() * 3 * plane + i % plane;
    const int8_t* const planes[3] = {red, red + plane, red + 2 * plane};
    interleave_three(planes, count, arena + lines.base + pixel.offset(geometry));
    i += count;
    pixel.advance(count);
  }
}

void export_codes(const BorderTask& task, const uint8_t* arena, int8_t* dense, PixelRange range) {
  const int64_t plane = task.extent.height * task.extent.width;
  const __m512i flip = _mm512_set1_epi8(static_cast<char>(kCodeToByte));
  PixelWalk pixel(task.extent, range.first);
  int64_t i = range.first;
  // A tile stays within one image; pixels that are left over go one by one.
  while (i < range.last) {
    const int64_t in_image = plane - i % plane;
    const int64_t count = std::min<int64_t>(range.last - i, in_image);
    if (count < kTile) {
      portable::export_codes(task, arena, dense, {i, i + count});
      for (int64_t p = 0; p < count; ++p) pixel.advance(1);
      i += count;
      continue;
    }
    const PixelWalk first = pixel;
    for (const BorderBlock& block : task.blocks) {
      const Geometry& geometry = task.geometries[static_cast<size_t>(block.lines.geometry)];
      const __mmask64 mask = line_mask((block.channels + kVectorChannels - 1) / kVectorChannels);
      __m512i lines[kTile];
      pixel = first;
      for (int p = 0; p < kTile; ++p, pixel.advance(1)) {
        const uint8_t* const line = arena + block.lines.base + pixel.offset(geometry);
        lines[p] = _mm512_xor_si512(_mm512_maskz_loadu_epi8(mask, line), flip);
      }
      turn_bytes(lines);
      int8_t* const to = dense + (first.image() * task.channels + block.first_channel) * plane + i % plane;
      for (int c = 0; c < kTile; ++c) store_channel(lines[c], c, block.channels, plane, to);
    }
    i += kTile;
  }
}

void export_sums(const BorderTask& task, const uint8_t* arena, int32_t* dense, PixelRange range) {
  const int64_t plane = task.extent.height * task.extent.width;
  const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  for (const BorderBlock& block : task.blocks) {
    const Geometry& geometry = task.geometries[static_cast<size_t>(block.lines.geometry)];
    PixelWalk pixel(task.extent, range.first);
    for (int64_t i = range.first; i < range.last;) {
      const int64_t count = std::min({range.last - i, pixel.left_in_row(), int64_t{kTile}});
      const auto mask = static_cast<__mmask16>((1U << count) - 1);
      const uint8_t* const lines = arena + block.lines.base + pixel.offset(geometry);
      const __m512i offsets = _mm512_mullo_epi32(lanes, _mm512_set1_epi32(static_cast<int>(geometry.column)));
      int32_t* const to = dense + (pixel.image() * task.channels + block.first_channel) * plane + i % plane;
      for (int c = 0; c < block.channels; ++c) {
        const __m512i sums = _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), mask, offsets, lines + c * 4, 1);
        _mm512_mask_storeu_epi32(to + c * plane, mask, sums);
      }
      i += count;
      pixel.advance(count);
    }
  }
}

}  // namespace sixtops::cpu::engine::avx512_vnni

#endif
