#include "importer/onnx/translation.h"

#include <algorithm>

#include "base/error.h"

namespace sixtops::importer::onnx {
namespace {

using wire::onnx::AttributeProto;

// AttributeProto.AttributeType
constexpr int kFloatType = 1;
constexpr int kIntType = 2;
constexpr int kTextType = 3;
constexpr int kFloatsType = 6;
constexpr int kIntsType = 7;

bool is_listed(std::string_view name, std::string_view list) {
  while (!list.empty()) {
    const size_t end = std::min(list.find('|'), list.size());
    if (list.substr(0, end) == name) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

}  // namespace

Result<Attribute> read_attribute(const AttributeProto& proto, FieldType type) {
  const auto is = [&](int wanted) { return proto.type() == wanted || proto.type() == 0; };
  switch (type) {
    case FieldType::kInt:
      if (is(kIntType) && proto.has_i()) return Attribute(proto.i());
      break;
    case FieldType::kFloat:
      if (is(kFloatType) && proto.has_f()) return Attribute(proto.f());
      break;
    case FieldType::kText:
      if (is(kTextType) && proto.has_s()) return Attribute(proto.s());
      break;
    case FieldType::kInts:
      if (is(kIntsType)) return Attribute(Ints(proto.ints().begin(), proto.ints().end()));
      break;
    case FieldType::kFloats:
      if (is(kFloatsType)) return Attribute(Floats(proto.floats().begin(), proto.floats().end()));
      break;
  }
  return invalid_data("attribute '{}' has another type than its operator says", proto.name());
}

Translation::Translation(GraphBuilder& builder, TensorReader& tensors, const FlatNode& node)
    : builder_(builder),
      tensors_(tensors),
      proto_(*node.proto),
      opset_(node.opset),
      output_names_(proto_.output().begin(), proto_.output().end()) {
  for (const std::string& name : proto_.input()) inputs_.push_back(builder.find(name));
  while (!inputs_.empty() && inputs_.back() == kNoValue) inputs_.pop_back();
  while (!output_names_.empty() && output_names_.back().empty()) output_names_.pop_back();
}

Status Translation::expect_inputs(size_t least, size_t most) const {
  const bool complete =
      inputs_.size() >= least && std::find(inputs_.begin(), inputs_.begin() + static_cast<long>(least), kNoValue) ==
                                     inputs_.begin() + static_cast<long>(least);
  if (complete && inputs_.size() <= most) return {};
  return invalid_data("{} inputs, expected {} to {}", inputs_.size(), least, most);
}

const AttributeProto* Translation::attribute(std::string_view name) {
  for (const AttributeProto& candidate : proto_.attribute()) {
    if (candidate.name() != name) continue;
    understood_.emplace(name);
    return &candidate;
  }
  return nullptr;
}

Result<int64_t> Translation::get_int(std::string_view name, int64_t fallback) {
  const AttributeProto* proto = attribute(name);
  return proto == nullptr ? fallback : std::get<int64_t>(TRY(read_attribute(*proto, FieldType::kInt)));
}

Result<float> Translation::get_float(std::string_view name, float fallback) {
  const AttributeProto* proto = attribute(name);
  return proto == nullptr ? fallback : std::get<float>(TRY(read_attribute(*proto, FieldType::kFloat)));
}

Result<std::string> Translation::get_text(std::string_view name, const std::string& fallback) {
  const AttributeProto* proto = attribute(name);
  return proto == nullptr ? fallback : std::get<std::string>(TRY(read_attribute(*proto, FieldType::kText)));
}

Status Translation::check_attributes(std::string_view ignored) const {
  for (const AttributeProto& candidate : proto_.attribute()) {
    if (understood_.contains(candidate.name()) || is_listed(candidate.name(), ignored)) continue;
    return unsupported("attribute '{}' is not known for opset {}", candidate.name(), opset_);
  }
  return {};
}

Status Translation::add(Op op, std::vector<ValueId> inputs, std::vector<ValueId> outputs, Attributes attributes) {
  while (!inputs.empty() && inputs.back() == kNoValue) inputs.pop_back();
  Node node;
  node.op = op;
  node.name = proto_.name().empty() ? output_names_.front() : proto_.name();
  node.inputs = std::move(inputs);
  node.outputs = std::move(outputs);
  node.attributes = std::move(attributes);
  return builder_.add_node(std::move(node));
}

ValueId Translation::define_output(size_t index) {
  return has_output(index) ? builder_.define(output_names_[index], DType::kF32, std::nullopt) : kNoValue;
}

Status Translation::write(Op op, std::vector<ValueId> inputs, Attributes attributes) {
  std::vector<ValueId> outputs;
  for (size_t i = 0; i < output_names_.size(); ++i) outputs.push_back(define_output(i));
  return add(op, std::move(inputs), std::move(outputs), std::move(attributes));
}

Status Translation::write_output(size_t index, Op op, std::vector<ValueId> inputs, Attributes attributes) {
  return add(op, std::move(inputs), {define_output(index)}, std::move(attributes));
}

Status Translation::write_constant(Tensor tensor) {
  const ValueId id = builder_.define(output_names_.front(), tensor.dtype(), tensor.shape());
  builder_.graph.value(id).constant = std::move(tensor);
  return {};
}

Result<ValueId> Translation::step(Op op, std::vector<ValueId> inputs, Attributes attributes) {
  const ValueId id = builder_.add_temporary(output_names_.front() + "/" + std::string(op_info(op).name));
  TRY(add(op, std::move(inputs), {id}, std::move(attributes)));
  return id;
}

ValueId Translation::add_constant(Tensor tensor) {
  return builder_.add_constant(output_names_.front() + "/constant", std::move(tensor));
}

Result<ValueId> Translation::shape_operand(ValueId id) {
  const std::optional<Shape>& known = shape(id);
  if (!known || !is_static(*known)) return step(Op::kShape, {id});
  return add_constant(Tensor::from_values<int64_t>({static_cast<int64_t>(known->size())}, *known));
}

Status Translation::write_custom(Node node, const std::vector<ValueType>& types) {
  for (size_t i = 0; i < output_names_.size(); ++i) {
    const ValueId id = define_output(i);
    node.outputs.push_back(id);
    if (id == kNoValue) continue;
    builder_.graph.value(id).dtype = types[i].dtype;
    builder_.graph.value(id).shape = types[i].shape;
  }
  node.name = proto_.name().empty() ? output_names_.front() : proto_.name();
  node.inputs = inputs_;
  builder_.graph.nodes.push_back(std::move(node));
  return {};
}

}  // namespace sixtops::importer::onnx
