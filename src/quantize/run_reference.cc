#include "quantize/run_reference.h"

#include <algorithm>
#include <mutex>

#include "cpu/engine/run_node.h"

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

// Adds the sums over each channel of `tensor` (channel c of flat index i is i / inner % channels).
void add_channel_sums(const Tensor& tensor, int64_t inner, std::vector<double>& sums) {
  const auto values = tensor.values<float>();
  size_t channel = 0;
  for (size_t begin = 0; begin < values.size(); begin += static_cast<size_t>(inner)) {
    double sum = 0;
    for (size_t i = begin; i < begin + static_cast<size_t>(inner); ++i) sum += values[i];
    sums[channel] += sum;
    if (++channel == sums.size()) channel = 0;
  }
}

}  // namespace

Result<Target> run_reference(const Job& job, const Node& node, const Node* activation,
                             const Accumulators& accumulators) {
  Target target;
  target.answers.resize(job.sample_count);
  target.mean_before.assign(accumulators.unit.size(), 0.0);
  std::mutex mutex;
  int64_t count = 0;
  TRY(for_each_sample(job.sample_count, [&](size_t s) -> Status {
    const std::vector<Tensor> operands = reference_operands(job, node, s);
    Tensor before = TRY(run_single(node, operands));
    const int64_t inner = accumulators.unit.size() == 1
                              ? std::max<int64_t>(1, before.element_count())
                              : row_major_strides(before.shape())[static_cast<size_t>(accumulators.channel_axis)];
    std::vector<double> sums(accumulators.unit.size(), 0.0);
    add_channel_sums(before, inner, sums);
    {
      const std::lock_guard lock(mutex);
      for (size_t c = 0; c < sums.size(); ++c) target.mean_before[c] += sums[c];
      count += before.element_count() / static_cast<int64_t>(sums.size());
    }
    if (activation == nullptr) {
      target.answers[s] = std::move(before);
    } else {
      const std::vector<Tensor> inputs = {std::move(before)};
      target.answers[s] = TRY(run_single(*activation, inputs));
    }
    return {};
  }));
  for (double& mean : target.mean_before) mean /= static_cast<double>(std::max<int64_t>(count, 1));
  return target;
}

}  // namespace sixtops::quantize
