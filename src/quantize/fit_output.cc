#include "quantize/fit_output.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "graph/requantize.h"
#include "quantize/activation_search.h"
#include "quantize/range_rule.h"
#include "quantize/table.h"
#include "quantize/target_histogram.h"

namespace sixtops::quantize {
namespace {

// Values a layer that the searches look at: enough for 256 codes, few enough for a second or two a network.
constexpr int64_t kSampledValues = 1500000;

// Where the channels of an output lie: channel of flat index i is i / inner % channels.
struct ChannelLayout {
  int64_t inner = 1;
  int64_t channels = 1;
};

ChannelLayout channel_layout(const Accumulators& accumulators) {
  if (accumulators.unit.size() == 1) return {};
  const Shape& shape = accumulators.sums[0].shape();
  const auto axis = static_cast<size_t>(accumulators.channel_axis);
  return {row_major_strides(shape)[axis], shape[axis]};
}

// Calls f(channel, begin, end) for every run of elements of one channel.
template <typename F>
void for_each_channel_run(const Tensor& tensor, const ChannelLayout& layout, F&& f) {
  if (layout.channels == 1) {
    f(size_t{0}, int64_t{0}, tensor.element_count());
    return;
  }
  int64_t channel = 0;
  for (int64_t begin = 0; begin < tensor.element_count(); begin += layout.inner) {
    f(static_cast<size_t>(channel), begin, begin + layout.inner);
    if (++channel == layout.channels) channel = 0;
  }
}

std::vector<double> mean_sums(const Accumulators& accumulators, const ChannelLayout& layout) {
  std::vector<double> means(accumulators.unit.size(), 0.0);
  int64_t count = 0;
  for (const Tensor& tensor : accumulators.sums) {
    const auto values = tensor.values<float>();
    for_each_channel_run(tensor, layout, [&](size_t channel, int64_t begin, int64_t end) {
      double sum = 0;
      for (int64_t i = begin; i < end; ++i) sum += values[static_cast<size_t>(i)];
      means[channel] += sum;
    });
    count += tensor.element_count() / layout.channels;
  }
  for (double& mean : means) mean /= static_cast<double>(std::max<int64_t>(count, 1));
  return means;
}

// Sampled pairs (real accumulator value, float answer), channel by channel.
struct Pairs {
  std::vector<std::vector<float>> before;
  std::vector<std::vector<float>> answer;
  float low = 0;
  float high = 0;
  float answer_low = 0;
  float answer_high = 0;
};

Pairs sample_pairs(const Accumulators& accumulators, const std::vector<double>& bias, const Target& target,
                   const ChannelLayout& layout) {
  int64_t total = 0;
  for (const Tensor& tensor : accumulators.sums) total += tensor.element_count();
  // An odd stride visits all columns of a picture whose width is even.
  const int64_t stride = std::max<int64_t>(1, total / kSampledValues) | 1;
  Pairs pairs;
  pairs.before.resize(accumulators.unit.size());
  pairs.answer.resize(accumulators.unit.size());
  for (size_t s = 0; s < accumulators.sums.size(); ++s) {
    const auto sums = accumulators.sums[s].values<float>();
    const auto answers = target.answers[s].values<float>();
    for (int64_t i = static_cast<int64_t>(s) % stride; i < static_cast<int64_t>(sums.size()); i += stride) {
      const auto index = static_cast<size_t>(i);
      const auto channel = static_cast<size_t>(i / layout.inner % layout.channels);
      const double value = sums[index] * accumulators.unit[channel] + bias[channel];
      pairs.before[channel].push_back(static_cast<float>(value));
      pairs.answer[channel].push_back(answers[index]);
    }
  }
  bool first = true;
  for (size_t c = 0; c < pairs.before.size(); ++c) {
    if (pairs.before[c].empty()) continue;
    const auto [low, high] = std::minmax_element(pairs.before[c].begin(), pairs.before[c].end());
    const auto [least, most] = std::minmax_element(pairs.answer[c].begin(), pairs.answer[c].end());
    pairs.low = first ? *low : std::min(pairs.low, *low);
    pairs.high = first ? *high : std::max(pairs.high, *high);
    pairs.answer_low = first ? *least : std::min(pairs.answer_low, *least);
    pairs.answer_high = first ? *most : std::max(pairs.answer_high, *most);
    first = false;
  }
  return pairs;
}

TargetHistogram histogram_of(const Pairs& pairs, const std::vector<double>& channel_weights) {
  const double low = pairs.low;
  const double high = std::max<double>(pairs.high, low + 1e-6 * std::max(1.0, std::abs(low)));
  TargetHistogram histogram(low, high);
  for (size_t c = 0; c < pairs.before.size(); ++c) {
    histogram.add(pairs.before[c], pairs.answer[c],
                  channel_weights.size() == pairs.before.size() ? channel_weights[c] : 1.0);
  }
  histogram.finish();
  return histogram;
}

Grid as_stored(const Grid& grid) { return grid_of(quant_params(grid)); }

// Grids without a table: what saturates at zero needs no code below it.
Grid direct_grid(const Job& job, const TargetHistogram& histogram, const Node* clamp, std::optional<Grid> decided) {
  if (decided) return *decided;
  Grid grid = choose_grid(histogram, job.options.range_rule, clamp != nullptr);
  const double limit = clamp != nullptr ? clamp_limit(*clamp) : grid.highest();
  return grid.highest() > limit ? grid_of_range(grid.lowest(), limit) : grid;
}

void make_codes(const Accumulators& accumulators, const ChannelLayout& layout, size_t sample, OutputFit& fit) {
  const Tensor& sums = accumulators.sums[sample];
  Tensor codes = Tensor::allocate(DType::kI8, sums.shape()).value();
  const auto in = sums.values<float>();
  const auto out = codes.mutable_values<int8_t>();
  for_each_channel_run(sums, layout, [&](size_t channel, int64_t begin, int64_t end) {
    const auto bias = static_cast<int32_t>(fit.bias[channel]);
    const int16_t multiplier = fit.requantization.multiplier[channel];
    for (auto i = static_cast<size_t>(begin); i < static_cast<size_t>(end); ++i) {
      const auto sum = static_cast<int32_t>(in[i]) + bias;
      const int8_t code = requantize(sum, multiplier, fit.requantization.shift, fit.first.zero_point);
      out[i] = fit.table ? (*fit.table)[static_cast<size_t>(code + 128)] : code;
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
    const std::vector<double> means = mean_sums(accumulators, channel_layout(accumulators));
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
  const ChannelLayout layout = channel_layout(accumulators);
  OutputFit fit;
  fit.bias = TRY(fit_bias(accumulators, target));
  std::vector<double> bias;
  for (size_t c = 0; c < fit.bias.size(); ++c) bias.push_back(static_cast<double>(fit.bias[c]) * accumulators.unit[c]);
  const Pairs pairs = sample_pairs(accumulators, bias, target, layout);
  const TargetHistogram histogram = histogram_of(pairs, channel_weights);
  if (needs_table(activation, decided)) {
    const ActivationGrids grids =
        search_activation_grids(histogram, pairs.answer_low, pairs.answer_high, decided, job.options.range_rule);
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
    TableFit table(fit.first);
    for (size_t c = 0; c < pairs.before.size(); ++c) table.add(pairs.before[c], pairs.answer[c]);
    fit.table = TRY(table.finish(*activation, fit.output));
  }

  fit.codes.resize(accumulators.sums.size());
  TRY(for_each_sample(accumulators.sums.size(), [&](size_t s) -> Status {
    make_codes(accumulators, layout, s, fit);
    accumulators.sums[s] = Tensor();
    return {};
  }));
  return fit;
}

}  // namespace sixtops::quantize
