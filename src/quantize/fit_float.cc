// Nodes that stay float32: the same node on real numbers in both networks.

#include "quantize/fit_node.h"

namespace sixtops::quantize {

Status fit_float(Job& job, int index, const std::string& reason) {
  const Node& node = job.node(index);
  std::vector<ValueId> inputs;
  for (const ValueId id : node.inputs) {
    if (id == kNoValue) {
      inputs.push_back(kNoValue);
    } else if (const Tensor* constant = job.source.constant(id)) {
      inputs.push_back(job.result.add_constant(job.source.value(id).name, *constant));
    } else {
      ensure_real(job, id);
      inputs.push_back(job.at(id).real_id);
    }
  }
  for (const ValueId id : node.outputs) {
    if (id == kNoValue) continue;
    job.at(id).reference.resize(job.sample_count);
    job.at(id).actual.resize(job.sample_count);
  }
  TRY(for_each_sample(job.sample_count, [&](size_t s) -> Status {
    std::vector<Tensor> reference;
    std::vector<Tensor> actual;
    for (const ValueId id : node.inputs) {
      const Tensor* constant = job.source.constant(id);
      reference.push_back(id == kNoValue ? Tensor() : constant != nullptr ? *constant : job.at(id).reference[s]);
      actual.push_back(id == kNoValue ? Tensor() : constant != nullptr ? *constant : real_values(job.at(id), s));
    }
    std::vector<Tensor> answers = TRY(run_node(job.options, node, reference));
    std::vector<Tensor> values = TRY(run_node(job.options, node, actual));
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.outputs[i] == kNoValue) continue;
      job.at(node.outputs[i]).reference[s] = std::move(answers[i]);
      job.at(node.outputs[i]).actual[s] = std::move(values[i]);
    }
    return {};
  }));

  std::vector<ValueId> outputs;
  for (const ValueId id : node.outputs) {
    if (id == kNoValue) {
      outputs.push_back(kNoValue);
      continue;
    }
    job.at(id).real_id = add_result_value(job, id, job.source.value(id).dtype, std::nullopt);
    outputs.push_back(job.at(id).real_id);
  }
  job.result.nodes.push_back(copy_node(node, std::move(inputs), std::move(outputs), Precision::kFloat32));
  report_layer(job, node, node.outputs[0], Precision::kFloat32, reason);
  release_inputs(job, node);
  return {};
}

}  // namespace sixtops::quantize
