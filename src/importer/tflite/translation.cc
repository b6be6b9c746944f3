#include "importer/tflite/translation.h"

#include <algorithm>

#include "base/error.h"
#include "graph/shape_rules.h"
#include "importer/tflite/model_file.h"

namespace sixtops::importer::tflite {
namespace {

namespace wire = sixtops::wire::tflite;

std::vector<int> indices(const flatbuffers::Vector<int32_t>* list) {
  return list == nullptr ? std::vector<int>() : std::vector<int>(list->begin(), list->end());
}

}  // namespace

Status wrong_options(wire::Operation operation) {
  return invalid_data("the options of {} are missing or those of another operator", wire::EnumNameOperation(operation));
}

Translation::Translation(Tensors& tensors, const wire::Model& model, const wire::Operator& op)
    : tensors_(tensors),
      op_(op),
      operation_(operation_of(model, op)),
      inputs_(indices(op.inputs())),
      outputs_(indices(op.outputs())) {}

Status Translation::expect(size_t least, size_t most, size_t outputs) const {
  const auto required = inputs_.begin() + static_cast<long>(std::min(least, inputs_.size()));
  if (inputs_.size() < least || inputs_.size() > most || std::find(inputs_.begin(), required, -1) != required) {
    return invalid_data("{} inputs, expected {} to {}", inputs_.size(), least, most);
  }
  if (outputs_.size() == outputs) return {};
  return invalid_data("{} outputs, expected {}", outputs_.size(), outputs);
}

Result<ValueId> Translation::input(size_t index) {
  if (!has_input(index)) return invalid_data("input {} is left out", index);
  return tensors_.real(inputs_[index], is_output_quantized());
}

Result<ValueId> Translation::picture(size_t index) { return tensors_.layout().channels_first(TRY(input(index))); }

Result<ValueId> Translation::plain(size_t index) { return tensors_.layout().as_in_file(TRY(input(index))); }

Result<std::vector<ValueId>> Translation::aligned_inputs(size_t first) {
  std::vector<ValueId> operands;
  for (size_t i = first; i < inputs_.size(); ++i) operands.push_back(TRY(input(i)));
  TRY(tensors_.layout().align(operands));
  return operands;
}

Result<ValueId> Translation::weights(size_t index, const Ints& perm) {
  if (!has_input(index)) return invalid_data("the weights are left out");
  return tensors_.real_weights(inputs_[index], perm, is_output_quantized());
}

Result<std::optional<Tensor>> Translation::constant(size_t index) {
  if (!has_input(index)) return std::optional<Tensor>();
  return tensors_.constant(inputs_[index]);
}

Result<Ints> Translation::ints(size_t index) {
  const std::optional<Tensor> tensor = TRY(constant(index));
  if (!tensor || is_float(tensor->dtype())) {
    return unsupported("operand {} ('{}') is computed; constant integers are supported", index,
                       has_input(index) ? tensors_.name(inputs_[index]) : "");
  }
  return values_as<int64_t>(*tensor);
}

Result<ValueId> Translation::step_in_order(bool channels_first, Op op, std::vector<ValueId> inputs,
                                           Attributes attributes) {
  const std::string& name = tensors_.name(outputs_[0]);
  const ValueId id = TRY(tensors_.builder().append(op, name, name + "/" + std::string(op_info(op).name),
                                                   std::move(inputs), std::move(attributes)));
  if (channels_first) tensors_.layout().mark_channels_first(id);
  made_.push_back(id);
  return id;
}

Result<ValueId> Translation::step(Op op, std::vector<ValueId> inputs, Attributes attributes) {
  const bool first = std::any_of(inputs.begin(), inputs.end(), [&](ValueId id) { return is_channels_first(id); });
  return step_in_order(first, op, std::move(inputs), std::move(attributes));
}

Result<std::vector<ValueId>> Translation::step_with_outputs(Op op, std::vector<ValueId> inputs, Attributes attributes,
                                                            size_t outputs) {
  GraphBuilder& builder = tensors_.builder();
  const bool first = is_channels_first(inputs.front());
  Node node;
  node.op = op;
  node.name = tensors_.name(outputs_[0]);
  node.inputs = std::move(inputs);
  node.attributes = std::move(attributes);
  for (size_t i = 0; i < outputs; ++i) {
    node.outputs.push_back(builder.add_temporary(node.name + "/" + std::string(op_info(op).name)));
  }
  std::vector<ValueId> ids = node.outputs;
  TRY(builder.add_node(std::move(node)));
  for (const ValueId id : ids) {
    if (first) tensors_.layout().mark_channels_first(id);
    made_.push_back(id);
  }
  return ids;
}

ValueId Translation::add_constant(Tensor tensor) {
  return tensors_.builder().add_constant(tensors_.name(outputs_[0]) + "/constant", std::move(tensor));
}

Result<ValueId> Translation::activate(ValueId value, wire::Activation activation) {
  Attributes limits;
  switch (activation) {
    case wire::Activation::NONE:
      return value;
    case wire::Activation::RELU:
      return step(Op::kRelu, {value});
    case wire::Activation::RELU_N1_TO_1:
      limits.set("min", -1.0F);
      limits.set("max", 1.0F);
      return step(Op::kClip, {value}, std::move(limits));
    case wire::Activation::RELU6:
      limits.set("min", 0.0F);
      limits.set("max", 6.0F);
      return step(Op::kClip, {value}, std::move(limits));
    case wire::Activation::TANH:
      return step(Op::kTanh, {value});
    default:
      return unsupported("activation {}", wire::EnumNameActivation(activation));
  }
}

Status Translation::write(ValueId value, size_t index) {
  if (index >= outputs_.size()) return invalid_data("output {} is left out", index);
  const auto made = std::find(made_.begin(), made_.end(), value);
  const bool is_new = made != made_.end();
  if (is_new) made_.erase(made);  // a second output is another value
  return tensors_.write(outputs_[index], value, is_new);
}

}  // namespace sixtops::importer::tflite
