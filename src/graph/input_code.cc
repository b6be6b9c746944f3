#include "graph/input_code.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sixtops {
namespace {

constexpr double kSlack = 0x1p-16;
constexpr int kBytes = 256;

double mean_of(const InputDescription& description, size_t channel) {
  return channel < description.mean.size() ? description.mean[channel] : 0;
}

double std_of(const InputDescription& description, size_t channel) {
  return channel < description.std.size() ? description.std[channel] : 1;
}

double real_value(const InputDescription& description, size_t channel, int byte) {
  return (byte - mean_of(description, channel)) / std_of(description, channel);
}

}  // namespace

QuantParams input_quant_params(const InputDescription& description, int channels) {
  // Zero belongs to the range: it is what a convolution pads with.
  double low = 0;
  double high = 0;
  double step = std::numeric_limits<double>::infinity();
  for (size_t c = 0; c < static_cast<size_t>(channels); ++c) {
    const double first = real_value(description, c, 0);
    const double last = real_value(description, c, kBytes - 1);
    low = std::min({low, first, last});
    high = std::max({high, first, last});
    step = std::min(step, std::abs(1 / std_of(description, c)));
  }
  // Channels with different mean or std need a wider step than the finest of them.
  const auto scale = static_cast<float>(std::max(step, (high - low) / (kBytes - 1)));
  // Halves go down here and up in input_code, so that the lowest value gets the lowest code.
  const double zero_point = std::ceil(-128 - low / scale - 0.5 - kSlack);
  return {{scale}, {static_cast<int32_t>(std::clamp(zero_point, -128.0, 127.0))}, -1};
}

int8_t input_code(double real, float scale, int32_t zero_point) {
  const double code = std::floor(real / scale + zero_point + 0.5 + kSlack);
  return static_cast<int8_t>(std::clamp(code, -128.0, 127.0));
}

std::vector<std::array<int8_t, 256>> input_code_tables(const InputDescription& description, int channels,
                                                       const QuantParams& quant) {
  std::vector<std::array<int8_t, 256>> tables(static_cast<size_t>(channels));
  for (size_t c = 0; c < tables.size(); ++c) {
    for (int byte = 0; byte < kBytes; ++byte) {
      tables[c][static_cast<size_t>(byte)] =
          input_code(real_value(description, c, byte), quant.scale[0], quant.zero_point[0]);
    }
  }
  return tables;
}

std::vector<std::array<float, 256>> input_value_tables(const InputDescription& description, int channels) {
  std::vector<std::array<float, 256>> tables(static_cast<size_t>(channels));
  for (size_t c = 0; c < tables.size(); ++c) {
    for (int byte = 0; byte < kBytes; ++byte) {
      tables[c][static_cast<size_t>(byte)] = static_cast<float>(real_value(description, c, byte));
    }
  }
  return tables;
}

}  // namespace sixtops
