#include "cpu/engine/integer/layer.h"

#include <algorithm>
#include <cmath>

#include "cpu/engine/integer/requantize_line.h"
#include "cpu/engine/vector_clones.h"

namespace sixtops::cpu::engine {
namespace {

constexpr double kLargestCode = 128;      // in magnitude
constexpr double kExactFloats = 1 << 24;  // whole numbers up to here are floats

// The list with one entry a channel, or nothing when its length is neither 1 nor the channel count.
std::optional<Ints> per_channel(const Ints& list, int64_t channels) {
  if (static_cast<int64_t>(list.size()) == channels) return list;
  if (list.size() != 1) return std::nullopt;
  return Ints(static_cast<size_t>(channels), list[0]);
}

}  // namespace

std::optional<IntegerLayer> IntegerLayer::make(const Arguments& arguments, std::span<const int8_t> weights,
                                               int64_t channels, int64_t depth, int64_t channel_stride,
                                               int64_t depth_stride) {
  const Node& node = arguments.node;
  if (arguments.input(0).dtype() != DType::kI8) return std::nullopt;
  if (arguments.has(2) && arguments.input(2).dtype() != DType::kI32) return std::nullopt;
  const Ints& offsets = node.get_ints("weight_offset");
  const auto bias = per_channel(arguments.has(2) ? values_as<int64_t>(arguments.input(2)) : Ints{0}, channels);
  const auto multiplier = per_channel(node.get_ints("multiplier"), channels);
  const auto offset = per_channel(offsets.empty() ? Ints{0} : offsets, channels);
  if (!bias || !multiplier || !offset || depth < 1) return std::nullopt;

  IntegerLayer layer;
  layer.channels = channels;
  layer.depth = depth;
  layer.zero_point = static_cast<int>(node.get_int("output_zero_point"));
  layer.weights.resize(static_cast<size_t>(channels * depth));
  float largest = 1;
  for (int64_t channel = 0; channel < channels; ++channel) {
    const auto c = static_cast<size_t>(channel);
    double magnitude = std::abs(static_cast<double>((*bias)[c]));
    for (int64_t k = 0; k < depth; ++k) {
      const auto weight =
          static_cast<float>(weights[static_cast<size_t>(channel * channel_stride + k * depth_stride)] + (*offset)[c]);
      layer.weights[static_cast<size_t>(channel * depth + k)] = weight;
      largest = std::max(largest, std::abs(weight));
      magnitude += kLargestCode * static_cast<double>(std::abs(weight));
    }
    if (magnitude > INT32_MAX) return std::nullopt;
    layer.bias.push_back(static_cast<int32_t>((*bias)[c]));
    layer.scale.push_back(
        requantize_scale(static_cast<int16_t>((*multiplier)[c]), static_cast<int>(node.get_int("shift"))));
  }
  layer.chunk = static_cast<int64_t>(kExactFloats / (kLargestCode * static_cast<double>(largest)));
  return layer;
}

SIXTOPS_VECTOR_CLONES
void add_products(const float* products, int64_t count, int32_t* accumulators) {
  for (int64_t i = 0; i < count; ++i) accumulators[i] += static_cast<int32_t>(products[i]);
}

}  // namespace sixtops::cpu::engine
