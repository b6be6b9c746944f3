// Ops that move codes or choose among them: the output speaks the language of its input.

#include <algorithm>

#include "base/error.h"
#include "cpu/engine/run_node.h"
#include "quantize/fit_node.h"

namespace sixtops::quantize {
namespace {

// Runs the node on both networks. operands(sample, which): the tensors of one run.
Status run_both(Job& job, const Node& node, const Node& integer) {
  for (const ValueId id : node.outputs) {
    if (id == kNoValue) continue;
    job.at(id).reference.resize(job.sample_count);
    job.at(id).actual.resize(job.sample_count);
  }
  return for_each_sample(job.sample_count, [&](size_t s) -> Status {
    std::vector<Tensor> reference;
    std::vector<Tensor> actual;
    for (const ValueId id : node.inputs) {
      const Tensor* constant = job.source.constant(id);
      reference.push_back(id == kNoValue ? Tensor() : constant != nullptr ? *constant : job.at(id).reference[s]);
      actual.push_back(id == kNoValue ? Tensor() : constant != nullptr ? *constant : job.at(id).actual[s]);
    }
    std::vector<Tensor> answers = TRY(cpu::engine::run_node(node, reference));
    std::vector<Tensor> codes = TRY(cpu::engine::run_node(integer, actual));
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.outputs[i] == kNoValue) continue;
      job.at(node.outputs[i]).reference[s] = std::move(answers[i]);
      job.at(node.outputs[i]).actual[s] = std::move(codes[i]);
    }
    return {};
  });
}

std::vector<ValueId> operands(Job& job, const Node& node) {
  std::vector<ValueId> ids;
  for (const ValueId id : node.inputs) {
    if (id == kNoValue) {
      ids.push_back(kNoValue);
    } else if (const Tensor* constant = job.source.constant(id)) {
      ids.push_back(job.result.add_constant(job.source.value(id).name, *constant));
    } else {
      ids.push_back(job.at(id).code_id);
    }
  }
  return ids;
}

Status emit_moved(Job& job, const Node& node, Node integer, const QuantParams& quant) {
  TRY(run_both(job, node, integer));
  integer.outputs.clear();
  for (const ValueId id : node.outputs) {
    if (id == kNoValue) {
      integer.outputs.push_back(kNoValue);
      continue;
    }
    job.at(id).quant = quant;
    job.at(id).code_id = add_result_value(job, id, DType::kI8, quant);
    integer.outputs.push_back(job.at(id).code_id);
  }
  job.result.nodes.push_back(std::move(integer));
  report_layer(job, node, node.outputs[0], Precision::kInt8, "");
  release_inputs(job, node);
  return {};
}

// A part of a shared concat whose scale something else decided: a table step carries its codes over.
void requantize_part(Job& job, ValueId id, const Grid& target) {
  LiveValue& value = job.at(id);
  const Grid source = grid_of(*value.quant);
  Node step;
  step.op = Op::kTable;
  step.name = job.source.value(id).name + ".requantize";
  step.precision = Precision::kInt8;
  step.inputs = {value.code_id};
  Ints table;
  for (int code = -128; code <= 127; ++code) table.push_back(target.code(source.real(code)));
  step.attributes.set("table", table);
  value.code_id = add_result_value(job, id, DType::kI8, quant_params(target));
  step.outputs = {value.code_id};
  job.result.nodes.push_back(std::move(step));
  for (Tensor& codes : value.actual) {
    Tensor moved = Tensor::allocate(DType::kI8, codes.shape()).value();
    const auto in = codes.values<int8_t>();
    std::transform(in.begin(), in.end(), moved.mutable_values<int8_t>().begin(),
                   [&](int8_t code) { return static_cast<int8_t>(table[static_cast<size_t>(code + 128)]); });
    codes = std::move(moved);
  }
  value.quant = quant_params(target);
}

// Scales of the parts one after another along axis 1.
QuantParams joined_params(const Job& job, const Node& node) {
  QuantParams joined;
  joined.axis = 1;
  for (const ValueId id : node.inputs) {
    const QuantParams& part = *job.at(id).quant;
    const auto channels = static_cast<size_t>((*job.source.value(id).shape)[1]);
    for (size_t c = 0; c < channels; ++c) {
      joined.scale.push_back(part.per_tensor() ? part.scale[0] : part.scale[c]);
      joined.zero_point.push_back(part.per_tensor() ? part.zero_point[0] : part.zero_point[c]);
    }
  }
  const bool all_equal =
      std::all_of(joined.scale.begin(), joined.scale.end(), [&](float s) { return s == joined.scale[0]; }) &&
      std::all_of(joined.zero_point.begin(), joined.zero_point.end(),
                  [&](int32_t z) { return z == joined.zero_point[0]; });
  return all_equal ? QuantParams{{joined.scale[0]}, {joined.zero_point[0]}, -1} : joined;
}

}  // namespace

Status fit_shared(Job& job, int index) {
  const Node& node = job.node(index);
  const QuantParams quant = *job.at(node.inputs[0]).quant;
  if (!quant.per_tensor()) return unsupported("its operand keeps several scales");
  Node integer = copy_node(node, operands(job, node), node.outputs, Precision::kInt8);
  // Zero of the real numbers is the zero point of the codes.
  if (node.op == Op::kPad) integer.attributes.set("value", static_cast<float>(quant.zero_point[0]));
  return emit_moved(job, node, std::move(integer), quant);
}

Status fit_concat(Job& job, int index) {
  const Node& node = job.node(index);
  for (const ValueId id : node.inputs) TRY(ensure_codes(job, id));
  if (!job.plan(index).keeps_scales) {
    const std::optional<Grid> decided = decided_grid(job, node.outputs[0]);
    const Grid target = decided ? *decided : grid_of(*job.at(node.inputs[0]).quant);
    for (const ValueId id : node.inputs) {
      if (!job.at(id).quant->per_tensor()) return unsupported("one part keeps several scales");
      if (*job.at(id).quant != quant_params(target)) requantize_part(job, id, target);
    }
  }
  Node integer = copy_node(node, operands(job, node), node.outputs, Precision::kInt8);
  return emit_moved(job, node, std::move(integer), joined_params(job, node));
}

}  // namespace sixtops::quantize
