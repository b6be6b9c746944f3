#include "graph/input_code.h"

#include <algorithm>
#include <cmath>

namespace sixtops {
namespace {

constexpr double kSlack = 0x1p-16;
constexpr int kByteCount = 256;

float entry(const std::vector<float>& list, int channel, float fallback) {
  if (list.empty()) return fallback;
  return list[std::min(static_cast<size_t>(channel), list.size() - 1)];
}

// The real value of a byte in a channel.
double real_value(const InputDescription& description, int channel, int byte) {
  const double mean = entry(description.mean, channel, 0);
  const double std = entry(description.std, channel, 1);
  return (byte - mean) / std;
}

}  // namespace

QuantParams input_quant_params(const InputDescription& description, int channels) {
  double low = 0;
  double high = 0;
  for (int channel = 0; channel < channels; ++channel) {
    const double black = real_value(description, channel, 0);
    const double white = real_value(description, channel, kByteCount - 1);
    low = std::min({low, black, white});
    high = std::max({high, black, white});
  }
  const auto scale = static_cast<float>((high - low) / (kByteCount - 1));
  // Halves go down here, so that they meet the halves of input_code, which go up.
  const double zero_point = std::ceil(-128.0 - low / static_cast<double>(scale) - 0.5 - kSlack);
  return {{scale}, {static_cast<int32_t>(std::clamp(zero_point, -128.0, 127.0))}, -1};
}

int8_t input_code(double real, float scale, int32_t zero_point) {
  const double code = std::floor(real / static_cast<double>(scale) + zero_point + 0.5 + kSlack);
  return static_cast<int8_t>(std::clamp(code, -128.0, 127.0));
}

std::vector<std::array<int8_t, 256>> input_code_tables(const InputDescription& description, int channels,
                                                       const QuantParams& quant) {
  std::vector<std::array<int8_t, 256>> tables(static_cast<size_t>(channels));
  for (int channel = 0; channel < channels; ++channel) {
    for (int byte = 0; byte < kByteCount; ++byte) {
      tables[static_cast<size_t>(channel)][static_cast<size_t>(byte)] =
          input_code(real_value(description, channel, byte), quant.scale.front(), quant.zero_point.front());
    }
  }
  return tables;
}

std::vector<std::array<float, 256>> input_value_tables(const InputDescription& description, int channels) {
  std::vector<std::array<float, 256>> tables(static_cast<size_t>(channels));
  for (int channel = 0; channel < channels; ++channel) {
    for (int byte = 0; byte < kByteCount; ++byte) {
      tables[static_cast<size_t>(channel)][static_cast<size_t>(byte)] =
          static_cast<float>(real_value(description, channel, byte));
    }
  }
  return tables;
}

}  // namespace sixtops
