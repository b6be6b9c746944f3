// The end of a sum on AVX-512: requantization, table, addition (kernel_set.h defines them), 64 bytes at a time.
//
// Included by the kernels of this folder alone, which are compiled for the instruction set.
#pragma once

#include <immintrin.h>

#include <cstdint>

#include "cpu/engine/kernel/kernel_set.h"

namespace sixtops::cpu::engine::avx512_vnni {

#define SIXTOPS_INLINE inline __attribute__((always_inline))

// 1.5 · 2^11: a float of this size keeps 12 bits behind the point, and it is even, so the second rounding of x + kRound
// is that of x, plus kRound. It stays in until the zero point is added.
inline constexpr int kRound = 3072;

SIXTOPS_INLINE __m512i requantized_in_float(__m512i sums, __m512 scale) {
  return _mm512_cvtps_epi32(
      _mm512_fmadd_ps(_mm512_cvtepi32_ps(sums), scale, _mm512_set1_ps(static_cast<float>(kRound))));
}

SIXTOPS_INLINE __m256i requantized_in_double(__m256i sums, __m256 scale) {
  constexpr int kNearestEven = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
  const __m512d stage2 = _mm512_set1_pd(4096);
  __m512d value = _mm512_mul_pd(_mm512_cvtepi32_pd(sums), _mm512_mul_pd(_mm512_cvtps_pd(scale), stage2));
  value = _mm512_roundscale_pd(value, kNearestEven);
  value = _mm512_min_pd(_mm512_max_pd(value, _mm512_set1_pd(INT32_MIN)), _mm512_set1_pd(INT32_MAX));
  value = _mm512_roundscale_pd(_mm512_mul_pd(value, _mm512_set1_pd(1.0 / 4096)), kNearestEven);
  value = _mm512_min_pd(_mm512_max_pd(value, _mm512_set1_pd(-1024)), _mm512_set1_pd(1024));
  return _mm512_cvtpd_epi32(_mm512_add_pd(value, _mm512_set1_pd(kRound)));
}

// Both rounding steps, plus kRound.
SIXTOPS_INLINE __m512i requantized(__m512i sums, __m512 scale, bool in_float) {
  if (__builtin_expect(in_float, 1)) return requantized_in_float(sums, scale);
  const __m256i low = requantized_in_double(_mm512_castsi512_si256(sums), _mm512_castps512_ps256(scale));
  const __m256i high = requantized_in_double(_mm512_extracti64x4_epi64(sums, 1), _mm512_extractf32x8_ps(scale, 1));
  return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

// Four vectors with kRound in them to bytes: within each 128 bits four of each, in turn.
SIXTOPS_INLINE __m512i packed_bytes(__m512i a, __m512i b, __m512i c, __m512i d, int32_t zero) {
  const __m512i offset = _mm512_set1_epi16(static_cast<short>(zero - kRound));
  return _mm512_packus_epi16(_mm512_adds_epi16(_mm512_packs_epi32(a, b), offset),
                             _mm512_adds_epi16(_mm512_packs_epi32(c, d), offset));
}

SIXTOPS_INLINE __m512i looked_up(__m512i bytes, const uint8_t* table) {
  const auto* const entries = reinterpret_cast<const __m512i*>(table);
  const __m512i low = _mm512_permutex2var_epi8(_mm512_loadu_si512(entries), bytes, _mm512_loadu_si512(entries + 1));
  const __m512i high =
      _mm512_permutex2var_epi8(_mm512_loadu_si512(entries + 2), bytes, _mm512_loadu_si512(entries + 3));
  return _mm512_mask_blend_epi8(_mm512_movepi8_mask(bytes), low, high);
}

SIXTOPS_INLINE __m512i added(__m512i a, __m512i b, const Addition& addition) {
  const __m512i weights = _mm512_set1_epi32((addition.weight[0] & 255) | (addition.weight[1] & 255) << 8);
  const __m512i bias = _mm512_set1_epi32(addition.bias);
  const __m512 scale = _mm512_set1_ps(addition.scale);
  const __m512i zero = _mm512_setzero_si512();
  const bool in_float = addition.requantization.in_float;
  const auto sum = [&](__m512i pairs) __attribute__((always_inline)) {
    return requantized(_mm512_dpbusd_epi32(bias, pairs, weights), scale, in_float);
  };
  const __m512i low = _mm512_unpacklo_epi8(a, b);
  const __m512i high = _mm512_unpackhi_epi8(a, b);
  return packed_bytes(sum(_mm512_unpacklo_epi16(low, zero)), sum(_mm512_unpackhi_epi16(low, zero)),
                      sum(_mm512_unpacklo_epi16(high, zero)), sum(_mm512_unpackhi_epi16(high, zero)),
                      addition.requantization.zero);
}

// The bytes of a line of 16 · vectors channels.
SIXTOPS_INLINE __mmask64 line_mask(int vectors) {
  return vectors == 4 ? ~__mmask64{0} : (__mmask64{1} << (16 * vectors)) - 1;
}

// What packed_bytes() makes of vectors of 16 neighbouring channels each, in channel order.
SIXTOPS_INLINE __m512i from_neighbours(__m512i bytes) {
  return _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), bytes);
}

// 16 bytes as numbers: channels 16 · quarter on.
template <int kQuarter>
SIXTOPS_INLINE __m512i widened(__m512i bytes) {
  return _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(bytes, kQuarter));
}

}  // namespace sixtops::cpu::engine::avx512_vnni
