#include "convert/layer_errors.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "base/error.h"
#include "graph/input_code.h"
#include "graph/quantize_tensor.h"
#include "quantize/figures.h"

namespace sixtops::convert {
namespace {

// Where a value exists as codes and as real numbers, the second of them has a number behind the name.
std::string base_name(const std::string& name) {
  const size_t dot = name.rfind('.');
  const bool numbered = dot != std::string::npos && dot + 1 < name.size() &&
                        std::all_of(name.begin() + static_cast<std::ptrdiff_t>(dot) + 1, name.end(),
                                    [](char c) { return c >= '0' && c <= '9'; });
  return numbered ? name.substr(0, dot) : name;
}

TensorError error_of(const Tensor& golden, const Tensor& actual) {
  if (golden.element_count() != actual.element_count()) return {0, std::nan("")};
  quantize::ErrorSums sums;
  sums.add(golden.values<float>(), actual.values<float>());
  return {sums.cosine(), std::sqrt(sums.error_squared)};
}

// Codes with a scale an index of one axis, as a concat whose parts keep their own has them.
Result<Tensor> quantize_channels(const Tensor& real, const QuantParams& quant) {
  const auto axis = static_cast<size_t>(quant.axis);
  if (axis >= real.shape().size() || static_cast<size_t>(real.shape()[axis]) != quant.scale.size()) {
    return invalid_data("{} scales for the shape {}", quant.scale.size(), shape_text(real.shape()));
  }
  Tensor codes = TRY(Tensor::allocate(DType::kI8, real.shape()));
  const auto inner = static_cast<size_t>(row_major_strides(real.shape())[axis]);
  const auto from = real.values<float>();
  const auto to = codes.mutable_values<int8_t>();
  for (size_t i = 0; i < from.size(); ++i) {
    const size_t channel = i / inner % quant.scale.size();
    to[i] = input_code(from[i], quant.scale[channel], quant.zero_point[channel]);
  }
  return codes;
}

struct GoldenValue {
  std::string op;
  Tensor tensor;
};

class Comparison {
 public:
  Comparison(const Graph& network, const cpu::NodeFunction& run_node, const LayerErrorSink& sink)
      : network_(network), uses_(find_uses(network)), run_node_(run_node), sink_(sink) {
    actual_.resize(network.values.size());
    single_.resize(network.values.size());
    readers_left_.resize(network.values.size());
    for (size_t i = 0; i < readers_left_.size(); ++i) readers_left_[i] = uses_.readers[i].size();
  }

  Status run_golden(const Graph& golden, std::span<const Tensor> sample) {
    const Uses uses = find_uses(golden);
    for (size_t i = 0; i < sample.size() && i < golden.inputs.size(); ++i) {
      golden_[golden.value(golden.inputs[i]).name] = {"Input", TRY(cast(sample[i], DType::kF32))};
    }
    const auto observe = [&](ValueId id, const Tensor& tensor) {
      const Node& producer = golden.nodes[static_cast<size_t>(uses.producer[static_cast<size_t>(id)])];
      Result<Tensor> real = cast(tensor, DType::kF32);
      if (real.ok()) golden_[golden.value(id).name] = {std::string(op_info(producer.op).name), std::move(*real)};
    };
    const auto outputs = cpu::run_graph(golden, sample, run_node_, observe);
    return outputs.ok() ? Status() : outputs.status();
  }

  Status run_inputs() {
    for (const ValueId id : network_.inputs) {
      const GoldenValue* golden = find_golden(id);
      if (golden == nullptr) {
        return usage_error("input '{}' is none of the float network; both have to come from one source",
                           network_.value(id).name);
      }
      actual(id) = TRY(as_network(*golden, id));
      TRY(report(id, *golden, actual(id), actual(id)));
    }
    return {};
  }

