#include "quantize/job.h"

#include <algorithm>
#include <array>
#include <mutex>

#include "base/thread_pool.h"
#include "cpu/engine/run_node.h"
#include "graph/input_code.h"
#include "quantize/figures.h"
#include "quantize/range_rule.h"

namespace sixtops::quantize {
namespace {

// Calls f(begin, end, scale, zero_point) for runs of elements [first, last) with one grid.
template <typename F>
void for_each_run(const Tensor& codes, const QuantParams& quant, int64_t first, int64_t last, F&& f) {
  if (quant.per_tensor()) return f(first, last, quant.scale[0], quant.zero_point[0]);
  const auto axis = static_cast<size_t>(quant.axis);
  const int64_t inner = row_major_strides(codes.shape())[axis];
  for (int64_t begin = first; begin < last;) {
    const int64_t end = std::min(last, (begin / inner + 1) * inner);
    const auto channel = static_cast<size_t>(begin / inner % codes.shape()[axis]);
    f(begin, end, quant.scale[channel], quant.zero_point[channel]);
    begin = end;
  }
}

Tensor float_tensor(const Shape& shape) {
  // The codes exist, so four times their size does too, or the system kills us: an error here has no remedy.
  return Tensor::allocate_for_overwrite(DType::kF32, shape).value();
}

// A picture's codes are those that the runtime's byte table makes; other values round half to even.
Tensor quantize_real(const Tensor& real, const Grid& grid, bool is_picture) {
  Tensor codes = Tensor::allocate(DType::kI8, real.shape()).value();
  const auto values = real.values<float>();
  const auto out = codes.mutable_values<int8_t>();
  for (size_t i = 0; i < values.size(); ++i) {
    out[i] = is_picture ? input_code(values[i], static_cast<float>(grid.scale), grid.zero_point)
                        : static_cast<int8_t>(grid.code(values[i]));
  }
  return codes;
}

Grid grid_of_values(const LiveValue& value, RangeRule rule) {
  float low = 0;
  float high = 0;
  for (const Tensor& tensor : value.reference) {
    const auto values = tensor.values<float>();
    if (values.empty()) continue;
    const Extremes extremes = extremes_of(values);
    low = std::min(low, extremes.low);
    high = std::max(high, extremes.high);
  }
  if (low == high) return grid_of_range(low, high);
  TargetHistogram histogram(low, high);
  for (const Tensor& tensor : value.reference) histogram.add(tensor.values<float>(), tensor.values<float>(), 1);
  histogram.finish();
  return choose_grid(histogram, rule, low >= 0);
}

const InputDescription* picture_description(const Graph& graph, ValueId id) {
  for (size_t i = 0; i < graph.inputs.size() && i < graph.input_descriptions.size(); ++i) {
    if (graph.inputs[i] == id && graph.input_descriptions[i].is_picture) return &graph.input_descriptions[i];
  }
  return nullptr;
}

}  // namespace

Result<std::vector<Tensor>> run_node(const QuantizeOptions& options, const Node& node, std::span<const Tensor> inputs) {
  return node.op == Op::kCustom && options.run_custom ? options.run_custom(node, inputs)
                                                      : cpu::engine::run_node(node, inputs);
}

Status for_each_sample(size_t count, const std::function<Status(size_t sample)>& f) {
  std::mutex mutex;
  Status first;
  ThreadPool::process().parallel_for(static_cast<int64_t>(count), [&](int64_t begin, int64_t end) {
    for (int64_t sample = begin; sample < end; ++sample) {
      Status status = f(static_cast<size_t>(sample));
      if (status.ok()) continue;
      const std::lock_guard lock(mutex);
      if (first.ok()) first = std::move(status);
      return;
    }
  });
  return first;
}

std::optional<Grid> decided_grid(const Job& job, ValueId id) {
  const auto it = job.class_grids.find(job.classes.of(id));
  if (it != job.class_grids.end()) return it->second;
  const int producer = job.uses.producer[static_cast<size_t>(id)];
  if (producer == Uses::kNobody) return std::nullopt;
  const Op op = job.node(producer).op;
  const bool ends_in_unit_range = op == Op::kSigmoid || op == Op::kHardSigmoid || op == Op::kSoftmax;
  return ends_in_unit_range ? std::optional(kUnitGrid) : std::nullopt;
}

void decide_grid(Job& job, ValueId id, const Grid& grid) { job.class_grids.emplace(job.classes.of(id), grid); }

Status ensure_codes(Job& job, ValueId id) {
  LiveValue& value = job.at(id);
  if (value.quant) return {};
  const InputDescription* picture = picture_description(job.source, id);
  Grid grid;
  if (const std::optional<Grid> decided = decided_grid(job, id)) {
    grid = *decided;
  } else if (picture != nullptr) {
    grid = grid_of(input_quant_params(*picture, static_cast<int>((*job.source.value(id).shape)[1])));
  } else {
    grid = grid_of_values(value, job.options.range_rule);
  }
  // Scales travel as float32; every later step has to see the same number.
  grid = grid_of(quant_params(grid));
  decide_grid(job, id, grid);

  std::vector<Tensor> codes(job.sample_count);
  TRY(for_each_sample(job.sample_count, [&](size_t s) -> Status {
    codes[s] = quantize_real(value.actual[s], grid, picture != nullptr);
    return {};
  }));
  value.actual = std::move(codes);
  value.quant = quant_params(grid);

  const bool is_input = std::find(job.source.inputs.begin(), job.source.inputs.end(), id) != job.source.inputs.end();
  if (is_input) {
    value.code_id = value.real_id;
    value.real_id = kNoValue;
    job.result.value(value.code_id).dtype = DType::kI8;
    job.result.value(value.code_id).quant = value.quant;
    return {};
  }
  value.code_id = add_result_value(job, id, DType::kI8, value.quant);
  Node node;
  node.op = Op::kQuantizeLinear;
  node.name = job.source.value(id).name + ".quantize";
  node.inputs = {value.real_id};
  node.outputs = {value.code_id};
  node.attributes.set("scale", Floats{value.quant->scale[0]});
  node.attributes.set("zero_point", Ints{value.quant->zero_point[0]});
  node.attributes.set("to", std::string("i8"));
  job.result.nodes.push_back(std::move(node));
  return {};
}

void ensure_real(Job& job, ValueId id) {
  LiveValue& value = job.at(id);
  if (value.real_id != kNoValue) return;
  value.real_id = add_result_value(job, id, DType::kF32, std::nullopt);
  Node node;
  node.op = Op::kDequantizeLinear;
  node.name = job.source.value(id).name + ".dequantize";
  node.inputs = {value.code_id};
  node.outputs = {value.real_id};
  const QuantParams& quant = *value.quant;
  node.attributes.set("scale", Floats(quant.scale.begin(), quant.scale.end()));
  node.attributes.set("zero_point", Ints(quant.zero_point.begin(), quant.zero_point.end()));
  if (!quant.per_tensor()) node.attributes.set("axis", int64_t{quant.axis});
  job.result.nodes.push_back(std::move(node));
}

void real_line(const LiveValue& value, size_t sample, int64_t begin, int64_t count, float* out) {
  const Tensor& tensor = value.actual[sample];
  if (!value.quant) {
    const float* const from = tensor.values<float>().data() + begin;
    std::copy(from, from + count, out);
    return;
  }
  const int8_t* const codes = tensor.values<int8_t>().data();
  for_each_run(tensor, *value.quant, begin, begin + count,
               [&](int64_t first, int64_t last, float scale, int32_t zero_point) {
                 for (int64_t i = first; i < last; ++i)
                   out[i - begin] = static_cast<float>(codes[i] - zero_point) * scale;
               });
}

Tensor real_values(const LiveValue& value, size_t sample) {
  const Tensor& tensor = value.actual[sample];
  if (!value.quant) return tensor;
  Tensor result = float_tensor(tensor.shape());
  real_line(value, sample, 0, tensor.element_count(), result.mutable_values<float>().data());
  return result;
}

Tensor centred_codes(const LiveValue& value, size_t sample) {
  const Tensor& tensor = value.actual[sample];
  const int8_t* const codes = tensor.values<int8_t>().data();
  Tensor result = float_tensor(tensor.shape());
  float* const out = result.mutable_values<float>().data();
  for_each_run(tensor, *value.quant, 0, tensor.element_count(),
               [&](int64_t first, int64_t last, float, int32_t zero_point) {
                 for (int64_t i = first; i < last; ++i) out[i] = static_cast<float>(codes[i] - zero_point);
               });
  return result;
}

ValueId add_result_value(Job& job, ValueId source_id, DType dtype, std::optional<QuantParams> quant) {
  const Value& source = job.source.value(source_id);
  const ValueId id = job.result.add_value(source.name, dtype, source.shape);
  job.result.value(id).quant = std::move(quant);
  return id;
}

Node copy_node(const Node& node, std::vector<ValueId> inputs, std::vector<ValueId> outputs, Precision precision) {
  Node copy = node;
  copy.inputs = std::move(inputs);
  copy.outputs = std::move(outputs);
  copy.precision = precision;
  return copy;
}

void release_inputs(Job& job, const Node& node) {
  for (const ValueId id : node.inputs) {
    if (id == kNoValue) continue;
    LiveValue& value = job.at(id);
    if (value.readers_left > 0 && --value.readers_left == 0) {
      value.reference.clear();
      value.actual.clear();
    }
  }
}

void report_layer(Job& job, const Node& node, ValueId output, Precision precision, const std::string& reason) {
  const LiveValue& value = job.at(output);
  LayerFigures figures;
  figures.node = node.name;
  figures.op = std::string(op_info(node.op).name);
  figures.precision = precision;
  figures.reason = reason;
  figures.macs = count_macs(job.source, node);
  if (value.reference.empty() || value.reference[0].dtype() != DType::kF32) {
    job.report.layers.push_back(std::move(figures));
    return;
  }
  struct SampleFigures {
    ErrorSums sums;
    Extremes range;
    bool counts = false;
  };
  std::vector<SampleFigures> samples(job.sample_count);
  const Status status = for_each_sample(job.sample_count, [&](size_t s) -> Status {
    const auto reference = value.reference[s].values<float>();
    if (reference.empty() || value.actual[s].element_count() != value.reference[s].element_count()) return {};
    samples[s] = {{}, extremes_of(reference), true};
    constexpr size_t kPiece = 4096;
    std::array<float, kPiece> actual;
    for (size_t begin = 0; begin < reference.size(); begin += kPiece) {
      const size_t count = std::min(kPiece, reference.size() - begin);
      real_line(value, s, static_cast<int64_t>(begin), static_cast<int64_t>(count), actual.data());
      samples[s].sums.add(reference.subspan(begin, count), std::span(actual).first(count));
    }
    return {};
  });
  ErrorSums sums;
  bool first = true;
  for (const SampleFigures& sample : samples) {
    if (!sample.counts) continue;
    sums.add(sample.sums);
    figures.range_min = first ? sample.range.low : std::min<double>(figures.range_min, sample.range.low);
    figures.range_max = first ? sample.range.high : std::max<double>(figures.range_max, sample.range.high);
    first = false;
  }
  if (status.ok()) {
    figures.sqnr_db = sums.sqnr_db();
    figures.cosine = sums.cosine();
  }
  job.report.layers.push_back(std::move(figures));
}

}  // namespace sixtops::quantize
