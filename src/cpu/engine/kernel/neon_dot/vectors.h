// Vectors of small_block.h and small_lines.h on Armv8.2 with dot products. Included by the files of this folder that
// are compiled for it.
#pragma once

#include <arm_neon.h>

#include <cstring>

#include "cpu/engine/kernel/kernel_set.h"

namespace sixtops::cpu::engine::neon_dot {

#define SIXTOPS_INLINE inline __attribute__((always_inline))

// 1.5 · 2^11, see Requantization; it stays in until the zero point is added.
inline constexpr int kRound = 3072;

struct Vectors {
  static constexpr int kPixels = 4;

  struct Sums {
    int32x4_t part[4];  // channels 4i .. 4i + 3
  };
  using Bytes = uint8x16_t;

  static SIXTOPS_INLINE Sums zero() {
    const int32x4_t zero = vdupq_n_s32(0);
    return {{zero, zero, zero, zero}};
  }

  static SIXTOPS_INLINE int8x16_t codes_of(uint8x16_t bytes) {
    return vreinterpretq_s8_u8(veorq_u8(bytes, vdupq_n_u8(kCodeToByte)));
  }

  template <int kLane, int kCount>
  static SIXTOPS_INLINE void multiply_lane(Sums* sums, const int8x16_t* codes, const uint8_t* weights) {
    for (int part = 0; part < 4; ++part) {
      const int8x16_t factors = vld1q_s8(reinterpret_cast<const int8_t*>(weights + part * 16));
      for (int i = 0; i < kCount; ++i) {
        sums[i].part[part] = vdotq_laneq_s32(sums[i].part[part], factors, codes[i], kLane);
      }
    }
  }

  template <int kCount>
  static SIXTOPS_INLINE void multiply(Sums* sums, const uint8_t* const* pixels, int32_t dwords, const uint8_t* weights,
                                      int64_t stride) {
    int8x16_t codes[kCount];
    int32_t dword = 0;
    for (; dword + 4 <= dwords; dword += 4, weights += 4 * stride) {
      for (int i = 0; i < kCount; ++i) codes[i] = codes_of(vld1q_u8(pixels[i] + dword * 4));
      multiply_lane<0, kCount>(sums, codes, weights);
      multiply_lane<1, kCount>(sums, codes, weights + stride);
      multiply_lane<2, kCount>(sums, codes, weights + 2 * stride);
      multiply_lane<3, kCount>(sums, codes, weights + 3 * stride);
    }
    for (; dword < dwords; ++dword, weights += stride) {
      for (int i = 0; i < kCount; ++i) {
        uint32_t bytes = 0;
        std::memcpy(&bytes, pixels[i] + dword * 4, sizeof(bytes));
        codes[i] = codes_of(vreinterpretq_u8_u32(vdupq_n_u32(bytes)));
      }
      multiply_lane<0, kCount>(sums, codes, weights);
    }
  }

  static SIXTOPS_INLINE int32x4_t whole(const Sums& sums, int part, const int32_t* bias) {
    return vaddq_s32(sums.part[part], vld1q_s32(bias + part * 4));
  }

  static SIXTOPS_INLINE void store_sums(const Sums& sums, const int32_t* bias, int32_t* to) {
    for (int part = 0; part < 4; ++part) vst1q_s32(to + part * 4, whole(sums, part, bias));
  }

  static SIXTOPS_INLINE int16x4_t rounded(int32x4_t sums, float32x4_t scale) {
    const float32x4_t value = vfmaq_f32(vdupq_n_f32(static_cast<float>(kRound)), vcvtq_f32_s32(sums), scale);
    return vqmovn_s32(vcvtnq_s32_f32(value));
  }

  static SIXTOPS_INLINE Bytes packed(const int16x4_t* quarters, int32_t zero) {
    const int16x8_t offset = vdupq_n_s16(static_cast<int16_t>(zero - kRound));
    const int16x8_t low = vqaddq_s16(vcombine_s16(quarters[0], quarters[1]), offset);
    const int16x8_t high = vqaddq_s16(vcombine_s16(quarters[2], quarters[3]), offset);
    return vcombine_u8(vqmovun_s16(low), vqmovun_s16(high));
  }

  static SIXTOPS_INLINE Bytes requantized(const Sums& sums, const int32_t* bias, const float* scale,
                                          const Requantization& requantization) {
    int16x4_t quarters[4];
    for (int part = 0; part < 4; ++part) {
      quarters[part] = rounded(whole(sums, part, bias), vld1q_f32(scale + part * 4));
    }
    return packed(quarters, requantization.zero);
  }

  static SIXTOPS_INLINE Bytes load(const uint8_t* bytes) { return vld1q_u8(bytes); }
  static SIXTOPS_INLINE void store(uint8_t* to, Bytes bytes) { vst1q_u8(to, bytes); }

  static SIXTOPS_INLINE Bytes looked_up(Bytes bytes, const uint8_t* table) {
    // Indices beyond a part of the table leave the result as it is.
    Bytes result = vqtbl4q_u8(vld1q_u8_x4(table), bytes);
    for (uint8_t part = 1; part < 4; ++part) {
      result = vqtbx4q_u8(result, vld1q_u8_x4(table + part * 64),
                          vsubq_u8(bytes, vdupq_n_u8(static_cast<uint8_t>(part * 64))));
    }
    return result;
  }

