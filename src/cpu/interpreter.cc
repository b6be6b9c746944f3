#include "cpu/interpreter.h"

#include <algorithm>
#include <utility>

#include "base/checked.h"
#include "base/error.h"

namespace sixtops::cpu {
namespace {

// How often each value is still needed: once an operand that reads it, once a place in the output list.
std::vector<int> count_readers(const Graph& graph) {
  std::vector<int> readers(graph.values.size(), 0);
  const auto count = [&](ValueId id) {
    if (id != kNoValue) ++readers[static_cast<size_t>(id)];
  };
  for (const Node& node : graph.nodes) std::for_each(node.inputs.begin(), node.inputs.end(), count);
  std::for_each(graph.outputs.begin(), graph.outputs.end(), count);
  return readers;
}

bool matches(const std::optional<Shape>& declared, const Shape& shape) {
  if (!declared) return true;
  return std::equal(declared->begin(), declared->end(), shape.begin(), shape.end(),
                    [](int64_t want, int64_t have) { return want == kUnknownExtent || want == have; });
}

Status check_input(const Value& value, const Tensor& tensor) {
  if (tensor.dtype() == value.dtype && matches(value.shape, tensor.shape())) return {};
  return invalid_data("input '{}' is {}[{}], the graph wants {}[{}]", value.name, dtype_name(tensor.dtype()),
                      shape_text(tensor.shape()), dtype_name(value.dtype),
                      value.shape ? shape_text(*value.shape) : "..");
}

}  // namespace

Result<int64_t> value_bytes(const Value& value) {
  if (value.constant) return int64_t{0};
  if (!value.shape || !is_static(*value.shape)) {
    return unsupported("the size of tensor '{}' is not known before the graph runs, so its memory cannot be bounded",
                       value.name);
  }
  return checked_multiply(TRY(element_count(*value.shape)), static_cast<int64_t>(dtype_size(value.dtype)));
}

Status check_inputs(const Graph& graph, std::span<const Tensor> inputs) {
  if (inputs.size() != graph.inputs.size()) {
    return invalid_data("the graph has {} inputs, {} tensors were given", graph.inputs.size(), inputs.size());
  }
  for (size_t i = 0; i < inputs.size(); ++i) TRY(check_input(graph.value(graph.inputs[i]), inputs[i]));
  return {};
}

Result<std::vector<Tensor>> run_graph(const Graph& graph, std::span<const Tensor> inputs, const NodeFunction& run_node,
                                      const Observer& observer) {
  TRY(check_inputs(graph, inputs));
  std::vector<Tensor> tensors(graph.values.size());
  std::vector<int> readers = count_readers(graph);
  const auto tensor_of = [&](ValueId id) -> Tensor {
    if (id == kNoValue) return {};
    const Tensor* constant = graph.constant(id);
    return constant != nullptr ? *constant : tensors[static_cast<size_t>(id)];
  };

  for (size_t i = 0; i < inputs.size(); ++i) {
    tensors[static_cast<size_t>(graph.inputs[i])] = inputs[i];
  }
  for (const Node& node : graph.nodes) {
    std::vector<Tensor> operands;
    std::transform(node.inputs.begin(), node.inputs.end(), std::back_inserter(operands), tensor_of);
    std::vector<Tensor> results = TRY(run_node(node, operands));
    operands.clear();
    if (results.size() != node.outputs.size()) {
      return internal_error("node '{}': the kernel of {} gave {} outputs, the node has {}", node.name,
                            op_info(node.op).name, results.size(), node.outputs.size());
    }
    for (size_t i = 0; i < results.size(); ++i) {
      const ValueId id = node.outputs[i];
      if (id == kNoValue) continue;
      if (observer) observer(id, results[i]);
      if (readers[static_cast<size_t>(id)] > 0) tensors[static_cast<size_t>(id)] = std::move(results[i]);
    }
    for (const ValueId id : node.inputs) {
      if (id != kNoValue && --readers[static_cast<size_t>(id)] == 0) tensors[static_cast<size_t>(id)] = {};
    }
  }
  std::vector<Tensor> outputs;
  std::transform(graph.outputs.begin(), graph.outputs.end(), std::back_inserter(outputs), tensor_of);
  return outputs;
}

Result<int64_t> peak_live_bytes(const Graph& graph) {
  std::vector<int> readers = count_readers(graph);
  int64_t live = 0;
  for (const ValueId id : graph.inputs) live = TRY(checked_add(live, TRY(value_bytes(graph.value(id)))));
  int64_t peak = live;
  for (const Node& node : graph.nodes) {
    for (const ValueId id : node.outputs) {
      if (id != kNoValue) live = TRY(checked_add(live, TRY(value_bytes(graph.value(id)))));
    }
    peak = std::max(peak, live);
    for (const ValueId id : node.outputs) {
      if (id != kNoValue && readers[static_cast<size_t>(id)] == 0) live -= TRY(value_bytes(graph.value(id)));
    }
    for (const ValueId id : node.inputs) {
      if (id != kNoValue && --readers[static_cast<size_t>(id)] == 0) live -= TRY(value_bytes(graph.value(id)));
    }
  }
  return peak;
}

}  // namespace sixtops::cpu
