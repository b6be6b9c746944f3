// Vectors of small_block.h and small_lines.h on AVX2. Included by the files of this folder that are compiled for it.
#pragma once

#include <immintrin.h>

#include <cstring>

#include "cpu/engine/kernel/kernel_set.h"

namespace sixtops::cpu::engine::avx2 {

#define SIXTOPS_INLINE inline __attribute__((always_inline))

// 1.5 · 2^11, see Requantization; it stays in until the zero point is added.
inline constexpr int kRound = 3072;

struct Vectors {
  static constexpr int kPixels = 3;

  // Register i holds channels 4i .. 4i + 3, each as the sum of its even and of its odd pairs of products.
  struct Sums {
    __m256i part[4];
  };
  using Bytes = __m128i;

  static SIXTOPS_INLINE Sums zero() {
    const __m256i zero = _mm256_setzero_si256();
    return {{zero, zero, zero, zero}};
  }

  template <int kCount>
  static SIXTOPS_INLINE void multiply(Sums* sums, const uint8_t* const* pixels, int32_t dwords, const uint8_t* weights,
                                      int64_t stride) {
    for (int32_t dword = 0; dword < dwords; ++dword, weights += stride) {
      __m256i words[kCount];
      for (int i = 0; i < kCount; ++i) {
        int32_t bytes = 0;
        std::memcpy(&bytes, pixels[i] + dword * 4, sizeof(bytes));
        words[i] = _mm256_cvtepu8_epi16(_mm_set1_epi32(bytes));
      }
      for (int part = 0; part < 4; ++part) {
        const __m256i factors =
            _mm256_cvtepi8_epi16(_mm_load_si128(reinterpret_cast<const __m128i*>(weights + part * 16)));
        for (int i = 0; i < kCount; ++i) {
          sums[i].part[part] = _mm256_add_epi32(sums[i].part[part], _mm256_madd_epi16(words[i], factors));
        }
      }
    }
  }

