// A convolution at the border of the float region: its int32 sums leave the integer network, one real scale a channel.

#include "quantize/accumulate.h"
#include "quantize/fit_node.h"
#include "quantize/fit_output.h"
#include "quantize/run_reference.h"

namespace sixtops::quantize {
namespace {

// (sum + bias) · scale, as the DequantizeLinear behind the layer computes it.
void dequantize_sums(Tensor& sums, const Ints& bias, const Floats& scale) {
  const auto values = sums.mutable_values<float>();
  const size_t plane = values.size() / static_cast<size_t>(sums.shape()[0]) / scale.size();
  for (size_t i = 0; i < values.size(); ++i) {
    const size_t channel = i / plane % scale.size();
    values[i] = (values[i] + static_cast<float>(bias[channel])) * scale[channel];
  }
}

}  // namespace

Status fit_sums(Job& job, int index) {
  const Node& node = job.node(index);
  const ValueId output_id = node.outputs[0];
  Accumulators accumulators = TRY(accumulate(job, index));
  Target target = TRY(run_reference(job, node, nullptr, accumulators));
  Ints bias = TRY(fit_bias(accumulators, target));
  const Floats scale(accumulators.unit.begin(), accumulators.unit.end());

  LiveValue& output = job.at(output_id);
  output.reference = std::move(target.answers);
  output.actual = std::move(accumulators.sums);
  TRY(for_each_sample(job.sample_count, [&](size_t s) -> Status {
    if (!output.actual[s].empty()) dequantize_sums(output.actual[s], bias, scale);
    return {};
  }));

  for (size_t c = 0; c < bias.size(); ++c) bias[c] -= accumulators.zero_sum[c];
  Node integer = std::move(accumulators.integer_node);
  store_bias(job, index, bias, integer);
  integer.attributes.set("multiplier", Ints{1});
  integer.attributes.set("accumulator_output", int64_t{1});
  const ValueId sums = add_result_value(job, output_id, DType::kI32, std::nullopt);
  integer.outputs = {sums};
  job.result.nodes.push_back(std::move(integer));

  output.real_id = add_result_value(job, output_id, DType::kF32, std::nullopt);
  Node dequantize;
  dequantize.op = Op::kDequantizeLinear;
  dequantize.name = node.name + ".dequantize";
  dequantize.inputs = {sums};
  dequantize.outputs = {output.real_id};
  dequantize.attributes.set("scale", scale);
  dequantize.attributes.set("zero_point", Ints(scale.size(), 0));
  dequantize.attributes.set("axis", int64_t{1});
  job.result.nodes.push_back(std::move(dequantize));
  report_layer(job, node, output_id, Precision::kInt8, "");
  release_inputs(job, node);
  return {};
}

}  // namespace sixtops::quantize