  Status run_node(const Node& node) {
    std::vector<Tensor> entire;
    std::vector<Tensor> single;
    bool completes_a_layer = false;
    for (const ValueId id : node.inputs) {
      entire.push_back(id == kNoValue ? Tensor() : actual(id));
      single.push_back(id == kNoValue ? Tensor() : TRY(single_operand(id)));
      completes_a_layer = completes_a_layer || (id != kNoValue && is_partial(id));
    }
    std::vector<Tensor> results = TRY(run_node_(node, entire));
    std::vector<Tensor> alone = TRY(run_node_(node, single));
    const bool converts = node.op == Op::kQuantizeLinear || node.op == Op::kDequantizeLinear;
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      const ValueId id = node.outputs[i];
      if (id == kNoValue) continue;
      if (is_partial(id)) {
        single_[static_cast<size_t>(id)] = alone[i];
      } else if (const GoldenValue* golden = find_golden(id); golden != nullptr && (!converts || completes_a_layer)) {
        TRY(report(id, *golden, results[i], alone[i]));
      }
      actual(id) = std::move(results[i]);
    }
    for (const ValueId id : node.inputs) {
      if (id == kNoValue || --readers_left_[static_cast<size_t>(id)] > 0) continue;
      actual(id) = single_[static_cast<size_t>(id)] = {};
    }
    return {};
  }

 private:
  Tensor& actual(ValueId id) {
    if (const Tensor* constant = network_.constant(id)) actual_[static_cast<size_t>(id)] = *constant;
    return actual_[static_cast<size_t>(id)];
  }

  const GoldenValue* find_golden(ValueId id) const {
    const std::string& name = network_.value(id).name;
    auto found = golden_.find(name);
    if (found == golden_.end()) found = golden_.find(base_name(name));
    return found == golden_.end() ? nullptr : &found->second;
  }

  // The inside of a layer: sums that are no codes yet, or codes that only the layer's own table reads.
  bool is_partial(ValueId id) const {
    const Value& value = network_.value(id);
    const auto index = static_cast<size_t>(id);
    if (value.constant || uses_.producer[index] == Uses::kNobody || uses_.is_output[index]) return false;
    const Node& producer = network_.nodes[static_cast<size_t>(uses_.producer[index])];
    if (producer.attributes.has("accumulator_output")) return true;
    if (!producer.attributes.has("multiplier") || uses_.readers[index].size() != 1) return false;
    return network_.nodes[static_cast<size_t>(uses_.readers[index][0])].op == Op::kTable;
  }

  Result<Tensor> as_network(const GoldenValue& golden, ValueId id) const {
    const Value& value = network_.value(id);
    const bool has_scales = value.quant && !value.quant->per_tensor() && value.dtype == DType::kI8;
    return has_scales ? quantize_channels(golden.tensor, *value.quant)
                      : quantize_tensor(golden.tensor, value.dtype, value.quant);
  }

  Result<Tensor> single_operand(ValueId id) {
    if (network_.constant(id) != nullptr) return actual(id);
    if (is_partial(id)) return single_[static_cast<size_t>(id)];
    const GoldenValue* golden = find_golden(id);
    if (golden == nullptr || golden->tensor.shape() != actual(id).shape()) return actual(id);
    Result<Tensor> tensor = as_network(*golden, id);
    return tensor.ok() ? std::move(tensor) : actual(id);
  }

  Status report(ValueId id, const GoldenValue& golden, const Tensor& entire, const Tensor& single) const {
    const std::optional<QuantParams>& quant = network_.value(id).quant;
    const Tensor simulated = TRY(dequantize_tensor(entire, quant));
    LayerError error;
    error.op = golden.op;
    error.tensor = base_name_of(id);
    error.entire = error_of(golden.tensor, simulated);
    error.single = error_of(golden.tensor, TRY(dequantize_tensor(single, quant)));
    return sink_(error, golden.tensor, simulated);
  }

  std::string base_name_of(ValueId id) const {
    const std::string& name = network_.value(id).name;
    return golden_.count(name) > 0 ? name : base_name(name);
  }

  const Graph& network_;
  const Uses uses_;
  const cpu::NodeFunction& run_node_;
  const LayerErrorSink& sink_;
  std::map<std::string, GoldenValue> golden_;
  std::vector<Tensor> actual_;  // by value id
  std::vector<Tensor> single_;  // of partial values
  std::vector<size_t> readers_left_;
};

}  // namespace

Status measure_layers(const Graph& golden, const Graph& network, std::span<const Tensor> sample,
                      const cpu::NodeFunction& run_node, const LayerErrorSink& sink) {
  Comparison comparison(network, run_node, sink);
  TRY(comparison.run_golden(golden, sample));
  TRY(comparison.run_inputs());
  for (const Node& node : network.nodes) {
    TRY(comparison.run_node(node).with_prefix("node '" + node.name + "': "));
  }
  return {};
}

}  // namespace sixtops::convert
