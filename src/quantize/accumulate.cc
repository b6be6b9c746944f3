#include "quantize/accumulate.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "cpu/engine/run_node.h"
#include "graph/window.h"
#include "quantize/gptq.h"
#include "quantize/integer_layer.h"
#include "quantize/weight_layout.h"

namespace sixtops::quantize {
namespace {

constexpr int64_t kLargestCentredCode = 255;  // -128 - 127

Result<Tensor> run_single(const Node& node, std::span<const Tensor> inputs) {
  std::vector<Tensor> outputs = TRY(cpu::engine::run_node(node, inputs));
  return std::move(outputs[0]);
}

// The scale of the input channel that a weight column reads.
std::vector<double> column_scales(const WeightLayout& layout, const QuantParams& input) {
  std::vector<double> scales(static_cast<size_t>(layout.columns), input.scale[0]);
  if (input.per_tensor()) return scales;
  for (size_t c = 0; c < scales.size(); ++c)
    scales[c] = input.scale[c / static_cast<size_t>(layout.columns_per_channel)];
  return scales;
}

std::vector<int64_t> zero_sums(const WeightLayout& layout, const std::vector<int8_t>& codes, const QuantParams& input) {
  std::vector<int64_t> sums(static_cast<size_t>(layout.rows), 0);
  for (int64_t r = 0; r < layout.rows; ++r) {
    for (int64_t c = 0; c < layout.columns; ++c) {
      const size_t channel = input.per_tensor() ? 0 : static_cast<size_t>(c / layout.columns_per_channel);
      sums[static_cast<size_t>(r)] +=
          int64_t{input.zero_point[channel]} * codes[static_cast<size_t>(r * layout.columns + c)];
    }
  }
  return sums;
}

Result<Accumulators> accumulate_weighted(Job& job, int index) {
  const Node& node = job.node(index);
  TRY(ensure_codes(job, node.inputs[0]));
  const LiveValue& input = job.at(node.inputs[0]);
  const WeightLayout layout = weight_layout(job.source, node);
  const Tensor& weights = *job.source.constant(node.inputs[1]);

  // The step of each input channel goes into the weights, so that one unit a row is left.
  WeightMatrix matrix = to_matrix(layout, weights);
  const std::vector<double> steps = column_scales(layout, *input.quant);
  for (size_t i = 0; i < matrix.values.size(); ++i) {
    matrix.values[i] = static_cast<float>(matrix.values[i] * steps[i % static_cast<size_t>(layout.columns)]);
  }
  Accumulators result;
  std::vector<double> scales = job.options.one_weight_scale ? common_weight_scale(matrix) : weight_scales(matrix);
  const bool compensated = job.options.effort == Effort::kHigh && can_round_by_gptq(job.source, node, layout);
  QuantizedWeights quantized = compensated ? TRY(round_weights_by_gptq(job, node, layout, matrix, std::move(scales)))
                                           : round_weights(matrix, std::move(scales));

  Node linear = node;
  linear.inputs.resize(2);
  result.sums.resize(job.sample_count);
  const Tensor whole_weights = from_matrix(layout, quantized.codes, weights.shape(), DType::kF32);
  TRY(for_each_sample(job.sample_count, [&](size_t s) -> Status {
    const std::vector<Tensor> operands = {centred_codes(input, s), whole_weights};
    result.sums[s] = TRY(run_single(linear, operands));
    return {};
  }));

  result.unit = quantized.scales;
  result.channel_axis = layout.output_channel_axis;
  result.bias.assign(static_cast<size_t>(layout.rows), 0.0);
  if (node.has_input(2)) {
    const std::vector<double> bias = values_as<double>(*job.source.constant(node.inputs[2]));
    for (size_t c = 0; c < result.bias.size(); ++c) result.bias[c] = bias.size() == 1 ? bias[0] : bias[c];
  }
  result.zero_sum = zero_sums(layout, quantized.codes, *input.quant);
  for (int64_t r = 0; r < layout.rows; ++r) {
    const std::span<const int8_t> row(quantized.codes.data() + r * layout.columns, static_cast<size_t>(layout.columns));
    result.bound.push_back(accumulator_bound(row, std::abs(result.zero_sum[static_cast<size_t>(r)]), 0));
  }
  const ValueId weights_id = job.result.add_constant(job.source.value(node.inputs[1]).name,
                                                     from_matrix(layout, quantized.codes, weights.shape(), DType::kI8));
  std::vector<float> weight_scale;
  for (size_t r = 0; r < quantized.scales.size(); ++r) {
    weight_scale.push_back(
        static_cast<float>(quantized.scales[r] / (input.quant->per_tensor() ? input.quant->scale[0] : 1)));
  }
  const int weight_axis = node.op == Op::kConv                                  ? 0
                          : node.op == Op::kConvTranspose                       ? 1
                          : node.op == Op::kGemm && node.get_int("transB") != 0 ? 0
                                                                                : 1;
  // A grouped transposed convolution has more output channels than extents on any axis: its scales stay in C[c] alone.
  if (static_cast<int64_t>(weight_scale.size()) == weights.shape()[static_cast<size_t>(weight_axis)]) {
    job.result.value(weights_id).quant =
        QuantParams{weight_scale, std::vector<int32_t>(weight_scale.size(), 0), weight_axis};
  }
  result.integer_node = copy_node(node, {input.code_id, weights_id}, {}, Precision::kInt8);
  if (input.quant->per_tensor()) result.integer_node.attributes.set("pad_code", int64_t{input.quant->zero_point[0]});
  return result;
}

// wa, wb: the larger step gets 127, the other what is nearest to its share.
Result<Accumulators> accumulate_add(Job& job, int index) {
  const Node& node = job.node(index);
  TRY(ensure_codes(job, node.inputs[0]));
  TRY(ensure_codes(job, node.inputs[1]));
  const LiveValue& a = job.at(node.inputs[0]);
  const LiveValue& b = job.at(node.inputs[1]);
  if (!a.quant->per_tensor() || !b.quant->per_tensor()) return unsupported("operands keep several scales");
  constexpr double kLargestFactor = 127;
  const double sign = node.op == Op::kSub ? -1 : 1;
  const double largest = std::max(a.quant->scale[0], b.quant->scale[0]);
  const auto factor_a = static_cast<int>(std::nearbyint(kLargestFactor * a.quant->scale[0] / largest));
  const auto factor_b = static_cast<int>(sign * std::nearbyint(kLargestFactor * b.quant->scale[0] / largest));

  Accumulators result;
  result.sums.resize(job.sample_count);
  TRY(for_each_sample(job.sample_count, [&](size_t s) -> Status {
    const Tensor x = centred_codes(a, s);
    const Tensor y = centred_codes(b, s);
    Tensor sum = TRY(Tensor::allocate(DType::kF32, x.shape()));
    const auto out = sum.mutable_values<float>();
    for (size_t i = 0; i < out.size(); ++i) {
      out[i] =
          static_cast<float>(factor_a) * x.values<float>()[i] + static_cast<float>(factor_b) * y.values<float>()[i];
    }
    result.sums[s] = std::move(sum);
    return {};
  }));
  result.unit = {largest / kLargestFactor};
  result.bias = {0.0};
  result.bound = {(std::abs(factor_a) + std::abs(factor_b)) * kLargestCentredCode};
  result.zero_sum = {int64_t{factor_a} * a.quant->zero_point[0] + int64_t{factor_b} * b.quant->zero_point[0]};
  result.integer_node = copy_node(node, {a.code_id, b.code_id}, {}, Precision::kInt8);
  result.integer_node.attributes.set("operand_multiplier", Ints{factor_a, factor_b});
  return result;
}

Result<Accumulators> accumulate_multiply(Job& job, int index) {
  const Node& node = job.node(index);
  TRY(ensure_codes(job, node.inputs[0]));
  TRY(ensure_codes(job, node.inputs[1]));
  const LiveValue& a = job.at(node.inputs[0]);
  const LiveValue& b = job.at(node.inputs[1]);
  if (!a.quant->per_tensor() || !b.quant->per_tensor()) return unsupported("operands keep several scales");
  Accumulators result;
  result.sums.resize(job.sample_count);
  TRY(for_each_sample(job.sample_count, [&](size_t s) -> Status {
    const std::vector<Tensor> operands = {centred_codes(a, s), centred_codes(b, s)};
    result.sums[s] = TRY(run_single(node, operands));
    return {};
  }));
  result.unit = {static_cast<double>(a.quant->scale[0]) * b.quant->scale[0]};
  result.takes_bias = false;
  result.bias = {0.0};
  result.bound = {kLargestCentredCode * kLargestCentredCode};
  result.zero_sum = {0};
  result.integer_node = copy_node(node, {a.code_id, b.code_id}, {}, Precision::kInt8);
  result.integer_node.attributes.set("input_zero_points", Ints{a.quant->zero_point[0], b.quant->zero_point[0]});
  return result;
}

Result<int64_t> window_area(const Graph& graph, const Node& node) {
  const Shape& input = *graph.value(node.inputs[0]).shape;
  int64_t area = 1;
  if (node.op == Op::kGlobalAveragePool) {
    for (size_t i = 2; i < input.size(); ++i) area *= input[i];
  } else {
    for (const int64_t extent : node.get_ints("kernel_shape")) area *= extent;
  }
  return area;
}

Result<Accumulators> accumulate_average(Job& job, int index) {
  const Node& node = job.node(index);
  TRY(ensure_codes(job, node.inputs[0]));
  const LiveValue& input = job.at(node.inputs[0]);
  if (!input.quant->per_tensor()) return unsupported("its operand keeps several scales");
  const int64_t area = TRY(window_area(job.source, node));
  Accumulators result;
  result.sums.resize(job.sample_count);
  TRY(for_each_sample(job.sample_count, [&](size_t s) -> Status {
    const std::vector<Tensor> operands = {centred_codes(input, s)};
    Tensor sum = TRY(run_single(node, operands));
    for (float& value : sum.mutable_values<float>()) value = std::nearbyint(value * static_cast<float>(area));
    result.sums[s] = std::move(sum);
    return {};
  }));
  result.unit = {input.quant->scale[0] / static_cast<double>(area)};
  result.bias = {0.0};
  result.bound = {area * kLargestCentredCode};
  result.zero_sum = {area * input.quant->zero_point[0]};
  result.integer_node = copy_node(node, {input.code_id}, {}, Precision::kInt8);
  if (node.op == Op::kAveragePool) result.integer_node.attributes.set("pad_code", int64_t{input.quant->zero_point[0]});
  return result;
}

}  // namespace

Result<Accumulators> accumulate(Job& job, int node) {
  switch (op_info(job.node(node).op).quant_rule) {
    case QuantRule::kWeighted:
      return accumulate_weighted(job, node);
    case QuantRule::kAdd:
      return accumulate_add(job, node);
    case QuantRule::kMultiply:
      return accumulate_multiply(job, node);
    case QuantRule::kAverage:
      return accumulate_average(job, node);
    default:
      return internal_error("node '{}' accumulates nothing", job.node(node).name);
  }
}

void store_bias(Job& job, int index, const Ints& bias, Node& integer_node) {
  switch (op_info(job.node(index).op).quant_rule) {
    case QuantRule::kWeighted: {
      const Node& node = job.node(index);
      const std::string name = node.has_input(2) ? job.source.value(node.inputs[2]).name : node.name + ".bias";
      const std::vector<int32_t> values(bias.begin(), bias.end());
      const Shape shape = {static_cast<int64_t>(values.size())};
      integer_node.inputs.push_back(job.result.add_constant(name, Tensor::from_values<int32_t>(shape, values)));
      return;
    }
    case QuantRule::kAdd:
    case QuantRule::kAverage:
      integer_node.attributes.set("operand_bias", bias[0]);
      return;
    default:
      return;
  }
}

}  // namespace sixtops::quantize
