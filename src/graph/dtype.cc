#include "graph/dtype.h"

#include <array>
#include <cmath>

namespace sixtops {
namespace {

struct Row {
  std::string_view name;
  size_t size;
};

// In the order of DType.
constexpr std::array<Row, kDTypeCount> kRows = {{{"f32", 4},
                                                 {"f64", 8},
                                                 {"f16", 2},
                                                 {"bf16", 2},
                                                 {"i8", 1},
                                                 {"u8", 1},
                                                 {"i16", 2},
                                                 {"u16", 2},
                                                 {"i32", 4},
                                                 {"u32", 4},
                                                 {"i64", 8},
                                                 {"u64", 8},
                                                 {"bool", 1}}};

const Row& row(DType dtype) { return kRows[static_cast<size_t>(dtype)]; }

}  // namespace

size_t dtype_size(DType dtype) { return row(dtype).size; }
std::string_view dtype_name(DType dtype) { return row(dtype).name; }

std::optional<DType> parse_dtype(std::string_view name) {
  for (size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].name == name) return static_cast<DType>(i);
  }
  return std::nullopt;
}

bool is_float(DType dtype) {
  return dtype == DType::kF32 || dtype == DType::kF64 || dtype == DType::kF16 || dtype == DType::kBF16;
}

bool is_signed_integer(DType dtype) {
  return dtype == DType::kI8 || dtype == DType::kI16 || dtype == DType::kI32 || dtype == DType::kI64;
}

Half::Half(float value) {
  const uint32_t word = std::bit_cast<uint32_t>(value);
  const auto sign = static_cast<uint16_t>((word >> 16) & 0x8000);
  const uint32_t magnitude = word & 0x7FFFFFFF;
  if (magnitude > 0x7F800000) {  // NaN stays a quiet NaN
    bits = static_cast<uint16_t>(sign | 0x7E00 | ((magnitude >> 13) & 0x3FF));
  } else if (magnitude >= 0x477FF000) {  // 65520 and above round to infinity
    bits = static_cast<uint16_t>(sign | 0x7C00);
  } else if (magnitude < 0x38800000) {  // below 2^-14: subnormal, a multiple of 2^-24
    const float steps = std::bit_cast<float>(magnitude) * 0x1p24F;
    bits = static_cast<uint16_t>(sign | static_cast<uint16_t>(std::nearbyint(steps)));
  } else {
    const uint32_t rebiased = magnitude - ((127 - 15) << 23);
    const uint32_t rounded = rebiased + 0xFFF + ((rebiased >> 13) & 1);  // half to even at bit 13
    bits = static_cast<uint16_t>(sign | (rounded >> 13));
  }
}

Half::operator float() const {
  const uint32_t sign = static_cast<uint32_t>(bits & 0x8000) << 16;
  const uint32_t exponent = (bits >> 10) & 0x1F;
  const uint32_t mantissa = bits & 0x3FF;
  if (exponent == 0) {
    const float magnitude = static_cast<float>(mantissa) * 0x1p-24F;
    return std::bit_cast<float>(std::bit_cast<uint32_t>(magnitude) | sign);
  }
  const uint32_t rebiased = exponent == 31 ? 255 : exponent + (127 - 15);
  return std::bit_cast<float>(sign | (rebiased << 23) | (mantissa << 13));
}

BFloat16::BFloat16(float value) {
  const uint32_t word = std::bit_cast<uint32_t>(value);
  if ((word & 0x7FFFFFFF) > 0x7F800000) {
    bits = static_cast<uint16_t>((word >> 16) | 0x40);
  } else {
    bits = static_cast<uint16_t>((word + 0x7FFF + ((word >> 16) & 1)) >> 16);
  }
}

}  // namespace sixtops
