// Parameters that an imported graph passes as constant tensors become attributes, and the operands go: a static graph
// has the parameters of Reshape, Slice, Pad, ... where the verifier, the quantizer and the plans look for them.
//
// Left alone: parameters that are computed, bounds and fill values that a float32 attribute cannot hold exactly, scales
// of other types than float32 (they decide the type of the result), NaN.
#include <array>
#include <cmath>
#include <string>

#include "passes/graph_editor.h"
#include "passes/passes.h"

namespace sixtops::passes {
namespace {

struct Parameter {
  Op op;
  size_t input;
  std::string_view attribute;
};

constexpr auto kParameters = std::to_array<Parameter>({
    {Op::kClip, 1, "min"},
    {Op::kClip, 2, "max"},
    {Op::kReduceL1, 1, "axes"},
    {Op::kReduceL2, 1, "axes"},
    {Op::kReduceLogSum, 1, "axes"},
    {Op::kReduceLogSumExp, 1, "axes"},
    {Op::kReduceMax, 1, "axes"},
    {Op::kReduceMean, 1, "axes"},
    {Op::kReduceMin, 1, "axes"},
    {Op::kReduceProd, 1, "axes"},
    {Op::kReduceSum, 1, "axes"},
    {Op::kReduceSumSquare, 1, "axes"},
    {Op::kCumSum, 1, "axis"},
    {Op::kTopK, 1, "k"},
    {Op::kExpand, 1, "shape"},
    {Op::kPad, 1, "pads"},
    {Op::kPad, 2, "value"},
    {Op::kPad, 3, "axes"},
    {Op::kReshape, 1, "shape"},
    {Op::kSlice, 1, "starts"},
    {Op::kSlice, 2, "ends"},
    {Op::kSlice, 3, "axes"},
    {Op::kSlice, 4, "steps"},
    {Op::kSplit, 1, "split"},
    {Op::kSqueeze, 1, "axes"},
    {Op::kTile, 1, "repeats"},
    {Op::kTrilu, 1, "k"},
    {Op::kUnsqueeze, 1, "axes"},
    {Op::kResize, 1, "roi"},
    {Op::kResize, 2, "scales"},
    {Op::kResize, 3, "sizes"},
    {Op::kQuantizeLinear, 1, "scale"},
    {Op::kQuantizeLinear, 2, "zero_point"},
    {Op::kDequantizeLinear, 1, "scale"},
    {Op::kDequantizeLinear, 2, "zero_point"},
});

// The tensor as an attribute of the field's type; nothing when it does not fit.
std::optional<Attribute> to_attribute(const Field& field, const Tensor& tensor) {
  const bool is_list = field.type == FieldType::kInts || field.type == FieldType::kFloats;
  if (!is_list && tensor.element_count() != 1) return std::nullopt;
  const std::vector<double> numbers = values_as<double>(tensor);
  for (const double number : numbers) {
    if (!(number >= field.min && number <= field.max)) return std::nullopt;
  }
  switch (field.type) {
    case FieldType::kInt:
      return Attribute(values_as<int64_t>(tensor)[0]);
    case FieldType::kInts:
      return Attribute(values_as<int64_t>(tensor));
    case FieldType::kFloat: {
      const auto value = static_cast<float>(numbers[0]);
      // Integers are compared as they are: a double does not tell 2^53 from 2^53 + 1.
      const bool is_exact =
          is_float(tensor.dtype()) ? static_cast<double>(value) == numbers[0] : std::abs(numbers[0]) <= 0x1p24;
      return is_exact ? std::optional(Attribute(value)) : std::nullopt;
    }
    case FieldType::kFloats:
      return tensor.dtype() == DType::kF32 ? std::optional(Attribute(values_as<float>(tensor))) : std::nullopt;
    case FieldType::kText:
      break;
  }
  return std::nullopt;
}

void drop_operand(Node& node, size_t index) {
  node.inputs[index] = kNoValue;
  while (!node.inputs.empty() && node.inputs.back() == kNoValue) node.inputs.pop_back();
}

void bind(const Graph& graph, Node& node, const Parameter& parameter) {
  if (!node.has_input(parameter.input)) return;
  const Tensor* tensor = graph.constant(node.inputs[parameter.input]);
  if (tensor == nullptr) return;
  const bool is_resize = node.op == Op::kResize;
  // An empty list stands for a parameter that is left out, where the operator has several forms.
  if (is_resize && (tensor->empty() || (parameter.attribute == "roi" &&
                                        node.get_text("coordinate_transformation_mode") != "tf_crop_and_resize"))) {
    return drop_operand(node, parameter.input);
  }
  std::optional<Attribute> attribute = to_attribute(*op_info(node.op).find_field(parameter.attribute), *tensor);
  if (!attribute) return;
  node.attributes.set(parameter.attribute, std::move(*attribute));
  drop_operand(node, parameter.input);
}

// Scale and zero point belong together: as attributes or as operands, not mixed. The type of the codes, which the zero
// point decides otherwise, is written down.
void bind_quantization(const Graph& graph, Node& node) {
  const bool has_zero_point = node.has_input(2);
  if (!node.has_input(1) || graph.constant(node.inputs[1]) == nullptr ||
      graph.value(node.inputs[1]).dtype != DType::kF32 ||
      (has_zero_point && graph.constant(node.inputs[2]) == nullptr)) {
    return;
  }
  if (node.op == Op::kQuantizeLinear && node.get_text("to").empty()) {
    const DType codes = has_zero_point ? graph.value(node.inputs[2]).dtype : DType::kU8;
    node.attributes.set("to", std::string(dtype_name(codes)));
  }
  const auto count = static_cast<size_t>(graph.constant(node.inputs[1])->element_count());
  if (!has_zero_point) node.attributes.set("zero_point", Ints(count, 0));
  bind(graph, node, {node.op, 2, "zero_point"});
  bind(graph, node, {node.op, 1, "scale"});
}

}  // namespace

Status bind_constant_operands(Graph& graph, const PassOptions&) {
  for (Node& node : graph.nodes) {
    if (node.op == Op::kQuantizeLinear || node.op == Op::kDequantizeLinear) {
      bind_quantization(graph, node);
      continue;
    }
    // From the last operand to the first, so that dropping one does not move another.
    for (size_t i = kParameters.size(); i-- > 0;) {
      if (kParameters[i].op == node.op) bind(graph, node, kParameters[i]);
    }
  }
  return GraphEditor(graph).finish();
}

}  // namespace sixtops::passes
