#include "graph/input_code.h"

#include <gtest/gtest.h>

#include <set>

namespace sixtops {
namespace {

InputDescription describe(std::vector<float> mean, std::vector<float> std) {
  InputDescription description;
  description.is_picture = true;
  description.mean = std::move(mean);
  description.std = std::move(std);
  return description;
}

TEST(InputCode, PlainPicturesAreTheirBytes) {
  for (const float std : {1.0F, 255.0F, 128.0F, 58.395F}) {
    const InputDescription description = describe({}, {std});
    const QuantParams quant = input_quant_params(description, 3);
    EXPECT_FLOAT_EQ(quant.scale[0], 1 / std);
    EXPECT_EQ(quant.zero_point[0], -128);
    const auto tables = input_code_tables(description, 3, quant);
    ASSERT_EQ(tables.size(), 3U);
    for (int byte = 0; byte < 256; ++byte) EXPECT_EQ(tables[2][static_cast<size_t>(byte)], byte - 128);
  }
}

TEST(InputCode, EveryByteHasItsCodeWhateverTheMean) {
  for (int mean = 0; mean <= 510; ++mean) {
    for (const float std : {127.5F, 128.0F, 255.0F, 58.395F, 57.12F, 1.0F, 0.5F, -64.5F}) {
      const InputDescription description = describe({static_cast<float>(mean) / 2}, {std});
      const auto tables = input_code_tables(description, 1, input_quant_params(description, 1));
      EXPECT_EQ(std::set(tables[0].begin(), tables[0].end()).size(), 256U) << mean << " " << std;
    }
  }
}

TEST(InputCode, TheRangeCoversAllChannelsAndZero) {
  const InputDescription description = describe({123.675F, 116.28F, 103.53F}, {58.395F, 57.12F, 57.375F});
  const QuantParams quant = input_quant_params(description, 3);
  const auto codes = input_code_tables(description, 3, quant);
  const auto values = input_value_tables(description, 3);
  for (size_t channel = 0; channel < 3; ++channel) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const float back = static_cast<float>(codes[channel][byte] - quant.zero_point[0]) * quant.scale[0];
      EXPECT_NEAR(back, values[channel][byte], quant.scale[0] * 0.51F);
    }
  }
  const QuantParams positive = input_quant_params(describe({-100}, {1}), 1);
  EXPECT_EQ(positive.zero_point[0], -128);
}

TEST(InputCode, SaturatesAndHalvesGoUp) {
  EXPECT_EQ(input_code(1e30, 1, 0), 127);
  EXPECT_EQ(input_code(-1e30, 1, 0), -128);
  EXPECT_EQ(input_code(0.5, 1, 0), 1);
  EXPECT_EQ(input_code(-0.5, 1, 0), 0);
  EXPECT_EQ(input_code(0.49, 1, -3), -3);
}

}  // namespace
}  // namespace sixtops