  static SIXTOPS_INLINE Bytes added(Bytes a, Bytes b, const Addition& addition) {
    const int32x4_t bias = vdupq_n_s32(addition.bias);
    const float32x4_t scale = vdupq_n_f32(addition.scale);
    const auto first_weight = static_cast<int16_t>(addition.weight[0]);
    const auto second_weight = static_cast<int16_t>(addition.weight[1]);
    const auto sum = [&](int16x4_t first, int16x4_t second) {
      return rounded(vmlal_n_s16(vmlal_n_s16(bias, first, first_weight), second, second_weight), scale);
    };
    const int16x8_t a_low = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(a)));
    const int16x8_t a_high = vreinterpretq_s16_u16(vmovl_u8(vget_high_u8(a)));
    const int16x8_t b_low = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(b)));
    const int16x8_t b_high = vreinterpretq_s16_u16(vmovl_u8(vget_high_u8(b)));
    const int16x4_t quarters[4] = {
        sum(vget_low_s16(a_low), vget_low_s16(b_low)), sum(vget_high_s16(a_low), vget_high_s16(b_low)),
        sum(vget_low_s16(a_high), vget_low_s16(b_high)), sum(vget_high_s16(a_high), vget_high_s16(b_high))};
    return packed(quarters, addition.requantization.zero);
  }

  // 32-bit sums of 16 channels, in their order.
  using Lanes = Sums;

  static SIXTOPS_INLINE Lanes equal(int32_t value) {
    const int32x4_t all = vdupq_n_s32(value);
    return {{all, all, all, all}};
  }

  static SIXTOPS_INLINE Lanes lanes_of(const int32_t* sums) {
    return {{vld1q_s32(sums), vld1q_s32(sums + 4), vld1q_s32(sums + 8), vld1q_s32(sums + 12)}};
  }

  // 16 words.
  struct Words {
    int16x8_t low;
    int16x8_t high;
  };
  static SIXTOPS_INLINE Words words_of(Bytes bytes) {
    return {vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(bytes))), vreinterpretq_s16_u16(vmovl_u8(vget_high_u8(bytes)))};
  }

  static SIXTOPS_INLINE void multiply_words(Lanes& sums, const Words& a, const Words& b) {
    sums.part[0] = vmlal_s16(sums.part[0], vget_low_s16(a.low), vget_low_s16(b.low));
    sums.part[1] = vmlal_s16(sums.part[1], vget_high_s16(a.low), vget_high_s16(b.low));
    sums.part[2] = vmlal_s16(sums.part[2], vget_low_s16(a.high), vget_low_s16(b.high));
    sums.part[3] = vmlal_s16(sums.part[3], vget_high_s16(a.high), vget_high_s16(b.high));
  }

  static SIXTOPS_INLINE void multiply_add(Lanes& sums, Bytes a, Bytes b, const int8_t* a_weights,
                                          const int8_t* b_weights) {
    const auto factors = [](const int8_t* weights) {
      const int8x16_t codes = vld1q_s8(weights);
      return Words{vmovl_s8(vget_low_s8(codes)), vmovl_s8(vget_high_s8(codes))};
    };
    multiply_words(sums, words_of(a), factors(a_weights));
    multiply_words(sums, words_of(b), factors(b_weights));
  }

  static SIXTOPS_INLINE void add_bytes(Lanes& sums, Bytes bytes) {
    const Words words = words_of(bytes);
    sums.part[0] = vaddw_s16(sums.part[0], vget_low_s16(words.low));
    sums.part[1] = vaddw_s16(sums.part[1], vget_high_s16(words.low));
    sums.part[2] = vaddw_s16(sums.part[2], vget_low_s16(words.high));
    sums.part[3] = vaddw_s16(sums.part[3], vget_high_s16(words.high));
  }

  static SIXTOPS_INLINE Lanes product(Bytes a, Bytes b, const int32_t* zeros) {
    const auto centred = [](Bytes bytes, int32_t zero) {
      const Words words = words_of(bytes);
      const int16x8_t offset = vdupq_n_s16(static_cast<int16_t>(zero));
      return Words{vsubq_s16(words.low, offset), vsubq_s16(words.high, offset)};
    };
    Lanes sums = equal(0);
    multiply_words(sums, centred(a, zeros[0]), centred(b, zeros[1]));
    return sums;
  }

  static SIXTOPS_INLINE Bytes requantized(const Lanes& sums, const float* scale, const Requantization& requantization) {
    int16x4_t quarters[4];
    for (int part = 0; part < 4; ++part) quarters[part] = rounded(sums.part[part], vld1q_f32(scale + part * 4));
    return packed(quarters, requantization.zero);
  }

  static SIXTOPS_INLINE Bytes zero_bytes() { return vdupq_n_u8(0); }
  static SIXTOPS_INLINE Bytes largest(Bytes a, Bytes b) { return vmaxq_u8(a, b); }
};

}  // namespace sixtops::cpu::engine::neon_dot
