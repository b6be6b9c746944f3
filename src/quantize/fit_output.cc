#include "quantize/fit_output.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/thread_pool.h"
#include "cpu/engine/integer/requantize_line.h"
#include "quantize/activation_search.h"
#include "quantize/channel_layout.h"
#include "quantize/lines.h"
#include "quantize/range_rule.h"
#include "quantize/table.h"
#include "quantize/target_histogram.h"

namespace sixtops::quantize {
namespace {

// Values a layer that the searches look at: enough for 256 codes, few enough for a second or two a network.
constexpr int64_t kSampledValues = 1500000;

std::vector<double> mean_sums(const Accumulators& accumulators) {
  std::vector<std::vector<double>> sums(accumulators.sums.size());
  const Status status = for_each_sample(sums.size(), [&](size_t s) -> Status {
    const Tensor& tensor = accumulators.sums[s];
    sums[s] = sums_of_channels(tensor, channel_layout(accumulators, tensor.shape()));
    return {};
  });
  static_cast<void>(status);  // nothing in it fails
  std::vector<double> means(accumulators.unit.size(), 0.0);
  int64_t count = 0;
  for (size_t s = 0; s < sums.size(); ++s) {
    for (size_t c = 0; c < means.size(); ++c) means[c] += sums[s][c];
    count += accumulators.sums[s].element_count() / static_cast<int64_t>(means.size());
  }
  for (double& mean : means) mean /= static_cast<double>(std::max<int64_t>(count, 1));
  return means;
}

// Sampled pairs (real accumulator value, float answer) of one channel.
struct Pairs {
  size_t channel = 0;
  std::vector<float> before;
  std::vector<float> answer;
};

// All pairs of a layer in a fixed number of parts, which threads work on, so that sums over parts in their order are
// the same for any number of threads.
constexpr size_t kParts = 16;

struct SampledPairs {
  std::array<std::vector<Pairs>, kParts> parts;
  Extremes before;
  Extremes answer;

  template <typename F>
  void for_each_part(const F& f) const {
    ThreadPool::process().parallel_for(kParts, [&](int64_t begin, int64_t end) {
      for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i) f(i);
    });
  }
};

// Every stride-th element of one channel in one sample.
void append_pairs(const Accumulators& accumulators, const Target& target, size_t sample, int64_t stride, double bias,
                  Pairs& pairs) {
  const Tensor& tensor = accumulators.sums[sample];
  const ChannelLayout layout = channel_layout(accumulators, tensor.shape());
  const float* const sums = tensor.values<float>().data();
  const float* const answers = target.answers[sample].values<float>().data();
  const double unit = accumulators.unit[pairs.channel];
  const int64_t phase = static_cast<int64_t>(sample) % stride;
  for (int64_t begin = static_cast<int64_t>(pairs.channel) * layout.inner; begin < tensor.element_count();
       begin += layout.channels * layout.inner) {
    const int64_t first = begin + (phase + stride - begin % stride) % stride;
    for (int64_t i = first; i < begin + layout.inner; i += stride) {
      pairs.before.push_back(static_cast<float>(sums[i] * unit + bias));
      pairs.answer.push_back(answers[i]);
    }
  }
}

SampledPairs sample_pairs(const Accumulators& accumulators, const std::vector<double>& bias, const Target& target) {
  int64_t total = 0;
  for (const Tensor& tensor : accumulators.sums) total += tensor.element_count();
  // An odd stride visits all columns of a picture whose width is even.
  const int64_t stride = std::max<int64_t>(1, total / kSampledValues) | 1;
  const size_t channels = accumulators.unit.size();
  const size_t samples = accumulators.sums.size();
  SampledPairs result;
  std::array<Extremes, kParts> before;
  std::array<Extremes, kParts> answer;
  result.for_each_part([&](size_t part) {
    // Channels are divided among the parts, or samples where all elements are alike.
    const bool by_channel = channels > 1;
    const size_t count = by_channel ? channels : samples;
    for (size_t i = count * part / kParts; i < count * (part + 1) / kParts; ++i) {
      Pairs pairs;
      pairs.channel = by_channel ? i : 0;
      const size_t last_sample = by_channel ? samples : i + 1;
      for (size_t s = by_channel ? 0 : i; s < last_sample; ++s) {
        append_pairs(accumulators, target, s, stride, bias[pairs.channel], pairs);
      }
      if (pairs.before.empty()) continue;
      const Extremes own_before = extremes_of(pairs.before);
      const Extremes own_answer = extremes_of(pairs.answer);
      const bool first = result.parts[part].empty();
      before[part] = first ? own_before : joined(before[part], own_before);
      answer[part] = first ? own_answer : joined(answer[part], own_answer);
      result.parts[part].push_back(std::move(pairs));
    }
  });
  bool first = true;
  for (size_t part = 0; part < kParts; ++part) {
    if (result.parts[part].empty()) continue;
    result.before = first ? before[part] : joined(result.before, before[part]);
    result.answer = first ? answer[part] : joined(result.answer, answer[part]);
    first = false;
  }
  return result;
}

TargetHistogram histogram_of(const SampledPairs& pairs, const std::vector<double>& channel_weights, size_t channels) {
  const double low = pairs.before.low;
  const double high = std::max<double>(pairs.before.high, low + 1e-6 * std::max(1.0, std::abs(low)));
  std::vector<TargetHistogram> histograms(kParts, TargetHistogram(low, high));
  pairs.for_each_part([&](size_t part) {
    for (const Pairs& own : pairs.parts[part]) {
      histograms[part].add(own.before, own.answer,
                           channel_weights.size() == channels ? channel_weights[own.channel] : 1.0);
    }
  });
  for (size_t part = 1; part < kParts; ++part) histograms[0].add(histograms[part]);
  histograms[0].finish();
  return std::move(histograms[0]);
}

TableFit table_of(const SampledPairs& pairs, const Grid& before) {
  std::vector<TableFit> tables(kParts, TableFit(before));
  pairs.for_each_part([&](size_t part) {
    for (const Pairs& own : pairs.parts[part]) tables[part].add(own.before, own.answer);
  });
  for (size_t part = 1; part < kParts; ++part) tables[0].add(tables[part]);
  return tables[0];
}

Grid as_stored(const Grid& grid) { return grid_of(quant_params(grid)); }

// Grids without a table: what saturates at zero needs no code below it.
Grid direct_grid(const Job& job, const TargetHistogram& histogram, const Node* clamp, std::optional<Grid> decided) {
  if (decided) return *decided;
  Grid grid = choose_grid(histogram, job.options.range_rule, clamp != nullptr);
  const double limit = clamp != nullptr ? clamp_limit(*clamp) : grid.highest();
  return grid.highest() > limit ? grid_of_range(grid.lowest(), limit) : grid;
}

void make_codes(const Accumulators& accumulators, size_t sample, OutputFit& fit) {
  const Tensor& tensor = accumulators.sums[sample];
  Tensor codes = Tensor::allocate_for_overwrite(DType::kI8, tensor.shape()).value();
  const float* const sums = tensor.values<float>().data();
  int8_t* const out = codes.mutable_values<int8_t>().data();
  const ChannelLayout layout = channel_layout(accumulators, tensor.shape());
  for_each_channel_run(tensor.element_count(), layout, [&](size_t channel, int64_t begin, int64_t end) {
    const auto bias = static_cast<int32_t>(fit.bias[channel]);
    const double scale =
        cpu::engine::requantize_scale(fit.requantization.multiplier[channel], fit.requantization.shift);
    constexpr int64_t kPiece = 1024;
    std::array<int32_t, kPiece> accumulator;
    for (int64_t first = begin; first < end; first += kPiece) {
      const int64_t count = std::min(kPiece, end - first);
      for (int64_t i = 0; i < count; ++i) {
        accumulator[static_cast<size_t>(i)] = static_cast<int32_t>(sums[first + i]) + bias;
      }
      cpu::engine::requantize_line(accumulator.data(), count, scale, fit.first.zero_point, out + first);
      if (!fit.table) continue;
      const int8_t* const table = fit.table->data() + 128;
      for (int64_t i = first; i < first + count; ++i) out[i] = table[out[i]];
    }
  });
  fit.codes[sample] = std::move(codes);
}

// What a clamp's limit cannot be expressed by saturation of an earlier decided grid, a table does.
bool needs_table(const Node* activation, const std::optional<Grid>& decided) {
  if (activation == nullptr) return false;
  if (!is_clamp(*activation)) return true;
  return decided && (decided->zero_point != -128 || decided->highest() > clamp_limit(*activation));
}

}  // namespace

