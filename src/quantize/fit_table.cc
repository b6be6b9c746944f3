// An activation whose input exists as codes already: one table step.

#include <algorithm>

#include "cpu/engine/run_node.h"
#include "quantize/fit_node.h"
#include "quantize/range_rule.h"
#include "quantize/table.h"

namespace sixtops::quantize {
namespace {

Grid grid_of_answers(const Job& job, const std::vector<Tensor>& answers) {
  float low = 0;
  float high = 0;
  for (const Tensor& tensor : answers) {
    const auto values = tensor.values<float>();
    if (values.empty()) continue;
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    low = std::min(low, *least);
    high = std::max(high, *most);
  }
  if (low == high) return grid_of_range(low, high);
  TargetHistogram histogram(low, high);
  for (const Tensor& tensor : answers) histogram.add(tensor.values<float>(), tensor.values<float>(), 1);
  histogram.finish();
  return choose_grid(histogram, job.options.range_rule, low >= 0);
}

}  // namespace

Status fit_table(Job& job, int index) {
  const Node& node = job.node(index);
  const LiveValue& input = job.at(node.inputs[0]);
  if (!input.quant->per_tensor()) return Status(StatusCode::kUnsupported, "its operand keeps several scales");
  LiveValue& output = job.at(node.outputs[0]);
  output.reference.resize(job.sample_count);
  TRY(for_each_sample(job.sample_count, [&](size_t s) -> Status {
    std::vector<Tensor> answers = TRY(cpu::engine::run_node(node, {&input.reference[s], 1}));
    output.reference[s] = std::move(answers[0]);
    return {};
  }));

  const std::optional<Grid> decided = decided_grid(job, node.outputs[0]);
  const Grid after = grid_of(quant_params(decided ? *decided : grid_of_answers(job, output.reference)));
  TableFit fit(grid_of(*input.quant));
  for (size_t s = 0; s < job.sample_count; ++s) {
    fit.add_codes(input.actual[s].values<int8_t>(), output.reference[s].values<float>());
  }
  const std::array<int8_t, 256> table = TRY(fit.finish(node, after));
  decide_grid(job, node.outputs[0], after);

  output.quant = quant_params(after);
  output.code_id = add_result_value(job, node.outputs[0], DType::kI8, output.quant);
  Node step;
  step.op = Op::kTable;
  step.name = node.name;
  step.precision = Precision::kInt8;
  step.inputs = {input.code_id};
  step.outputs = {output.code_id};
  step.attributes.set("table", Ints(table.begin(), table.end()));
  output.actual.resize(job.sample_count);
  TRY(for_each_sample(job.sample_count, [&](size_t s) -> Status {
    std::vector<Tensor> codes = TRY(cpu::engine::run_node(step, {&input.actual[s], 1}));
    output.actual[s] = std::move(codes[0]);
    return {};
  }));
  job.result.nodes.push_back(std::move(step));
  report_layer(job, node, node.outputs[0], Precision::kInt8, "");
  release_inputs(job, node);
  return {};
}

}  // namespace sixtops::quantize
