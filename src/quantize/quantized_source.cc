#include "quantize/quantized_source.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

#include "base/error.h"
#include "cpu/reference/kernel.h"
#include "quantize/node_plan.h"
#include "quantize/source_layer.h"

namespace sixtops::quantize {
namespace {

constexpr int kCodeCount = 256;

// What a value of the source is in the result.
struct Form {
  ValueId same = kNoValue;           // the value as the source has it
  ValueId codes = kNoValue;          // of a real number: the codes whose meaning it is
  std::optional<QuantParams> quant;  // of these codes
};

struct Lowering {
  const Graph& source;
  const Uses uses;
  std::set<std::string> keep_float;
  std::vector<int> closers;  // by value id: the QuantizeLinear that it reaches through movement and clamps alone
  std::vector<Form> forms;   // by value id
  Graph result;
  QuantizeReport report;

  Form& at(ValueId id) { return forms[static_cast<size_t>(id)]; }
  const Node& node(int index) const { return source.nodes[static_cast<size_t>(index)]; }
  bool is_output(ValueId id) const { return uses.is_output[static_cast<size_t>(id)]; }
};

QuantRule rule_of(const Node& node) { return op_info(node.op).quant_rule; }

bool moves(const Graph& source, const Node& node) {
  if (rule_of(node) == QuantRule::kConcat) return true;
  return rule_of(node) == QuantRule::kShared && why_movement_is_float(source, node).empty();
}

bool clamps(const Node& node) { return node.op == Op::kRelu || (node.op == Op::kClip && node.inputs.size() == 1); }

// Movement, choice and clamps change places with the rounding to codes, so what stands before them may be rounded
// already. The value must not be read by anything else, which would see the rounding.
std::vector<int> find_closers(const Lowering& l) {
  std::vector<int> closers(l.source.values.size(), kNoNode);
  for (size_t n = l.source.nodes.size(); n-- > 0;) {
    for (const ValueId id : l.source.nodes[n].outputs) {
      if (id == kNoValue || l.is_output(id)) continue;
      const std::vector<int>& readers = l.uses.readers[static_cast<size_t>(id)];
      if (readers.size() != 1) continue;
      const Node& reader = l.node(readers[0]);
      int& closer = closers[static_cast<size_t>(id)];
      if (reader.op == Op::kQuantizeLinear) {
        if (tensor_params(l.source, reader)) closer = readers[0];
      } else if (reader.outputs.size() == 1 && (moves(l.source, reader) || clamps(reader))) {
        closer = closers[static_cast<size_t>(reader.outputs[0])];
      }
    }
  }
  return closers;
}

// ---- the result

ValueId add_value(Lowering& l, ValueId id, DType dtype, std::optional<QuantParams> quant) {
  const Value& value = l.source.value(id);
  // The name of an output is for the value that is handed out.
  const bool is_other = l.is_output(id) && dtype != value.dtype;
  const ValueId added = l.result.add_value(is_other ? value.name + ".codes" : value.name, dtype, value.shape);
  l.result.value(added).quant = std::move(quant);
  return added;
}

void add_constants(Lowering& l) {
  for (size_t i = 0; i < l.source.values.size(); ++i) {
    const Value& value = l.source.values[i];
    if (!value.constant) continue;
    l.forms[i].same = l.result.add_constant(value.name, *value.constant);
    l.result.value(l.forms[i].same).quant = value.quant;
  }
}

// The value as the source has it. Codes that so far nobody needed as real numbers get a DequantizeLinear.
Result<ValueId> operand(Lowering& l, ValueId id) {
  if (id == kNoValue) return kNoValue;
  Form& form = l.at(id);
  if (form.same != kNoValue) return form.same;
  if (form.codes == kNoValue) return internal_error("value '{}' is read before it is made", l.source.value(id).name);
  Node node;
  node.op = Op::kDequantizeLinear;
  node.name = l.source.value(id).name + ".dequantize";
  node.inputs = {form.codes};
  if (form.quant) {
    node.attributes.set("scale", form.quant->scale);
    node.attributes.set("zero_point", Ints{form.quant->zero_point[0]});
  } else {
    const Node& own = l.node(l.uses.producer[static_cast<size_t>(id)]);
    node.name = own.name;
    node.attributes = own.attributes;
  }
  form.same = add_value(l, id, l.source.value(id).dtype, std::nullopt);
  node.outputs = {form.same};
  l.result.nodes.push_back(std::move(node));
  return form.same;
}

void report_layer(Lowering& l, const Node& node, Precision precision, const std::string& reason) {
  LayerFigures figures;
  figures.node = node.name;
  figures.op = op_info(node.op).name;
  figures.precision = precision;
  figures.reason = reason;
  figures.macs = count_macs(l.source, node);
  l.report.layers.push_back(std::move(figures));
}

// The node as the source has it.
Status copy_node(Lowering& l, const Node& node, Precision precision) {
  Node copy = node;
  copy.precision = precision;
  for (ValueId& id : copy.inputs) id = TRY(operand(l, id));
  for (ValueId& id : copy.outputs) {
    if (id == kNoValue) continue;
    const ValueId source_id = id;
    const Value& value = l.source.value(source_id);
    id = add_value(l, source_id, value.dtype, value.quant);
    l.at(source_id).same = id;
  }
  l.result.nodes.push_back(std::move(copy));
  return {};
}

// ---- tables

// REQUIRES: run on its own; its operand and output belong to no graph.
Node quantizer(Op op, const QuantParams& quant) {
  Node node;
  node.op = op;
  node.inputs = {0};
  node.outputs = {1};
  node.attributes.set("scale", quant.scale);
  node.attributes.set("zero_point", Ints{quant.zero_point[0]});
  if (op == Op::kQuantizeLinear) node.attributes.set("to", std::string("i8"));
  return node;
}

// What the source answers for each code: DequantizeLinear, the function, QuantizeLinear. function: nullptr for none.
Result<Ints> table_of(const QuantParams& before, const Node* function, const QuantParams& after) {
  std::vector<int8_t> codes(kCodeCount);
  std::iota(codes.begin(), codes.end(), std::numeric_limits<int8_t>::min());
  Tensor values = Tensor::from_values<int8_t>({kCodeCount}, codes);
  const Node first = quantizer(Op::kDequantizeLinear, before);
  const Node last = quantizer(Op::kQuantizeLinear, after);
  for (const Node* node : {&first, function, &last}) {
    if (node == nullptr) continue;
    std::vector<Tensor> answers = TRY(cpu::reference::run_node(*node, {&values, 1}));
    values = std::move(answers[0]);
  }
  return values_as<int64_t>(values);
}

bool is_identity(const Ints& table) {
  for (size_t i = 0; i < table.size(); ++i) {
    if (table[i] != static_cast<int64_t>(i) - kCodeCount / 2) return false;
  }
  return true;
}

// The codes of `from` through a function, in other parameters: `to` names the value that they become.
Result<ValueId> add_table(Lowering& l, const Form& from, const Node* function, const QuantParams& after, ValueId to,
                          const std::string& name) {
  Ints table = TRY(table_of(*from.quant, function, after));
  if (is_identity(table) && *from.quant == after && !l.is_output(to)) return from.codes;
  Node node;
  node.op = Op::kTable;
  node.name = name;
  node.precision = Precision::kInt8;
  node.inputs = {from.codes};
  node.outputs = {add_value(l, to, DType::kI8, after)};
  node.attributes.set("table", std::move(table));
  l.result.nodes.push_back(std::move(node));
  return l.result.nodes.back().outputs[0];
}

// ---- nodes

Status lower_dequantizer(Lowering& l, const Node& node) {
  const std::optional<QuantParams> quant = tensor_params(l.source, node);
  const bool is_bound_constant = node.inputs.size() == 1 && l.source.constant(node.inputs[0]) != nullptr;
  if (!quant && !is_bound_constant) return copy_node(l, node, node.precision);
  l.at(node.outputs[0]) = {kNoValue, TRY(operand(l, node.inputs[0])), quant};
  return {};
}

Status lower_quantizer(Lowering& l, const Node& node) {
  const std::optional<QuantParams> after = tensor_params(l.source, node);
  const Form& from = l.at(node.inputs[0]);
  if (!after || !from.quant) return copy_node(l, node, node.precision);
  l.at(node.outputs[0]).same = TRY(add_table(l, from, nullptr, *after, node.outputs[0], node.name));
  return {};
}

Result<QuantParams> result_params(const Lowering& l, const Node& node) {
  const int closer = l.closers[static_cast<size_t>(node.outputs[0])];
  if (closer == kNoNode) return unsupported("its result is not quantized");
  return *tensor_params(l.source, l.node(closer));
}

Status check_codes(Lowering& l, const Node& node, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (!node.has_input(i) || !l.at(node.inputs[i]).quant) return unsupported("its input is not quantized");
  }
  return {};
}

Status lower_function(Lowering& l, const Node& node) {
  TRY(check_codes(l, node, 1));
  if (node.inputs.size() != 1) return unsupported("its limits are computed, not constant");
  const QuantParams after = TRY(result_params(l, node));
  const ValueId codes = TRY(add_table(l, l.at(node.inputs[0]), &node, after, node.outputs[0], node.name));
  l.at(node.outputs[0]) = {kNoValue, codes, after};
  return {};
}

// Parts of a concatenation that have parameters of their own take those that its result gets.
Result<std::vector<Form>> equal_parts(Lowering& l, const Node& node) {
  TRY(check_codes(l, node, node.inputs.size()));
  std::vector<Form> parts;
  for (const ValueId id : node.inputs) parts.push_back(l.at(id));
  const bool equal =
      std::all_of(parts.begin(), parts.end(), [&](const Form& part) { return part.quant == parts[0].quant; });
  if (equal) return parts;
  const QuantParams after = TRY(result_params(l, node));
  for (size_t i = 0; i < parts.size(); ++i) {
    const std::string name = l.source.value(node.inputs[i]).name + ".requantize";
    parts[i].codes = TRY(add_table(l, parts[i], nullptr, after, node.inputs[i], name));
    parts[i].quant = after;
  }
  return parts;
}

Status lower_movement(Lowering& l, const Node& node) {
  const bool joins = rule_of(node) == QuantRule::kConcat;
  if (!joins) {
    TRY(check_codes(l, node, 1));
    if (const std::string reason = why_movement_is_float(l.source, node); !reason.empty()) {
      return unsupported("{}", reason);
    }
  }
  const std::vector<Form> parts = joins ? TRY(equal_parts(l, node)) : std::vector<Form>{l.at(node.inputs[0])};
  const QuantParams quant = *parts[0].quant;
  Node moved = node;
  moved.precision = Precision::kInt8;
  for (size_t i = 0; i < node.inputs.size(); ++i) {
    moved.inputs[i] = i < parts.size() ? parts[i].codes : TRY(operand(l, node.inputs[i]));
  }
  // Zero of the real numbers is the zero point of the codes.
  if (node.op == Op::kPad) moved.attributes.set("value", static_cast<float>(quant.zero_point[0]));
  for (size_t i = 0; i < node.outputs.size(); ++i) {
    const ValueId id = node.outputs[i];
    if (id == kNoValue) continue;
    moved.outputs[i] = add_value(l, id, DType::kI8, quant);
    l.at(id) = {kNoValue, moved.outputs[i], quant};
  }
  l.result.nodes.push_back(std::move(moved));
  return {};
}

Status lower_accumulating(Lowering& l, const Node& node) {
  if (l.source.value(node.outputs[0]).shape->empty()) return unsupported("its result is a scalar");
  const QuantRule rule = rule_of(node);
  const bool takes_two = rule == QuantRule::kAdd || rule == QuantRule::kMultiply;
  TRY(check_codes(l, node, takes_two ? 2 : 1));
  const QuantParams after = TRY(result_params(l, node));
  std::vector<ValueId> inputs;
  std::vector<QuantParams> operands;
  for (size_t i = 0; i < (takes_two ? 2U : 1U); ++i) {
    inputs.push_back(l.at(node.inputs[i]).codes);
    operands.push_back(*l.at(node.inputs[i]).quant);
  }
  SourceLayer layer = TRY(integer_layer_of(l.source, l.uses, node, operands, after));
  if (rule == QuantRule::kWeighted) {
    inputs.push_back(l.at(weight_codes(l.source, l.uses, node)).same);
    const std::string name = node.has_input(2) ? l.source.value(node.inputs[2]).name : node.name + ".bias";
    const Shape shape = {static_cast<int64_t>(layer.bias.size())};
    inputs.push_back(l.result.add_constant(name, Tensor::from_values<int32_t>(shape, layer.bias)));
  }
  const ValueId codes = add_value(l, node.outputs[0], DType::kI8, after);
  layer.node.inputs = std::move(inputs);
  layer.node.outputs = {codes};
  l.result.nodes.push_back(std::move(layer.node));
  l.at(node.outputs[0]) = {kNoValue, codes, after};
  return {};
}

bool has_known_shape(const Graph& graph, ValueId id) {
  return id != kNoValue && graph.value(id).shape && is_static(*graph.value(id).shape);
}

// kUnsupported, and nothing is added, when the node has to stay float.
Status lower_integer(Lowering& l, const Node& node) {
  if (l.keep_float.count(node.name) != 0) return unsupported("it was asked to stay float");
  const QuantRule rule = rule_of(node);
  if (rule == QuantRule::kFloat) return unsupported("the operator has no integer form");
  if (node.inputs.empty() || !has_known_shape(l.source, node.inputs[0]) ||
      !has_known_shape(l.source, node.outputs[0])) {
    return unsupported("its shape depends on data");
  }
  switch (rule) {
    case QuantRule::kTable:
      return lower_function(l, node);
    case QuantRule::kShared:
    case QuantRule::kConcat:
      return lower_movement(l, node);
    default:
      return lower_accumulating(l, node);
  }
}

// Movement that the source does on codes itself.
bool moves_codes(const Graph& source, const Node& node) {
  return !node.inputs.empty() && node.inputs[0] != kNoValue && source.value(node.inputs[0]).dtype == DType::kI8 &&
         moves(source, node);
}

Status lower_node(Lowering& l, const Node& node) {
  if (node.op == Op::kDequantizeLinear) return lower_dequantizer(l, node);
  if (node.op == Op::kQuantizeLinear) return lower_quantizer(l, node);
  if (moves_codes(l.source, node)) {
    report_layer(l, node, Precision::kInt8, "");
    return copy_node(l, node, Precision::kInt8);
  }
  Status status = lower_integer(l, node);
  if (!status.ok() && status.code() != StatusCode::kUnsupported) return status;
  report_layer(l, node, status.ok() ? Precision::kInt8 : node.precision, status.message());
  return status.ok() ? status : copy_node(l, node, node.precision);
}

// ---- inputs and outputs

// The parameters by which all readers of an input quantize it.
std::optional<QuantParams> input_params(const Lowering& l, ValueId id) {
  const std::vector<int>& readers = l.uses.readers[static_cast<size_t>(id)];
  std::optional<QuantParams> params;
  for (const int reader : readers) {
    if (l.node(reader).op != Op::kQuantizeLinear) return std::nullopt;
    const std::optional<QuantParams> own = tensor_params(l.source, l.node(reader));
    if (!own || (params && *own != *params)) return std::nullopt;
    params = own;
  }
  return l.is_output(id) ? std::nullopt : params;
}

void add_inputs(Lowering& l) {
  for (const ValueId id : l.source.inputs) {
    const Value& value = l.source.value(id);
    const std::optional<QuantParams> params = input_params(l, id);
    const ValueId added = add_value(l, id, params ? DType::kI8 : value.dtype, params ? params : value.quant);
    l.result.inputs.push_back(added);
    if (params) {
      l.at(id) = {kNoValue, added, params};
    } else {
      l.at(id).same = added;
    }
  }
}

Status check_names(const Graph& graph, std::set<std::string> names) {
  for (const Node& node : graph.nodes) names.erase(node.name);
  if (names.empty()) return {};
  return usage_error("--keep-float '{}': the network has no node of this name; `sixtops inspect` lists them",
                     *names.begin());
}

}  // namespace

