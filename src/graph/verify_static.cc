#include "graph/verify_static.h"

#include <string>

#include "base/error.h"
#include "graph/shape_rules.h"

namespace sixtops {
namespace {

std::string describe(const Node& node) { return fmt::format("node '{}' ({})", node.name, op_info(node.op).name); }

std::string type_text(DType dtype, const std::optional<Shape>& shape) {
  return fmt::format("{}[{}]", dtype_name(dtype), shape ? shape_text(*shape) : "..");
}

Status verify_types(const Graph& graph) {
  for (const ValueId id : graph.inputs) {
    const Value& value = graph.value(id);
    if (!value.shape || !is_static(*value.shape)) {
      return invalid_data("input '{}' has the unknown shape {}; give it with --input", value.name,
                          value.shape ? shape_text(*value.shape) : "..");
    }
  }
  for (const Node& node : graph.nodes) {
    const std::vector<ValueType> types = TRY(infer_node(graph, node));
    for (size_t i = 0; i < types.size(); ++i) {
      if (!node.has_output(i)) continue;
      const Value& value = graph.value(node.outputs[i]);
      if (value.dtype == types[i].dtype && value.shape == types[i].shape) continue;
      return invalid_data("{}: output '{}' is {}, expected {}", describe(node), value.name,
                          type_text(value.dtype, value.shape), type_text(types[i].dtype, types[i].shape));
    }
  }
  return {};
}

// ---- integer nodes

Status expect_type(const Graph& graph, const Node& node, ValueId id, DType dtype) {
  const Value& value = graph.value(id);
  if (value.dtype == dtype) return {};
  return invalid_data("{}: tensor '{}' of an integer node is {}, expected {}", describe(node), value.name,
                      dtype_name(value.dtype), dtype_name(dtype));
}

Status expect_length(const Node& node, std::string_view name, size_t length, int64_t expected) {
  if (static_cast<int64_t>(length) == expected) return {};
  return invalid_data("{}: {} has {} entries, expected {}", describe(node), name, length, expected);
}

Status expect_one_or_channels(const Node& node, std::string_view name, size_t length, int64_t channels) {
  return length == 1 ? Status() : expect_length(node, name, length, channels);
}

// The axis of the output that has its own multiplier, bias and offset an index.
size_t channel_axis(const Node& node, size_t rank) {
  return node.op == Op::kMatMul ? rank - 1 : std::min<size_t>(1, rank - 1);
}

Status verify_weighted(const Graph& graph, const Node& node, int64_t channels) {
  TRY(expect_type(graph, node, node.inputs[1], DType::kI8));
  if (graph.constant(node.inputs[1]) == nullptr) {
    return invalid_data("{}: the weights '{}' of an integer node are not constant", describe(node),
                        graph.value(node.inputs[1]).name);
  }
  const size_t offsets = node.get_ints("weight_offset").size();
  if (offsets != 0) TRY(expect_one_or_channels(node, "weight_offset", offsets, channels));
  if (node.op == Op::kGemm && (node.get_float("alpha") != 1 || node.get_float("beta") != 1)) {
    return invalid_data("{}: alpha and beta of an integer node have to be 1", describe(node));
  }
  if (!node.has_input(2)) return {};
  TRY(expect_type(graph, node, node.inputs[2], DType::kI32));
  const Tensor* bias = graph.constant(node.inputs[2]);
  if (bias == nullptr) return invalid_data("{}: the bias of an integer node is not constant", describe(node));
  if (bias->rank() != 1) {
    return invalid_data("{}: the bias of an integer node has shape {}, expected one axis", describe(node),
                        shape_text(bias->shape()));
  }
  return expect_one_or_channels(node, "the bias", static_cast<size_t>(bias->element_count()), channels);
}

Status verify_requantized(const Graph& graph, const Node& node) {
  const Value& output = graph.value(node.outputs[0]);
  TRY(expect_type(graph, node, node.inputs[0], DType::kI8));
  const bool sums_leave = node.op == Op::kConv && node.get_int("accumulator_output") != 0;
  TRY(expect_type(graph, node, node.outputs[0], sums_leave ? DType::kI32 : DType::kI8));
  if (!output.shape || output.shape->empty()) {
    return invalid_data("{}: an integer node has a scalar or unknown output", describe(node));
  }
  const int64_t channels = (*output.shape)[channel_axis(node, output.shape->size())];
  TRY(expect_one_or_channels(node, "multiplier", node.get_ints("multiplier").size(), channels));
  switch (op_info(node.op).quant_rule) {
    case QuantRule::kWeighted:
      return verify_weighted(graph, node, channels);
    case QuantRule::kAdd:
      TRY(expect_type(graph, node, node.inputs[1], DType::kI8));
      return expect_length(node, "operand_multiplier", node.get_ints("operand_multiplier").size(), 2);
    case QuantRule::kMultiply:
      TRY(expect_type(graph, node, node.inputs[1], DType::kI8));
      return expect_length(node, "input_zero_points", node.get_ints("input_zero_points").size(), 2);
    default:
      return {};
  }
}

Status verify_integer(const Graph& graph, const Node& node) {
  if (node.op == Op::kTable) {
    TRY(expect_type(graph, node, node.inputs[0], DType::kI8));
    return expect_length(node, "table", node.get_ints("table").size(), 256);
  }
  if (op_info(node.op).find_field("multiplier") == nullptr) return {};
  const bool has_multiplier = !node.get_ints("multiplier").empty();
  if (has_multiplier != (node.precision == Precision::kInt8)) {
    return invalid_data("{} has the precision {} and {} multiplier", describe(node), precision_name(node.precision),
                        has_multiplier ? "a" : "no");
  }
  return has_multiplier ? verify_requantized(graph, node) : Status();
}

}  // namespace

Status verify_static(const Graph& graph) {
  TRY(verify_types(graph));
  for (const Node& node : graph.nodes) TRY(verify_integer(graph, node));
  return {};
}

}  // namespace sixtops
