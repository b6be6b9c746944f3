#include "quantize/run_reference.h"

#include <algorithm>

#include "cpu/engine/run_node.h"
#include "quantize/channel_layout.h"

namespace sixtops::quantize {
namespace {

Result<Tensor> run_single(const Node& node, std::span<const Tensor> inputs) {
  std::vector<Tensor> outputs = TRY(cpu::engine::run_node(node, inputs));
  return std::move(outputs[0]);
}

std::vector<Tensor> reference_operands(const Job& job, const Node& node, size_t sample) {
  std::vector<Tensor> operands;
  for (const ValueId id : node.inputs) {
    if (id == kNoValue) {
      operands.emplace_back();
    } else if (const Tensor* constant = job.source.constant(id)) {
      operands.push_back(*constant);
    } else {
      operands.push_back(job.at(id).reference[sample]);
    }
  }
  return operands;
}

}  // namespace

Result<Target> run_reference(const Job& job, const Node& node, const Node* activation,
                             const Accumulators& accumulators) {
  Target target;
  target.answers.resize(job.sample_count);
  target.mean_before.assign(accumulators.unit.size(), 0.0);
  std::vector<std::vector<double>> channel_sums(job.sample_count);
  std::vector<int64_t> counts(job.sample_count, 0);
  TRY(for_each_sample(job.sample_count, [&](size_t s) -> Status {
    const std::vector<Tensor> operands = reference_operands(job, node, s);
    Tensor before = TRY(run_single(node, operands));
    channel_sums[s] = sums_of_channels(before, channel_layout(accumulators, before.shape()));
    counts[s] = before.element_count() / static_cast<int64_t>(channel_sums[s].size());
    if (activation == nullptr) {
      target.answers[s] = std::move(before);
    } else {
      const std::vector<Tensor> inputs = {std::move(before)};
      target.answers[s] = TRY(run_single(*activation, inputs));
    }
    return {};
  }));
  // In the samples' order, so that the result does not depend on threads.
  int64_t count = 0;
  for (size_t s = 0; s < job.sample_count; ++s) {
    for (size_t c = 0; c < target.mean_before.size(); ++c) target.mean_before[c] += channel_sums[s][c];
    count += counts[s];
  }
  for (double& mean : target.mean_before) mean /= static_cast<double>(std::max<int64_t>(count, 1));
  return target;
}

}  // namespace sixtops::quantize
