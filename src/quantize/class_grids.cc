#include "quantize/class_grids.h"

#include <algorithm>
#include <mutex>

#include "cpu/interpreter.h"
#include "quantize/range_rule.h"

namespace sixtops::quantize {
namespace {

// Values of a tensor and a sample that go into the merged histogram.
constexpr size_t kValuesPerTensor = 50000;

bool makes_codes(const Job& job, ValueId id) {
  const int producer = job.uses.producer[static_cast<size_t>(id)];
  if (producer == Uses::kNobody || job.source.value(id).dtype != DType::kF32) return false;
  const NodePlan& plan = job.plan(producer);
  const QuantRule rule = op_info(job.node(producer).op).quant_rule;
  const bool moves = rule == QuantRule::kShared || rule == QuantRule::kConcat;
  return !(plan.integer && moves) && plan.activation == kNoNode && job.classes.has_several_producers(id);
}

}  // namespace

Status decide_shared_grids(Job& job, const std::vector<Sample>& samples) {
  std::vector<bool> wanted(job.source.values.size());
  for (size_t i = 0; i < wanted.size(); ++i) wanted[i] = makes_codes(job, static_cast<ValueId>(i));
  if (std::none_of(wanted.begin(), wanted.end(), [](bool want) { return want; })) return {};

  const auto run = [&](const Node& node, std::span<const Tensor> inputs) {
    return run_node(job.options, node, inputs);
  };
  std::map<ValueId, std::vector<float>> values;  // by representative
  std::mutex mutex;
  TRY(for_each_sample(samples.size(), [&](size_t s) -> Status {
    const auto observe = [&](ValueId id, const Tensor& tensor) {
      if (!wanted[static_cast<size_t>(id)]) return;
      const auto all = tensor.values<float>();
      const size_t stride = (all.size() / kValuesPerTensor) | 1;
      const std::lock_guard lock(mutex);
      std::vector<float>& merged = values[job.classes.of(id)];
      for (size_t i = s % stride; i < all.size(); i += stride) merged.push_back(all[i]);
    };
    const auto outputs = cpu::run_graph(job.source, samples[s], run, observe);
    return outputs.ok() ? Status() : outputs.status();
  }));

  for (const auto& [representative, merged] : values) {
    if (merged.empty()) continue;
    const auto [low, high] = std::minmax_element(merged.begin(), merged.end());
    Grid grid = grid_of_range(*low, *high);
    if (*low < *high) {
      TargetHistogram histogram(*low, *high);
      histogram.add(merged, merged, 1);
      histogram.finish();
      grid = choose_grid(histogram, job.options.range_rule, *low >= 0);
    }
    decide_grid(job, representative, grid_of(quant_params(grid)));
  }
  return {};
}

}  // namespace sixtops::quantize
