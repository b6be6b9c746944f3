#include "importer/tensorflow/translation.h"

#include <algorithm>

#include "base/error.h"

namespace sixtops::importer::tensorflow {

using wire::tensorflow::AttrValue;

std::string value_name(const std::string& input) {
  return input.ends_with(":0") ? input.substr(0, input.size() - 2) : input;
}

Translation::Translation(GraphBuilder& builder, ChannelsLast& layout, Values& values,
                         const wire::tensorflow::NodeDef& node)
    : builder_(builder), layout_(layout), values_(values), node_(node) {
  for (const std::string& input : node.input()) {
    if (!input.starts_with('^')) inputs_.push_back(value_name(input));
  }
}

Result<ValueId> Translation::input(size_t index) const {
  if (index >= inputs_.size()) return invalid_data("{} inputs, expected {}", inputs_.size(), index + 1);
  const auto found = values_.find(inputs_[index]);
  if (found == values_.end()) return invalid_data("it reads '{}', which nothing writes", inputs_[index]);
  return found->second;
}

Result<ValueId> Translation::picture(size_t index) const { return layout_.channels_first(TRY(input(index))); }
Result<ValueId> Translation::plain(size_t index) const { return layout_.as_in_file(TRY(input(index))); }

Result<std::vector<ValueId>> Translation::aligned_inputs(size_t count) const {
  std::vector<ValueId> operands;
  for (size_t i = 0; i < count; ++i) operands.push_back(TRY(input(i)));
  TRY(layout_.align(operands));
  return operands;
}

Result<Tensor> Translation::constant(size_t index) const {
  const ValueId id = TRY(plain(index));
  const Tensor* tensor = builder_.graph.constant(id);
  if (tensor == nullptr)
    return unsupported("operand {} ('{}') is computed; constants are supported", index, inputs_[index]);
  return *tensor;
}

Result<Ints> Translation::ints(size_t index) const {
  const Tensor tensor = TRY(constant(index));
  if (is_float(tensor.dtype())) return invalid_data("operand {} is no integer", index);
  return values_as<int64_t>(tensor);
}

Result<int64_t> Translation::integer(size_t index) const {
  const Ints values = TRY(ints(index));
  if (values.size() != 1) return invalid_data("operand {} has {} numbers, expected 1", index, values.size());
  return values[0];
}

const AttrValue* Translation::attribute(const std::string& name) const {
  const auto found = node_.attr().find(name);
  return found == node_.attr().end() ? nullptr : &found->second;
}

int64_t Translation::get_int(const std::string& name, int64_t fallback) const {
  const AttrValue* value = attribute(name);
  return value != nullptr && value->has_i()      ? value->i()
         : value != nullptr && value->has_type() ? value->type()
                                                 : fallback;
}

float Translation::get_float(const std::string& name, float fallback) const {
  const AttrValue* value = attribute(name);
  return value != nullptr && value->has_f() ? value->f() : fallback;
}

bool Translation::get_flag(const std::string& name, bool fallback) const {
  const AttrValue* value = attribute(name);
  return value != nullptr && value->has_b() ? value->b() : fallback;
}

std::string Translation::get_text(const std::string& name, const std::string& fallback) const {
  const AttrValue* value = attribute(name);
  return value != nullptr && value->has_s() ? value->s() : fallback;
}

Ints Translation::get_ints(const std::string& name) const {
  const AttrValue* value = attribute(name);
  return value == nullptr ? Ints() : Ints(value->list().i().begin(), value->list().i().end());
}

std::vector<std::string> Translation::get_texts(const std::string& name) const {
  const AttrValue* value = attribute(name);
  if (value == nullptr) return {};
  return {value->list().s().begin(), value->list().s().end()};
}

Status Translation::expect_channels_last() const {
  const std::string format = get_text("data_format", "NHWC");
  return format == "NHWC" ? Status() : unsupported("data format {}; export with NHWC", format);
}

Result<ValueId> Translation::step_in_order(bool channels_first, Op op, std::vector<ValueId> inputs,
                                           Attributes attributes) {
  const std::string& name = node_.name();
  const ValueId id = TRY(
      builder_.append(op, name, name + "/" + std::string(op_info(op).name), std::move(inputs), std::move(attributes)));
  if (channels_first) layout_.mark_channels_first(id);
  return id;
}

Result<ValueId> Translation::step(Op op, std::vector<ValueId> inputs, Attributes attributes) {
  const bool first =
      std::any_of(inputs.begin(), inputs.end(), [&](ValueId id) { return layout_.is_channels_first(id); });
  return step_in_order(first, op, std::move(inputs), std::move(attributes));
}

Result<std::vector<ValueId>> Translation::step_with_outputs(Op op, std::vector<ValueId> inputs, Attributes attributes,
                                                            size_t outputs) {
  const bool first = layout_.is_channels_first(inputs.front());
  Node node;
  node.op = op;
  node.name = node_.name();
  node.inputs = std::move(inputs);
  node.attributes = std::move(attributes);
  for (size_t i = 0; i < outputs; ++i) {
    node.outputs.push_back(builder_.add_temporary(node.name + "/" + std::string(op_info(op).name)));
  }
  std::vector<ValueId> ids = node.outputs;
  TRY(builder_.add_node(std::move(node)));
  for (const ValueId id : ids) {
    if (first) layout_.mark_channels_first(id);
  }
  return ids;
}

ValueId Translation::add_constant(Tensor tensor) {
  return builder_.add_constant(node_.name() + "/constant", std::move(tensor));
}

Result<ValueId> Translation::activate(ValueId x, const std::string& activation, size_t slope_input) {
  Attributes attributes;
  if (activation == "Relu") return step(Op::kRelu, {x});
  if (activation == "Sigmoid") return step(Op::kSigmoid, {x});
  if (activation == "Tanh") return step(Op::kTanh, {x});
  if (activation == "Elu") return step(Op::kElu, {x});
  if (activation == "Relu6") {
    attributes.set("min", 0.0F);
    attributes.set("max", 6.0F);
    return step(Op::kClip, {x}, std::move(attributes));
  }
  if (activation == "LeakyRelu") {
    return step(Op::kLeakyRelu, {x}, with("alpha", get_float("leakyrelu_alpha", get_float("alpha", 0.2F))));
  }
  if (activation == "Prelu") {
    std::vector<ValueId> operands = {x, TRY(input(slope_input))};
    TRY(layout_.align(operands));
    return step(Op::kPRelu, std::move(operands));
  }
  return unsupported("fused operator {}", activation);
}

Status Translation::write(ValueId value, size_t index) {
  const std::string name = index == 0 ? node_.name() : fmt::format("{}:{}", node_.name(), index);
  const std::string& own = builder_.graph.value(value).name;
  // Only what this node made may take its name.
  if (own.starts_with(node_.name() + "/") && builder_.find(name) == kNoValue) builder_.rename(value, name);
  values_[name] = value;
  return {};
}

}  // namespace sixtops::importer::tensorflow
