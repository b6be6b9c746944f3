#include "quantize/reader_weights.h"

#include <numeric>

namespace sixtops::quantize {
namespace {

// Concats and pools in a row that are followed; deeper readers have their say through nearer ones.
constexpr int kMaxDepth = 6;

bool keeps_channels(const Node& node) {
  return node.op == Op::kMaxPool || node.op == Op::kAveragePool || node.op == Op::kResize || node.op == Op::kAdd;
}

void visit(const Job& job, ValueId id, int64_t offset, int depth, std::vector<double>& weights);

// What leaves the node together with its activation.
ValueId sole_result(const Job& job, const Node& node) {
  const std::vector<int>& readers = job.uses.readers[static_cast<size_t>(node.outputs[0])];
  if (readers.size() != 1 || op_info(job.node(readers[0]).op).quant_rule != QuantRule::kTable) return node.outputs[0];
  return job.node(readers[0]).outputs[0];
}

void add_convolution(const Job& job, const Node& node, int64_t offset, std::vector<double>& weights) {
  const Tensor* kernel = job.source.constant(node.inputs[1]);
  if (kernel == nullptr || kernel->dtype() != DType::kF32 || node.get_int("group") != 1) return;
  const Shape& shape = kernel->shape();
  int64_t taps = 1;
  for (size_t i = 2; i < shape.size(); ++i) taps *= shape[i];
  const auto values = kernel->values<float>();
  double total = 0;
  for (const float value : values) total += static_cast<double>(value) * value;
  if (total <= 0) return;
  const auto channels = static_cast<int64_t>(weights.size());
  for (int64_t o = 0; o < shape[0]; ++o) {
    for (int64_t c = 0; c < channels && offset + c < shape[1]; ++c) {
      const auto begin = static_cast<size_t>((o * shape[1] + offset + c) * taps);
      for (size_t t = begin; t < begin + static_cast<size_t>(taps); ++t) {
        weights[static_cast<size_t>(c)] += static_cast<double>(values[t]) * values[t] / total;
      }
    }
  }
}

// What a depthwise reader takes from a channel counts as much as its own readers care for it.
void add_depthwise(const Job& job, const Node& node, int depth, std::vector<double>& weights) {
  const Tensor* kernel = job.source.constant(node.inputs[1]);
  const auto channels = static_cast<int64_t>(weights.size());
  if (kernel == nullptr || kernel->dtype() != DType::kF32 || kernel->shape()[0] != channels) return;
  std::vector<double> behind(weights.size(), 0.0);
  visit(job, sole_result(job, node), 0, depth + 1, behind);
  const double known = std::accumulate(behind.begin(), behind.end(), 0.0);
  const size_t taps = static_cast<size_t>(kernel->element_count() / channels);
  const auto values = kernel->values<float>();
  std::vector<double> own(weights.size(), 0.0);
  double total = 0;
  for (size_t c = 0; c < own.size(); ++c) {
    for (size_t t = c * taps; t < (c + 1) * taps; ++t) own[c] += static_cast<double>(values[t]) * values[t];
    if (known > 0) own[c] *= behind[c];
    total += own[c];
  }
  for (size_t c = 0; c < own.size() && total > 0; ++c) weights[c] += own[c] / total;
}

// offset: where the tensor's channels begin in `id`.
void visit(const Job& job, ValueId id, int64_t offset, int depth, std::vector<double>& weights) {
  if (depth == kMaxDepth) return;
  for (const int reader : job.uses.readers[static_cast<size_t>(id)]) {
    const Node& node = job.node(reader);
    if (node.op == Op::kConv && node.inputs[0] == id && node.get_int("group") == static_cast<int64_t>(weights.size())) {
      add_depthwise(job, node, depth, weights);
    } else if (node.op == Op::kConv && node.inputs[0] == id) {
      add_convolution(job, node, offset, weights);
    } else if (node.op == Op::kConcat && (node.get_int("axis") == 1)) {
      int64_t part_offset = 0;
      for (const ValueId part : node.inputs) {
        const std::optional<Shape>& shape = job.source.value(part).shape;
        if (part == id) visit(job, node.outputs[0], part_offset + offset, depth + 1, weights);
        if (!shape || shape->size() < 2) return;
        part_offset += (*shape)[1];
      }
    } else if (keeps_channels(node)) {
      visit(job, node.outputs[0], offset, depth + 1, weights);
    }
  }
}

}  // namespace

std::vector<double> reader_weights(const Job& job, ValueId id) {
  const std::optional<Shape>& shape = job.source.value(id).shape;
  if (!shape || shape->size() != 4) return {};
  std::vector<double> weights(static_cast<size_t>((*shape)[1]), 0.0);
  visit(job, id, 0, 0, weights);
  const double mean = std::accumulate(weights.begin(), weights.end(), 0.0) / static_cast<double>(weights.size());
  if (mean <= 0) return {};
  for (double& weight : weights) weight /= mean;
  return weights;
}

}  // namespace sixtops::quantize
