#include "quantize/source_layer.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "graph/requantize.h"
#include "quantize/integer_layer.h"
#include "quantize/node_plan.h"
#include "quantize/weight_layout.h"

namespace sixtops::quantize {
namespace {

constexpr int64_t kLargestCode = 128;
constexpr int64_t kLargestOffset = 255;
constexpr double kCodeCount = 256;

bool is_usable_scale(float scale) { return std::isnormal(scale) && scale > 0; }

// ---- constants behind a DequantizeLinear

struct ConstantCodes {
  ValueId id = kNoValue;
  std::vector<double> scale;        // one, or one for each index of the axis
  std::vector<int64_t> zero_point;  // as many
  int axis = 0;
};

// Entry of a list that has one number for all.
template <typename T>
T entry(const std::vector<T>& list, size_t index) {
  return list[list.size() == 1 ? 0 : index];
}

std::optional<ConstantCodes> constant_codes(const Graph& source, const Uses& uses, ValueId real) {
  const int producer = real == kNoValue ? Uses::kNobody : uses.producer[static_cast<size_t>(real)];
  if (producer == Uses::kNobody) return std::nullopt;
  const Node& node = source.nodes[static_cast<size_t>(producer)];
  if (node.op != Op::kDequantizeLinear || !node.has("scale") || !node.has("zero_point")) return std::nullopt;
  const Tensor* codes = source.constant(node.inputs[0]);
  if (codes == nullptr) return std::nullopt;
  const Floats& scale = node.get_floats("scale");
  ConstantCodes result{node.inputs[0], {scale.begin(), scale.end()}, node.get_ints("zero_point"), 0};
  if (scale.empty() || result.zero_point.size() != scale.size()) return std::nullopt;
  if (!std::all_of(scale.begin(), scale.end(), is_usable_scale)) return std::nullopt;
  if (scale.size() == 1) return result;
  const Result<int> axis = normalize_axis(node.get_int("axis"), codes->rank());
  if (!axis.ok() || codes->shape()[static_cast<size_t>(*axis)] != static_cast<int64_t>(scale.size())) {
    return std::nullopt;
  }
  result.axis = *axis;
  return result;
}

// ---- sums of products

int output_axis_of_weights(const Node& node) {
  if (node.op == Op::kConv) return 0;
  if (node.op == Op::kGemm && node.get_int("transB") != 0) return 0;
  return 1;
}

Status check_weighted(const Graph& source, const Node& node, const std::optional<ConstantCodes>& weights) {
  if (!weights || source.value(weights->id).dtype != DType::kI8) return unsupported("its weights are no int8 codes");
  const auto is_offset = [](int64_t zero_point) { return std::abs(zero_point) <= kLargestOffset; };
  if (!std::all_of(weights->zero_point.begin(), weights->zero_point.end(), is_offset)) {
    return unsupported("a zero point of its weights is no code");
  }
  if (weights->scale.size() > 1 && weights->axis != output_axis_of_weights(node)) {
    return unsupported("its weights have a scale for each index of an axis that is not the output's");
  }
  if (node.op == Op::kMatMul && source.constant(weights->id)->rank() != 2) {
    return unsupported("its weights are a batch of matrices");
  }
  if (node.op != Op::kGemm) return {};
  if (node.get_float("alpha") != 1 || node.get_float("beta") != 1) {
    return unsupported("it scales its operands (alpha, beta)");
  }
  return node.get_int("transA") != 0 ? unsupported("it transposes its activations") : Status();
}

// A bias of the source counts in steps of s_x · s_w, up to the rounding of that product: then its codes are taken over.
int64_t bias_code(double code, double scale, double unit) {
  constexpr double kSameScale = 0x1p-20;
  const double ratio = scale / unit;
  const double units = std::abs(ratio - 1) < kSameScale ? code : code * ratio;
  // Far outside of int32 is all that the proof of the accumulator has to see.
  return static_cast<int64_t>(std::nearbyint(std::clamp(units, -0x1p40, 0x1p40)));
}

// In units of the accumulator, one a channel.
Result<std::vector<int64_t>> source_bias(const Graph& source, const Uses& uses, const Node& node,
                                         const std::vector<double>& units) {
  std::vector<int64_t> bias(units.size(), 0);
  if (!node.has_input(2)) return bias;
  ConstantCodes real{node.inputs[2], {1}, {0}, 0};
  if (source.constant(real.id) == nullptr) {
    std::optional<ConstantCodes> codes = constant_codes(source, uses, node.inputs[2]);
    if (!codes) return unsupported("its bias is computed, not constant");
    real = std::move(*codes);
  }
  const std::vector<double> values = values_as<double>(*source.constant(real.id));
  if ((values.size() != 1 && values.size() != units.size()) ||
      (real.scale.size() != 1 && real.scale.size() != values.size())) {
    return unsupported("its bias is not one value a channel");
  }
  for (size_t c = 0; c < bias.size(); ++c) {
    const double code = entry(values, c) - static_cast<double>(entry(real.zero_point, c));
    if (std::isnan(code)) return unsupported("its bias is not a number");
    bias[c] = bias_code(code, entry(real.scale, c), units[c]);
  }
  return bias;
}

// ---- requantization

// The 16 bits of a multiplier must not move a code by more than a half. bounds: the largest |accumulator| a channel.
bool keeps_codes(const Requantization& requantization, const std::vector<double>& ratios,
                 const std::vector<double>& bounds) {
  for (size_t c = 0; c < ratios.size(); ++c) {
    const double stored = std::ldexp(requantization.multiplier[c], -(requantization.shift + kRequantizeStage2Shift));
    const double reach = std::min(bounds[c] * ratios[c], kCodeCount);  // beyond it the result saturates
    if (std::abs(stored / ratios[c] - 1) * reach > 0.5) return false;
  }
  return true;
}

Status requantize(Node& node, const std::vector<double>& ratios, const std::vector<double>& bounds,
                  const QuantParams& output) {
  for (const double bound : bounds) {
    if (bound > static_cast<double>(kLargestAccumulator)) return unsupported("its sums may leave 32 bits");
  }
  const std::optional<Requantization> chosen = choose_requantization(ratios);
  if (!chosen) return unsupported("its result's scale is too fine for a 16-bit multiplier");
  if (!keeps_codes(*chosen, ratios, bounds)) return unsupported("the scales of its channels lie too far apart");
  node.attributes.set("multiplier", Ints(chosen->multiplier.begin(), chosen->multiplier.end()));
  node.attributes.set("shift", int64_t{chosen->shift});
  node.attributes.set("output_zero_point", int64_t{output.zero_point[0]});
  return {};
}

Result<SourceLayer> weighted(const Graph& source, const Uses& uses, const Node& node, const QuantParams& x,
                             const QuantParams& output) {
  const std::optional<ConstantCodes> weights = constant_codes(source, uses, node.inputs[1]);
  TRY(check_weighted(source, node, weights));
  const WeightLayout layout = weight_layout(source, node);
  const auto rows = static_cast<size_t>(layout.rows);
  const auto columns = static_cast<size_t>(layout.columns);
  const auto codes = source.constant(weights->id)->values<int8_t>();

  std::vector<double> units(rows);
  std::vector<double> ratios(rows);
  Ints offsets(rows);
  for (size_t r = 0; r < rows; ++r) {
    // The groups of a transposed convolution share their scales.
    const size_t index = r % weights->scale.size();
    units[r] = x.scale[0] * weights->scale[index];
    ratios[r] = units[r] / output.scale[0];
    offsets[r] = -weights->zero_point[index];
  }
  const std::vector<int64_t> bias = TRY(source_bias(source, uses, node, units));

  SourceLayer layer{node, {}};
  std::vector<double> bounds(rows);
  std::vector<int8_t> row(columns);
  for (size_t r = 0; r < rows; ++r) {
    int64_t sum = 0;
    for (size_t i = 0; i < columns; ++i) {
      row[i] = codes[layout.order[r * columns + i]];
      sum += row[i] + offsets[r];
    }
    const int64_t stored = bias[r] - x.zero_point[0] * sum;
    bounds[r] = static_cast<double>(accumulator_bound(row, stored, offsets[r]));
    layer.bias.push_back(static_cast<int32_t>(std::clamp<int64_t>(stored, -kLargestAccumulator, kLargestAccumulator)));
  }
  TRY(requantize(layer.node, ratios, bounds, output));
  if (std::any_of(offsets.begin(), offsets.end(), [](int64_t z) { return z != 0; })) {
    const bool equal = std::all_of(offsets.begin(), offsets.end(), [&](int64_t z) { return z == offsets[0]; });
    layer.node.attributes.set("weight_offset", equal ? Ints{offsets[0]} : offsets);
  }
  layer.node.attributes.set("pad_code", int64_t{x.zero_point[0]});
  return layer;
}

// ---- sums and products of two activations, averages

// w_a : w_b as s_a : s_b, as near as two int8 can say it.
std::pair<int64_t, int64_t> operand_multipliers(double scale_a, double scale_b) {
  constexpr int64_t kLargest = 127;
  const double share = std::min(scale_a, scale_b) / std::max(scale_a, scale_b);
  int64_t best = kLargest;
  double least = 1;
  for (int64_t large = kLargest; large > kLargest / 2; --large) {
    const double exact = share * static_cast<double>(large);
    const double error = std::abs(std::nearbyint(exact) - exact) / static_cast<double>(large);
    if (error >= least) continue;
    least = error;
    best = large;
  }
  const auto small = static_cast<int64_t>(std::nearbyint(share * static_cast<double>(best)));
  return scale_a >= scale_b ? std::pair(best, small) : std::pair(small, best);
}

Result<SourceLayer> sum_of_two(const Graph& source, const Node& node, const QuantParams& a, const QuantParams& b,
                               const QuantParams& output) {
  if (source.value(node.inputs[0]).shape != source.value(node.inputs[1]).shape) {
    return unsupported("its operands differ in shape");
  }
  auto [weight_a, weight_b] = operand_multipliers(a.scale[0], b.scale[0]);
  const double unit = std::max(a.scale[0], b.scale[0]) / static_cast<double>(std::max(weight_a, weight_b));
  const double bound = static_cast<double>(weight_a + weight_b) * kCodeCount;
  if (node.op == Op::kSub) weight_b = -weight_b;
  SourceLayer layer{node, {}};
  TRY(requantize(layer.node, {unit / output.scale[0]}, {bound}, output));
  layer.node.attributes.set("operand_multiplier", Ints{weight_a, weight_b});
  layer.node.attributes.set("operand_bias", -(weight_a * a.zero_point[0] + weight_b * b.zero_point[0]));
  return layer;
}

Result<SourceLayer> product_of_two(const Node& node, const QuantParams& a, const QuantParams& b,
                                   const QuantParams& output) {
  SourceLayer layer{node, {}};
  const double ratio = static_cast<double>(a.scale[0]) * b.scale[0] / output.scale[0];
  TRY(requantize(layer.node, {ratio}, {kCodeCount * kCodeCount}, output));
  layer.node.attributes.set("input_zero_points", Ints{a.zero_point[0], b.zero_point[0]});
  return layer;
}

Result<SourceLayer> average(const Graph& source, const Node& node, const QuantParams& x, const QuantParams& output) {
  if (const std::string reason = why_average_is_float(node); !reason.empty()) return unsupported("{}", reason);
  const Shape& input = *source.value(node.inputs[0]).shape;
  const Ints extents =
      node.op == Op::kAveragePool ? node.get_ints("kernel_shape") : Ints(input.begin() + 2, input.end());
  double taps = 1;
  for (const int64_t extent : extents) taps *= static_cast<double>(extent);
  SourceLayer layer{node, {}};
  const double ratio = x.scale[0] / taps / output.scale[0];
  TRY(requantize(layer.node, {ratio}, {2 * static_cast<double>(kLargestCode) * taps}, output));
  layer.node.attributes.set("operand_bias", -static_cast<int64_t>(taps) * x.zero_point[0]);
  if (node.op == Op::kAveragePool) layer.node.attributes.set("pad_code", int64_t{x.zero_point[0]});
  return layer;
}

}  // namespace

std::optional<QuantParams> tensor_params(const Graph& source, const Node& node) {
  const bool quantizes = node.op == Op::kQuantizeLinear;
  if ((!quantizes && node.op != Op::kDequantizeLinear) || node.inputs.size() != 1 || !node.has("scale") ||
      !node.has("zero_point")) {
    return std::nullopt;
  }
  const Value& codes = source.value(quantizes ? node.outputs[0] : node.inputs[0]);
  const Value& real = source.value(quantizes ? node.inputs[0] : node.outputs[0]);
  const Floats& scale = node.get_floats("scale");
  const Ints& zero_point = node.get_ints("zero_point");
  if (codes.dtype != DType::kI8 || real.dtype != DType::kF32 || scale.size() != 1 || zero_point.size() != 1) {
    return std::nullopt;
  }
  if (!is_usable_scale(scale[0]) || zero_point[0] < -kLargestCode || zero_point[0] >= kLargestCode) return std::nullopt;
  return QuantParams{{scale[0]}, {static_cast<int32_t>(zero_point[0])}, -1};
}

ValueId weight_codes(const Graph& source, const Uses& uses, const Node& node) {
  const std::optional<ConstantCodes> codes = constant_codes(source, uses, node.inputs[1]);
  return codes ? codes->id : kNoValue;
}

Result<SourceLayer> integer_layer_of(const Graph& source, const Uses& uses, const Node& node,
                                     std::span<const QuantParams> operands, const QuantParams& output) {
  SourceLayer layer;
  switch (op_info(node.op).quant_rule) {
    case QuantRule::kWeighted:
      layer = TRY(weighted(source, uses, node, operands[0], output));
      break;
    case QuantRule::kAdd:
      layer = TRY(sum_of_two(source, node, operands[0], operands[1], output));
      break;
    case QuantRule::kMultiply:
      layer = TRY(product_of_two(node, operands[0], operands[1], output));
      break;
    case QuantRule::kAverage:
      layer = TRY(average(source, node, operands[0], output));
      break;
    default:
      return internal_error("node '{}' accumulates nothing", node.name);
  }
  layer.node.precision = Precision::kInt8;
  return layer;
}

}  // namespace sixtops::quantize
