#include "quantize/quantize.h"

#include <algorithm>

#include "base/error.h"
#include "quantize/channel_weights.h"
#include "quantize/class_grids.h"
#include "quantize/figures.h"
#include "quantize/fit_node.h"
#include "quantize/job.h"
#include "quantize/mixed_precision.h"
#include "quantize/split_channels.h"

namespace sixtops::quantize {
namespace {

Status check_samples(const Graph& graph, const std::vector<Sample>& samples) {
  if (samples.empty()) return usage_error("quantization needs at least one calibration sample");
  for (size_t s = 0; s < samples.size(); ++s) {
    if (samples[s].size() != graph.inputs.size()) {
      return usage_error("calibration sample {}: {} tensors, expected one for each of {} inputs", s + 1,
                         samples[s].size(), graph.inputs.size());
    }
    for (size_t i = 0; i < graph.inputs.size(); ++i) {
      const Value& input = graph.value(graph.inputs[i]);
      if (samples[s][i].dtype() == input.dtype && samples[s][i].shape() == input.shape) continue;
      return usage_error("calibration sample {}: input '{}' is {}[{}], expected {}[{}]", s + 1, input.name,
                         dtype_name(samples[s][i].dtype()), shape_text(samples[s][i].shape()), dtype_name(input.dtype),
                         input.shape ? shape_text(*input.shape) : "?");
    }
  }
  return {};
}

void add_inputs(Job& job, std::vector<Sample> samples) {
  for (size_t i = 0; i < job.source.inputs.size(); ++i) {
    const ValueId id = job.source.inputs[i];
    LiveValue& value = job.at(id);
    for (Sample& sample : samples) value.reference.push_back(std::move(sample[i]));
    value.actual = value.reference;
    value.real_id = add_result_value(job, id, job.source.value(id).dtype, std::nullopt);
    job.result.inputs.push_back(value.real_id);
  }
}

// An input that any integer node reads is handed over as codes.
Status quantize_inputs(Job& job) {
  for (const ValueId id : job.source.inputs) {
    if (job.source.value(id).dtype != DType::kF32) continue;
    const std::vector<int>& readers = job.uses.readers[static_cast<size_t>(id)];
    if (std::any_of(readers.begin(), readers.end(), [&](int reader) { return job.plan(reader).integer; })) {
      TRY(ensure_codes(job, id));
    }
  }
  return {};
}

void add_outputs(Job& job) {
  for (const ValueId id : job.source.outputs) {
    const LiveValue& value = job.at(id);
    if (const Tensor* constant = job.source.constant(id)) {
      job.result.outputs.push_back(job.result.add_constant(job.source.value(id).name, *constant));
    } else {
      job.result.outputs.push_back(value.code_id != kNoValue ? value.code_id : value.real_id);
    }
  }
}

// An output that says the same whatever the picture has lost what it should say.
void warn_of_constant_outputs(Job& job) {
  for (const ValueId id : job.source.outputs) {
    const LiveValue& value = job.at(id);
    if (job.source.constant(id) != nullptr || job.source.value(id).dtype != DType::kF32) continue;
    bool constant = true;
    float first = 0;
    for (size_t s = 0; s < value.actual.size() && constant; ++s) {
      const Tensor real = real_values(value, s);
      const auto numbers = real.values<float>();
      if (numbers.empty()) continue;
      if (s == 0) first = numbers[0];
      constant = std::all_of(numbers.begin(), numbers.end(), [&](float number) { return number == first; });
    }
    if (!constant) continue;
    job.report.warnings.push_back(
        "output '" + job.source.value(id).name +
        "' is constant over the calibration samples: check the pictures and the pre-processing, "
        "or keep the layers before it float");
  }
}

double output_sqnr(const Job& job) {
  ErrorSums sums;
  for (const ValueId id : job.source.outputs) {
    const LiveValue& value = job.at(id);
    if (job.source.constant(id) != nullptr || job.source.value(id).dtype != DType::kF32) continue;
    for (size_t s = 0; s < value.actual.size(); ++s) {
      const Tensor actual = real_values(value, s);
      if (actual.element_count() == value.reference[s].element_count()) {
        sums.add(value.reference[s].values<float>(), actual.values<float>());
      }
    }
  }
  return sums.sqnr_db();
}

Status fix_grids(Job& job) {
  for (const auto& [name, params] : job.options.fixed_grids) {
    const ValueId id = job.source.find_value(name);
    if (id == kNoValue) return usage_error("fixed scale: the network has no tensor '{}' at this stage", name);
    if (!params.per_tensor() || params.scale.size() != 1 || !(params.scale[0] > 0) || params.zero_point[0] < -128 ||
        params.zero_point[0] > 127) {
      return usage_error("fixed scale of '{}': expected one positive scale and a zero point from -128 to 127", name);
    }
    decide_grid(job, id, grid_of(params));
  }
  return {};
}

// The whole network once, with the float layers that the options name.
Result<QuantizeReport> quantize_fixed(Graph& graph, std::vector<Sample> samples, const QuantizeOptions& options) {
  const Uses uses = find_uses(graph);
  std::vector<NodePlan> plans = TRY(plan_nodes(graph, uses, options));
  ScaleClasses classes = find_scale_classes(graph, plans);
  Job job{graph, uses, options, samples.size(), std::move(plans), std::move(classes), find_channel_weights(graph), {},
          {},    {},   {}};
  job.live.resize(graph.values.size());
  for (size_t i = 0; i < graph.values.size(); ++i) {
    job.live[i].readers_left = uses.readers[i].size() + (uses.is_output[i] ? 1 : 0);
  }
  job.result.name = graph.name;
  job.result.hints = graph.hints;
  job.result.input_descriptions = graph.input_descriptions;

  TRY(fix_grids(job));
  TRY(decide_shared_grids(job, samples));
  add_inputs(job, std::move(samples));
  TRY(quantize_inputs(job));
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    TRY(fit_node(job, static_cast<int>(n)).with_prefix("node '" + graph.nodes[n].name + "': "));
    if (options.progress) options.progress(static_cast<int>(n) + 1, static_cast<int>(graph.nodes.size()));
  }
  add_outputs(job);
  warn_of_constant_outputs(job);
  job.report.output_sqnr_db = output_sqnr(job);
  graph = std::move(job.result);
  return std::move(job.report);
}

}  // namespace

Result<QuantizeReport> quantize(Graph& graph, std::vector<Sample> samples, const QuantizeOptions& options) {
  TRY(check_samples(graph, samples));
  TRY(split_channels(graph, samples, options));
  if (options.accuracy_budget_db < 0) return quantize_fixed(graph, std::move(samples), options);
  return quantize_mixed(graph, samples, options, quantize_fixed);
}

}  // namespace sixtops::quantize
