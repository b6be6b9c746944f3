#include "graph/input_code.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace sixtops {
namespace {

InputDescription normalized(std::vector<float> mean, std::vector<float> std) {
  InputDescription description;
  description.mean = std::move(mean);
  description.std = std::move(std);
  return description;
}

// Channels that are normalized alike lose nothing: byte p gets code p - 128.
TEST(InputCode, CodesOfEqualChannelsAreTheBytes) {
  for (const float mean : {0.0F, 127.5F, 128.0F, 1.25F}) {
    for (const float std : {1.0F, 255.0F, 127.5F, 58.395F, 256.0F}) {
      const InputDescription description = normalized({mean, mean, mean}, {std, std, std});
      const QuantParams quant = input_quant_params(description, 3);
      const auto tables = input_code_tables(description, 3, quant);
      std::set<int> codes(tables[1].begin(), tables[1].end());
      EXPECT_EQ(codes.size(), 256U) << mean << " " << std;
      EXPECT_EQ(tables[1][0], -128) << mean << " " << std;
    }
  }
}

TEST(InputCode, PlainBytesHaveStepOne) {
  const QuantParams quant = input_quant_params({}, 3);
  EXPECT_EQ(quant.scale[0], 1);
  EXPECT_EQ(quant.zero_point[0], -128);
}

TEST(InputCode, RangeCoversChannelsThatDiffer) {
  const InputDescription description = normalized({123.675F, 116.28F, 103.53F}, {58.395F, 57.12F, 57.375F});
  const QuantParams quant = input_quant_params(description, 3);
  const auto codes = input_code_tables(description, 3, quant);
  const auto values = input_value_tables(description, 3);
  for (size_t c = 0; c < 3; ++c) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const double back = (codes[c][byte] - quant.zero_point[0]) * static_cast<double>(quant.scale[0]);
      EXPECT_LE(std::abs(back - static_cast<double>(values[c][byte])), 0.51 * static_cast<double>(quant.scale[0]));
    }
  }
}

TEST(InputCode, SaturatesAndRoundsHalvesUp) {
  EXPECT_EQ(input_code(1000, 1, 0), 127);
  EXPECT_EQ(input_code(-1000, 1, 0), -128);
  EXPECT_EQ(input_code(0.5, 1, 0), 1);
  EXPECT_EQ(input_code(-0.5, 1, 0), 0);
}

}  // namespace
}  // namespace sixtops
