// Layers that accumulate: sums of products, weighted adds, products, averages; with the activation that follows.

#include "quantize/accumulate.h"
#include "quantize/fit_node.h"
#include "quantize/fit_output.h"
#include "quantize/run_reference.h"

namespace sixtops::quantize {
namespace {

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
  const std::vector<double>& weights = job.channel_weights[static_cast<size_t>(final_value)];
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