Result<Ints> fit_bias(const Accumulators& accumulators, const Target& target) {
  std::vector<double> real = accumulators.bias;
  if (accumulators.takes_bias) {
    const std::vector<double> means = mean_sums(accumulators);
    for (size_t c = 0; c < real.size(); ++c) real[c] = target.mean_before[c] - means[c] * accumulators.unit[c];
  }
  Ints bias;
  for (size_t c = 0; c < real.size(); ++c) {
    const double units = std::nearbyint(real[c] / accumulators.unit[c]);
    if (std::abs(units) + static_cast<double>(accumulators.bound[c]) > static_cast<double>(kLargestAccumulator)) {
      return unsupported("its accumulator may pass 32 bits");
    }
    bias.push_back(static_cast<int64_t>(units));
  }
  return bias;
}

Result<OutputFit> fit_output(const Job& job, Accumulators& accumulators, const Target& target, const Node* activation,
                             std::optional<Grid> decided, const std::vector<double>& channel_weights) {
  OutputFit fit;
  fit.bias = TRY(fit_bias(accumulators, target));
  std::vector<double> bias;
  for (size_t c = 0; c < fit.bias.size(); ++c) bias.push_back(static_cast<double>(fit.bias[c]) * accumulators.unit[c]);
  const SampledPairs pairs = sample_pairs(accumulators, bias, target);
  const TargetHistogram histogram = histogram_of(pairs, channel_weights, accumulators.unit.size());
  if (needs_table(activation, decided)) {
    const ActivationGrids grids =
        search_activation_grids(histogram, pairs.answer.low, pairs.answer.high, decided, job.options.range_rule);
    fit.first = as_stored(grids.before);
    fit.output = as_stored(grids.after);
  } else {
    fit.first = as_stored(direct_grid(job, histogram, activation, decided));
    fit.output = fit.first;
  }

  std::vector<double> ratios;
  for (const double unit : accumulators.unit) ratios.push_back(unit / fit.first.scale);
  const std::optional<Requantization> requantization = choose_requantization(ratios);
  if (!requantization) return unsupported("no multiplier of 16 bits reaches its output scale");
  fit.requantization = *requantization;
  if (needs_table(activation, decided)) {
    fit.table = TRY(table_of(pairs, fit.first).finish(*activation, fit.output));
  }

  fit.codes.resize(accumulators.sums.size());
  TRY(for_each_sample(accumulators.sums.size(), [&](size_t s) -> Status {
    make_codes(accumulators, s, fit);
    accumulators.sums[s] = Tensor();
    return {};
  }));
  return fit;
}

}  // namespace sixtops::quantize
