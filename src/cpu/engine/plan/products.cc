#include "cpu/engine/plan/products.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <optional>

#include "base/thread_pool.h"
#include "cpu/engine/plan/requantization.h"
#include "cpu/engine/plan/step_table.h"
#include "cpu/reference/integer.h"

namespace sixtops::cpu::engine {
namespace {

constexpr int64_t kMostWeight = INT8_MAX;
constexpr int64_t kLeastWeight = INT8_MIN;
constexpr double kLargestCode = 128;  // in magnitude

std::optional<int64_t> entry(const Ints& list, int64_t channel, int64_t channels) {
  if (static_cast<int64_t>(list.size()) == channels) return list[static_cast<size_t>(channel)];
  if (list.size() == 1) return list.front();
  return std::nullopt;
}

// The part as the task's pixels see it: (first + y · step).
Part stepped(Part part, const Products& products) {
  part.first_y += products.first_y * part.step_y;
  part.first_x += products.first_x * part.step_x;
  part.step_y *= products.step_y;
  part.step_x *= products.step_x;
  return part;
}

// The input's bytes count from 0: Σ (code + 128) · w = Σ code · w + 128 · Σ w.
int32_t byte_bias(const Products& products, int64_t channel) {
  const int16_t* const weights = products.weights.data() + channel * products.weight_count();
  const int64_t weight_sum = std::accumulate(weights, weights + products.weight_count(), int64_t{0});
  const int64_t sum = products.bias[static_cast<size_t>(channel)] - 128 * weight_sum;
  return static_cast<int32_t>(static_cast<uint32_t>(static_cast<uint64_t>(sum)));
}

int32_t zero_of(const Products& products, int64_t channel) {
  for (const LayerChannels& layer : products.layers) {
    if (channel >= layer.first && channel < layer.first + layer.channels) return layer.zero;
  }
  return products.zero;
}

// A table in the plan's memory.
Result<const uint8_t*> add_table(const std::optional<std::array<uint8_t, 256>>& table, Plan& plan) {
  if (!table) return static_cast<const uint8_t*>(nullptr);
  uint8_t* const entries = TRY(plan.constants.add(static_cast<int64_t>(table->size())));
  std::copy(table->begin(), table->end(), entries);
  return static_cast<const uint8_t*>(entries);
}

// What all blocks of a task share of its epilogue.
struct Epilogue {
  const uint8_t* table = nullptr;
  const Addition* addition = nullptr;
};

Result<Epilogue> make_epilogue(const Fusion& fusion, Plan& plan) {
  Epilogue epilogue;
  epilogue.table = TRY(add_table(fusion.table, plan));
  if (fusion.addition) {
    plan.additions.push_back(std::make_unique<const Addition>(*fusion.addition));
    epilogue.addition = plan.additions.back().get();
  }
  return epilogue;
}

// The layers' parts of channels [first, first + count).
std::vector<BlockPiece> make_pieces(const Products& products, const std::vector<const uint8_t*>& tables, int64_t first,
                                    int64_t count) {
  std::vector<BlockPiece> pieces;
  for (size_t i = 0; i < products.layers.size(); ++i) {
    const LayerChannels& layer = products.layers[i];
    const int64_t begin = std::max(first, layer.first);
    const int64_t end = std::min(first + count, layer.first + layer.channels);
    if (begin >= end) continue;
    pieces.push_back({static_cast<int>(begin - first), static_cast<int>(end - begin), layer.zero, tables[i]});
  }
  return pieces;
}

bool in_float(const Products& products, int64_t first, int64_t count) {
  for (int64_t c = first; c < first + count; ++c) {
    const auto i = static_cast<size_t>(c);
    if (!requantizes_in_float(products.largest[i], products.scale[i])) return false;
  }
  return true;
}

// The round-th of the int8 numbers that a weight is the sum of, as a byte.
uint8_t summand(int weight, int64_t round) {
  for (; round > 0; --round) weight -= std::clamp<int>(weight, kLeastWeight, kMostWeight);
  return static_cast<uint8_t>(std::clamp<int>(weight, kLeastWeight, kMostWeight));
}

// Packs channels [first, first + count): weights step by step, biases, scales. Weights beyond int8 are stored as sums
// of several; `sources` names the weight of each byte of one round of all steps.
// With pieces, the zero points of the channels follow.
void pack_block(const Products& products, const KernelSet& kernels, const StepSources& sources, int rounds, int vectors,
                int64_t first, int64_t count, uint8_t* packed) {
  const int64_t slots = int64_t{vectors} * kVectorChannels;
  const auto bytes = static_cast<int64_t>(sources.input.size());  // of one round
  const auto taps = static_cast<int64_t>(products.taps.size());
  const int64_t group_channels = products.channels / products.groups;
  auto* const bias = reinterpret_cast<int32_t*>(packed + slots * bytes * rounds);
  auto* const scale = reinterpret_cast<float*>(bias + slots);
  auto* const zero = reinterpret_cast<int32_t*>(scale + slots);
  const auto pack_channel = [&](int64_t c) {
    const int64_t channel = first + c;
    const int64_t slot = kernels.channel_slot(vectors, static_cast<int>(c));
    bias[slot] = kernels.sums_codes ? static_cast<int32_t>(products.bias[static_cast<size_t>(channel)])
                                    : byte_bias(products, channel);
    scale[slot] = products.scale[static_cast<size_t>(channel)];
    zero[slot] = zero_of(products, channel);
    const int64_t first_input = channel / group_channels * products.group_inputs;
    const int16_t* const weights = products.weights.data() + channel * products.weight_count();
    const auto weight_of = [&](int64_t k) -> int {
      const int64_t input = sources.input[static_cast<size_t>(k)] - first_input;
      if (sources.input[static_cast<size_t>(k)] < 0 || input < 0 || input >= products.group_inputs) return 0;
      return weights[input * taps + sources.tap[static_cast<size_t>(k)]];
    };
    // Four bytes of one channel lie together, the next four a row of slots further.
    for (int64_t round = 0; round < rounds; ++round) {
      for (int64_t k = 0; k < bytes; k += 4) {
        uint8_t* const to = packed + ((round * bytes + k) / 4 * slots + slot) * 4;
        const std::array<uint8_t, 4> four = {summand(weight_of(k), round), summand(weight_of(k + 1), round),
                                             summand(weight_of(k + 2), round), summand(weight_of(k + 3), round)};
        std::memcpy(to, four.data(), four.size());
      }
    }
  };
  ThreadPool::process().parallel_for(count, [&](int64_t begin, int64_t end) {
    for (int64_t c = begin; c < end; ++c) pack_channel(c);
  });
}

// How many int8 numbers the largest weight of these channels is the sum of.
int count_rounds(const Products& products, int64_t first, int64_t count) {
  int16_t low = 0;
  int16_t high = 0;
  const int16_t* const weights = products.weights.data() + first * products.weight_count();
  for (int64_t i = 0; i < count * products.weight_count(); ++i) {
    low = std::min(low, weights[i]);
    high = std::max(high, weights[i]);
  }
  const int64_t rounds = std::max((high + kMostWeight - 1) / kMostWeight, (low + kLeastWeight + 1) / kLeastWeight);
  return static_cast<int>(std::max<int64_t>(1, rounds));
}

}  // namespace

Halo needed_halo(const Products& products, const Extent& input) {
  Halo halo;
  for (const WindowTap& tap : products.taps) {
    const int64_t last_y = (products.extent.height - 1) * products.stride_y + tap.y;
    const int64_t last_x = (products.extent.width - 1) * products.stride_x + tap.x;
    halo.include({-tap.y, last_y - (input.height - 1), -tap.x, last_x - (input.width - 1)});
  }
  return halo;
}

bool read_parameters(const Node& node, const Tensor* bias, Products& products) {
  if (bias != nullptr && bias->dtype() != DType::kI32) return false;
  const Ints biases = bias != nullptr ? values_as<int64_t>(*bias) : Ints{0};
  const Ints& multipliers = node.get_ints("multiplier");
  const Ints& given_offsets = node.get_ints("weight_offset");
  const Ints offsets = given_offsets.empty() ? Ints{0} : given_offsets;
  products.sums = reference::gives_accumulators(node);
  products.zero = static_cast<int32_t>(node.get_int("output_zero_point")) + 128;
  for (int64_t channel = 0; channel < products.channels; ++channel) {
    const auto b = entry(biases, channel, products.channels);
    const auto m = entry(multipliers, channel, products.channels);
    const auto z = entry(offsets, channel, products.channels);
    if (!b || !m || !z) return false;
    int16_t* const weights = products.weights.data() + channel * products.weight_count();
    const auto offset = static_cast<int16_t>(*z);
    int64_t magnitude = 0;
    for (int64_t i = 0; i < products.weight_count(); ++i) {
      weights[i] = static_cast<int16_t>(weights[i] + offset);
      magnitude += std::abs(int32_t{weights[i]});
    }
    const double largest = std::abs(static_cast<double>(*b)) + kLargestCode * static_cast<double>(magnitude);
    if (largest > std::numeric_limits<int32_t>::max()) return false;
    products.bias.push_back(*b);
    products.scale.push_back(requantization_scale(*m, static_cast<int>(node.get_int("shift"))));
    products.largest.push_back(largest);
  }
  return true;
}

bool have_same_windows(const Products& a, const Products& b) {
  const auto same_tap = [](const WindowTap& x, const WindowTap& y) { return x.y == y.y && x.x == y.x; };
  return a.extent == b.extent && a.stride_y == b.stride_y && a.stride_x == b.stride_x && a.step_y == 1 &&
         b.step_y == 1 && a.step_x == 1 && b.step_x == 1 &&
         std::equal(a.taps.begin(), a.taps.end(), b.taps.begin(), b.taps.end(), same_tap);
}

Products joined(const std::vector<Products>& layers) {
  Products all = layers.front();
  all.layers = {{0, all.channels, all.zero, std::nullopt}};
  for (size_t i = 1; i < layers.size(); ++i) {
    const Products& layer = layers[i];
    all.layers.push_back({all.channels, layer.channels, layer.zero, std::nullopt});
    all.channels += layer.channels;
    all.weights.insert(all.weights.end(), layer.weights.begin(), layer.weights.end());
    all.bias.insert(all.bias.end(), layer.bias.begin(), layer.bias.end());
    all.scale.insert(all.scale.end(), layer.scale.begin(), layer.scale.end());
    all.largest.insert(all.largest.end(), layer.largest.begin(), layer.largest.end());
  }
  return all;
}

bool is_depthwise(const Products& products, const View& input) {
  if (products.group_inputs != 1 || products.groups < 2 || products.groups != products.channels || products.sums)
    return false;
  if (products.taps.empty() || static_cast<int64_t>(products.taps.size()) > kMostDepthwiseTaps) return false;
  const auto fits = [](int16_t w) { return w >= kLeastWeight && w <= kMostWeight; };
  return lines_of(input) && std::all_of(products.weights.begin(), products.weights.end(), fits);
}

Result<StepTask> lower_products(const Products& products, const View& input, const View& output, const Fusion& fusion,
                                Lowering& lowering) {
  Plan& plan = lowering.plan;
  ConvolutionTask task;
  task.extent = products.extent;
  const Epilogue epilogue = TRY(make_epilogue(fusion, plan));
  std::vector<const uint8_t*> tables;
  for (const LayerChannels& layer : products.layers) tables.push_back(TRY(add_table(layer.table, plan)));
  const int64_t group_channels = products.channels / products.groups;
  const StepTable* steps = nullptr;
  StepSources sources;
  int rounds = 0;
  int64_t first = 0;
  for (size_t plane = 0; plane < output.parts.size(); ++plane) {
    const int64_t count = output.parts[plane].channels;
    const int64_t first_group = first / group_channels;
    const int64_t last_group = (first + count - 1) / group_channels;
    if (steps == nullptr || products.groups > 1) {
      rounds =
          products.groups > 1 ? count_rounds(products, first, count) : count_rounds(products, 0, products.channels);
      sources = {};
      plan.step_tables.push_back(std::make_unique<const StepTable>(make_step_table(
          products, input, first_group * products.group_inputs, (last_group - first_group + 1) * products.group_inputs,
          rounds, lowering, task.geometries, sources)));
      steps = plan.step_tables.back().get();
    }
    ConvolutionBlock block;
    block.vectors = static_cast<int>((count + kVectorChannels - 1) / kVectorChannels);
    block.steps = steps;
    uint8_t* const packed = TRY(plan.constants.add(packed_block_bytes(block.vectors, steps->dwords)));
    pack_block(products, *plan.kernels, sources, rounds, block.vectors, first, count, packed);
    block.packed = packed;
    block.output = lowering.line(stepped(output.parts[plane], products), task.geometries);
    block.sums = products.sums;
    block.requantization = {products.zero, in_float(products, first, count)};
    block.table = epilogue.table;
    block.addition = epilogue.addition;
    block.residual = block.output;
    if (fusion.addition) {
      block.residual = lowering.line(stepped(fusion.residual[plane], products), task.geometries);
    }
    block.pieces = make_pieces(products, tables, first, count);
    task.blocks.push_back(std::move(block));
    first += count;
  }
  return StepTask(std::move(task));
}

Result<StepTask> lower_depthwise(const Products& products, const View& input, const View& output, const Fusion& fusion,
                                 Lowering& lowering) {
  Plan& plan = lowering.plan;
  DepthwiseTask task;
  task.extent = products.extent;
  const Epilogue epilogue = TRY(make_epilogue(fusion, plan));
  const auto taps = static_cast<int64_t>(products.taps.size());
  const std::vector<Part> lines = lines_of(input).value();
  task.kernel_width = std::count_if(products.taps.begin(), products.taps.end(),
                                    [&](const WindowTap& tap) { return tap.y == products.taps.front().y; });
  int64_t first = 0;
  for (size_t plane = 0; plane < output.parts.size(); ++plane) {
    const int64_t count = output.parts[plane].channels;
    uint8_t* const packed = TRY(plan.constants.add(packed_depthwise_bytes(taps)));
    auto* const bias = reinterpret_cast<int32_t*>(packed + kLineBytes * taps);
    auto* const scale = reinterpret_cast<float*>(bias + kLineBytes);
    for (int64_t c = 0; c < count; ++c) {
      bias[c] = byte_bias(products, first + c);
      scale[c] = products.scale[static_cast<size_t>(first + c)];
      for (int64_t tap = 0; tap < taps; ++tap) {
        packed[tap * kLineBytes + c] =
            static_cast<uint8_t>(products.weights[static_cast<size_t>((first + c) * taps + tap)]);
      }
    }
    DepthwiseBlock block;
    block.vectors = static_cast<int>((count + kVectorChannels - 1) / kVectorChannels);
    Geometry geometry = lowering.geometry(lines[plane]);
    block.taps.clear();
    for (const WindowTap& tap : products.taps) block.taps.push_back(tap.y * geometry.row + tap.x * geometry.column);
    geometry.row *= products.stride_y;
    geometry.column *= products.stride_x;
    block.input = {lowering.base(lines[plane]), intern(task.geometries, geometry)};
    block.output = lowering.line(stepped(output.parts[plane], products), task.geometries);
    block.packed = packed;
    block.requantization = {products.zero, in_float(products, first, count)};
    block.table = epilogue.table;
    block.addition = epilogue.addition;
    block.residual = block.output;
    if (fusion.addition) {
      block.residual = lowering.line(stepped(fusion.residual[plane], products), task.geometries);
    }
    task.blocks.push_back(std::move(block));
    first += count;
  }
  return StepTask(std::move(task));
}

}  // namespace sixtops::cpu::engine
