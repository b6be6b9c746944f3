// Layers that accumulate: sums of products, weighted adds, products, averages; with the activation that follows.

#include <algorithm>
#include <mutex>

#include "cpu/engine/run_node.h"
#include "quantize/accumulate.h"
#include "quantize/fit_node.h"
#include "quantize/fit_output.h"
#include "quantize/reader_weights.h"

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

// The float network's answers, and its mean before the activation a channel.
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

void emit(Job& job, int index, const Node* activation, ValueId final_value, Accumulators& accumulators,
          OutputFit& fit) {
  const Node& node = job.node(index);
  LiveValue& output = job.at(final_value);
  Ints bias = fit.bias;
  for (size_t c = 0; c < bias.size(); ++c) bias[c] -= accumulators.zero_sum[c];

  Node integer = std::move(accumulators.integer_node);
  store_bias(job, index, bias, integer);
  integer.attributes.set("multiplier",
                         Ints(fit.requantization.multiplier.begin(), fit.requantization.multiplier.end()));
  integer.attributes.set("shift", int64_t{fit.requantization.shift});
  integer.attributes.set("output_zero_point", int64_t{fit.first.zero_point});
  const ValueId first =
      add_result_value(job, fit.table ? node.outputs[0] : final_value, DType::kI8, quant_params(fit.first));
  integer.outputs = {first};
  job.result.nodes.push_back(std::move(integer));

  output.code_id = first;
  if (fit.table) {
    output.code_id = add_result_value(job, final_value, DType::kI8, quant_params(fit.output));
    Node table;
    table.op = Op::kTable;
    table.name = activation->name;
    table.precision = Precision::kInt8;
    table.inputs = {first};
    table.outputs = {output.code_id};
    table.attributes.set("table", Ints(fit.table->begin(), fit.table->end()));
    job.result.nodes.push_back(std::move(table));
  }
}

}  // namespace

Status fit_requantized(Job& job, int index) {
  const Node& node = job.node(index);
  const int fused = job.plan(index).activation;
  const Node* activation = fused == kNoNode ? nullptr : &job.node(fused);
  const ValueId final_value = activation == nullptr ? node.outputs[0] : activation->outputs[0];

  Accumulators accumulators = TRY(accumulate(job, index));
  Target target = TRY(run_reference(job, node, activation, accumulators));
  const std::vector<double> weights =
      accumulators.unit.size() > 1 ? reader_weights(job, final_value) : std::vector<double>{};
  OutputFit fit = TRY(fit_output(job, accumulators, target, activation, decided_grid(job, final_value), weights));

  LiveValue& output = job.at(final_value);
  output.reference = std::move(target.answers);
  output.actual = std::move(fit.codes);
  output.quant = quant_params(fit.output);
  decide_grid(job, final_value, fit.output);
  emit(job, index, activation, final_value, accumulators, fit);
  report_layer(job, node, final_value, Precision::kInt8, "");
  release_inputs(job, node);
  return {};
}

}  // namespace sixtops::quantize