  // Channels 8 · half .. + 7, bias added.
  static SIXTOPS_INLINE __m256i whole(const Sums& sums, int half, const int32_t* bias) {
    const __m256i pairs = _mm256_hadd_epi32(sums.part[2 * half], sums.part[2 * half + 1]);
    const __m256i ordered = _mm256_permute4x64_epi64(pairs, _MM_SHUFFLE(3, 1, 2, 0));
    return _mm256_add_epi32(ordered, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bias + half * 8)));
  }

  static SIXTOPS_INLINE void store_sums(const Sums& sums, const int32_t* bias, int32_t* to) {
    for (int half = 0; half < 2; ++half) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + half * 8), whole(sums, half, bias));
    }
  }

  static SIXTOPS_INLINE __m256i rounded(__m256i sums, __m256 scale) {
    return _mm256_cvtps_epi32(
        _mm256_fmadd_ps(_mm256_cvtepi32_ps(sums), scale, _mm256_set1_ps(static_cast<float>(kRound))));
  }

  // Words in channel order to bytes.
  static SIXTOPS_INLINE Bytes packed(__m256i words, int32_t zero) {
    words = _mm256_adds_epi16(words, _mm256_set1_epi16(static_cast<short>(zero - kRound)));
    return _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
  }

  static SIXTOPS_INLINE Bytes requantized(const Sums& sums, const int32_t* bias, const float* scale,
                                          const Requantization& requantization) {
    const __m256i low = rounded(whole(sums, 0, bias), _mm256_loadu_ps(scale));
    const __m256i high = rounded(whole(sums, 1, bias), _mm256_loadu_ps(scale + 8));
    const __m256i words = _mm256_permute4x64_epi64(_mm256_packs_epi32(low, high), _MM_SHUFFLE(3, 1, 2, 0));
    return packed(words, requantization.zero);
  }

  static SIXTOPS_INLINE Bytes load(const uint8_t* bytes) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
  }
  static SIXTOPS_INLINE void store(uint8_t* to, Bytes bytes) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
  }

  static SIXTOPS_INLINE Bytes looked_up(Bytes bytes, const uint8_t* table) {
    alignas(16) uint8_t entries[kVectorChannels];
    _mm_store_si128(reinterpret_cast<__m128i*>(entries), bytes);
    for (uint8_t& entry : entries) entry = table[entry];
    return _mm_load_si128(reinterpret_cast<const __m128i*>(entries));
  }

  static SIXTOPS_INLINE Bytes added(Bytes a, Bytes b, const Addition& addition) {
    const __m256i weights = _mm256_set1_epi32((addition.weight[0] & 0xFFFF) | addition.weight[1] * 0x10000);
    const __m256i bias = _mm256_set1_epi32(addition.bias);
    const __m256 scale = _mm256_set1_ps(addition.scale);
    const __m256i first = _mm256_cvtepu8_epi16(a);
    const __m256i second = _mm256_cvtepu8_epi16(b);
    const __m256i low = _mm256_madd_epi16(_mm256_unpacklo_epi16(first, second), weights);
    const __m256i high = _mm256_madd_epi16(_mm256_unpackhi_epi16(first, second), weights);
    return packed(
        _mm256_packs_epi32(rounded(_mm256_add_epi32(low, bias), scale), rounded(_mm256_add_epi32(high, bias), scale)),
        addition.requantization.zero);
  }

  // 32-bit sums of 16 channels: 0 .. 3 and 8 .. 11, 4 .. 7 and 12 .. 15.
  struct Lanes {
    __m256i low;
    __m256i high;
  };

  static SIXTOPS_INLINE Lanes equal(int32_t value) { return {_mm256_set1_epi32(value), _mm256_set1_epi32(value)}; }

  static SIXTOPS_INLINE Lanes lanes_of(const int32_t* sums) {
    const auto quarter = [&](int i) __attribute__((always_inline)) {
      return _mm_loadu_si128(reinterpret_cast<const __m128i*>(sums + i * 4));
    };
    return {_mm256_set_m128i(quarter(2), quarter(0)), _mm256_set_m128i(quarter(3), quarter(1))};
  }

  static SIXTOPS_INLINE void multiply_words(Lanes& sums, __m256i a, __m256i b, __m256i a_factors, __m256i b_factors) {
    sums.low = _mm256_add_epi32(
        sums.low, _mm256_madd_epi16(_mm256_unpacklo_epi16(a, b), _mm256_unpacklo_epi16(a_factors, b_factors)));
    sums.high = _mm256_add_epi32(
        sums.high, _mm256_madd_epi16(_mm256_unpackhi_epi16(a, b), _mm256_unpackhi_epi16(a_factors, b_factors)));
  }

  static SIXTOPS_INLINE void multiply_add(Lanes& sums, Bytes a, Bytes b, const int8_t* a_weights,
                                          const int8_t* b_weights) {
    const auto factors = [](const int8_t* weights) __attribute__((always_inline)) {
      return _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(weights)));
    };
    multiply_words(sums, _mm256_cvtepu8_epi16(a), _mm256_cvtepu8_epi16(b), factors(a_weights), factors(b_weights));
  }

  static SIXTOPS_INLINE void add_bytes(Lanes& sums, Bytes bytes) {
    const __m256i words = _mm256_cvtepu8_epi16(bytes);
    const __m256i zero = _mm256_setzero_si256();
    sums.low = _mm256_add_epi32(sums.low, _mm256_unpacklo_epi16(words, zero));
    sums.high = _mm256_add_epi32(sums.high, _mm256_unpackhi_epi16(words, zero));
  }

  static SIXTOPS_INLINE Lanes product(Bytes a, Bytes b, const int32_t* zeros) {
    const __m256i first = _mm256_sub_epi16(_mm256_cvtepu8_epi16(a), _mm256_set1_epi16(static_cast<short>(zeros[0])));
    const __m256i second = _mm256_sub_epi16(_mm256_cvtepu8_epi16(b), _mm256_set1_epi16(static_cast<short>(zeros[1])));
    Lanes sums = equal(0);
    multiply_words(sums, first, _mm256_setzero_si256(), second, _mm256_setzero_si256());
    return sums;
  }

  static SIXTOPS_INLINE Bytes requantized(const Lanes& sums, const float* scale, const Requantization& requantization) {
    const auto quarter = [&](int i) __attribute__((always_inline)) { return _mm_loadu_ps(scale + i * 4); };
    return packed(_mm256_packs_epi32(rounded(sums.low, _mm256_set_m128(quarter(2), quarter(0))),
                                     rounded(sums.high, _mm256_set_m128(quarter(3), quarter(1)))),
                  requantization.zero);
  }

  static SIXTOPS_INLINE Bytes zero_bytes() { return _mm_setzero_si128(); }
  static SIXTOPS_INLINE Bytes largest(Bytes a, Bytes b) { return _mm_max_epu8(a, b); }
};

}  // namespace sixtops::cpu::engine::avx2