bool is_quantized_source(const Graph& graph) {
  // An input that arrives as codes does not make a network of float layers a quantized one.
  return std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const Node& node) {
    return node.op == Op::kQuantizeLinear &&
           std::find(graph.inputs.begin(), graph.inputs.end(), node.inputs[0]) == graph.inputs.end();
  });
}

Result<QuantizeReport> quantize_quantized_source(Graph& graph, const std::vector<std::string>& keep_float) {
  Lowering l{graph, find_uses(graph), {keep_float.begin(), keep_float.end()}, {}, {}, {}, {}};
  TRY(check_names(graph, l.keep_float));
  l.closers = find_closers(l);
  l.forms.resize(graph.values.size());
  l.result.name = graph.name;
  l.result.hints = graph.hints;
  l.result.input_descriptions = graph.input_descriptions;
  add_constants(l);
  add_inputs(l);
  for (const Node& node : graph.nodes) TRY(lower_node(l, node).with_prefix("node '" + node.name + "': "));
  for (const ValueId id : graph.outputs) l.result.outputs.push_back(TRY(operand(l, id)));
  remove_nodes(l.result, std::vector<bool>(l.result.nodes.size(), false));  // constants that nobody reads any more
  l.report.output_sqnr_db = std::numeric_limits<double>::quiet_NaN();
  graph = std::move(l.result);
  return std::move(l.report);
}

}  // namespace sixtops::quantize
