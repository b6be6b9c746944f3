#include "quantize/channel_weights.h"

#include <numeric>

namespace sixtops::quantize {
namespace {

using ChannelWeights = std::vector<double>;

size_t channel_count(const Graph& graph, ValueId id) {
  const std::optional<Shape>& shape = graph.value(id).shape;
  return shape && shape->size() == 4 && (*shape)[1] > 0 ? static_cast<size_t>((*shape)[1]) : 0;
}

bool keeps_channels(const Node& node) {
  switch (op_info(node.op).quant_rule) {
    case QuantRule::kTable:
    case QuantRule::kAdd:
    case QuantRule::kMultiply:
    case QuantRule::kAverage:
      return true;
    default:
      return node.op == Op::kMaxPool || node.op == Op::kResize || node.op == Op::kPad || node.op == Op::kIdentity;
  }
}

void normalize(ChannelWeights& weights) {
  const double mean = std::accumulate(weights.begin(), weights.end(), 0.0) / static_cast<double>(weights.size());
  if (!(mean > 0)) {
    weights.clear();
    return;
  }
  for (double& weight : weights) weight /= mean;
}

// What the convolution takes from each of its input channels; the shares of all of them sum to their number.
ChannelWeights taken_by_convolution(const Node& node, const Tensor& kernel, const ChannelWeights& behind,
                                    size_t inputs) {
  const Shape& shape = kernel.shape();
  const auto group_inputs = static_cast<size_t>(shape[1]);
  const size_t group_outputs = static_cast<size_t>(shape[0] / node.get_int("group"));
  const size_t taps = static_cast<size_t>(kernel.element_count() / (shape[0] * shape[1]));
  const auto values = kernel.values<float>();
  ChannelWeights taken(inputs, 0.0);
  for (size_t i = 0; i < values.size(); ++i) {
    const size_t row = i / taps;
    const size_t output = row / group_inputs;
    const size_t input = output / group_outputs * group_inputs + row % group_inputs;
    const double share = behind.empty() ? 1.0 : behind[output];
    taken[input] += share * values[i] * values[i];
  }
  normalize(taken);
  return taken;
}

void add(ChannelWeights& sum, const ChannelWeights& part, size_t part_offset = 0) {
  for (size_t c = 0; c < sum.size() && part_offset + c < part.size(); ++c) sum[c] += part[part_offset + c];
}

}  // namespace

std::vector<std::vector<double>> find_channel_weights(const Graph& graph) {
  std::vector<ChannelWeights> weights(graph.values.size());
  for (size_t i = 0; i < weights.size(); ++i) weights[i].resize(channel_count(graph, static_cast<ValueId>(i)), 0.0);
  const auto at = [&](ValueId id) -> ChannelWeights& { return weights[static_cast<size_t>(id)]; };
  for (size_t n = graph.nodes.size(); n-- > 0;) {
    const Node& node = graph.nodes[n];
    if (node.outputs.empty() || node.outputs[0] == kNoValue || node.inputs.empty()) continue;
    ChannelWeights& behind = at(node.outputs[0]);
    if (!behind.empty()) normalize(behind);
    if (node.op == Op::kConv) {
      const Tensor* kernel = graph.constant(node.inputs[1]);
      ChannelWeights& input = at(node.inputs[0]);
      if (kernel == nullptr || kernel->dtype() != DType::kF32 || kernel->empty() || input.empty()) continue;
      add(input, taken_by_convolution(node, *kernel, behind, input.size()));
    } else if (node.op == Op::kConcat && node.get_int("axis") == 1) {
      size_t offset = 0;
      for (const ValueId part : node.inputs) {
        add(at(part), behind, offset);
        offset += at(part).size();
      }
    } else if (keeps_channels(node)) {
      for (const ValueId id : node.inputs) {
        if (id != kNoValue && at(id).size() == behind.size()) add(at(id), behind);
      }
    }
  }
  for (const ValueId id : graph.inputs) {
    if (!at(id).empty()) normalize(at(id));
  }
  return weights;
}

}  // namespace sixtops::quantize
