#include "importer/torchscript/call.h"

#include <cmath>

#include "base/error.h"

namespace sixtops::importer::torchscript {
namespace {

using Kind = Value::Kind;

const Value kAbsent;

Status wrong(size_t index, const char* wanted) { return invalid_data("argument {} is not {}", index, wanted); }

}  // namespace

const Value& Call::value(size_t index, const char* name) const {
  if (index < arguments_.size()) return arguments_[index];
  const auto named = named_.find(name);
  return named == named_.end() ? kAbsent : named->second;
}

bool Call::has(size_t index, const char* name) const { return !value(index, name).is(Kind::kNone); }

Result<ValueId> Call::tensor(size_t index, const char* name) {
  const Value& argument = value(index, name);
  if (argument.is(Kind::kTensor)) return argument.tensor;
  if (argument.is(Kind::kInt)) return add_constant(Tensor::scalar(argument.integer));
  if (argument.is_number()) return add_constant(Tensor::scalar(static_cast<float>(argument.as_double())));
  return wrong(index, "a tensor");
}

Result<ValueId> Call::maybe_tensor(size_t index) { return has(index) ? tensor(index) : Result<ValueId>(kNoValue); }

Result<std::vector<ValueId>> Call::tensors(size_t index) {
  const Value& argument = value(index);
  if (!argument.is(Kind::kList) && !argument.is(Kind::kTuple)) return wrong(index, "a list of tensors");
  std::vector<ValueId> ids;
  for (const Value& item : argument.items) {
    if (!item.is(Kind::kTensor)) return wrong(index, "a list of tensors");
    ids.push_back(item.tensor);
  }
  if (ids.empty()) return invalid_data("argument {} is an empty list", index);
  return ids;
}

Result<int64_t> Call::integer(size_t index, const char* name) const {
  const Value& argument = value(index, name);
  if (argument.is(Kind::kInt) || argument.is(Kind::kBool)) return argument.integer;
  if (argument.is(Kind::kTensor)) {
    const Tensor* known = constant(argument.tensor);
    if (known != nullptr && known->element_count() == 1) return values_as<int64_t>(*known)[0];
  }
  return wrong(index, "a known whole number");
}

Result<int64_t> Call::integer_or(size_t index, int64_t fallback, const char* name) const {
  return has(index, name) ? integer(index, name) : Result<int64_t>(fallback);
}

Result<double> Call::number(size_t index, const char* name) const {
  const Value& argument = value(index, name);
  if (argument.is_number()) return argument.as_double();
  if (argument.is(Kind::kTensor)) {
    const Tensor* known = constant(argument.tensor);
    if (known != nullptr && known->element_count() == 1) return values_as<double>(*known)[0];
  }
  return wrong(index, "a known number");
}

Result<double> Call::number_or(size_t index, double fallback, const char* name) const {
  return has(index, name) ? number(index, name) : Result<double>(fallback);
}

Result<bool> Call::boolean_or(size_t index, bool fallback, const char* name) const {
  return TRY(integer_or(index, fallback ? 1 : 0, name)) != 0;
}

Result<std::string> Call::text_or(size_t index, const std::string& fallback, const char* name) const {
  if (!has(index, name)) return fallback;
  const Value& argument = value(index, name);
  return argument.is(Kind::kText) ? Result<std::string>(argument.text) : wrong(index, "a text");
}

Result<Ints> Call::ints(size_t index, const char* name) const {
  const Value& argument = value(index, name);
  if (argument.is(Kind::kInt)) return Ints{argument.integer};
  if (!argument.is(Kind::kList) && !argument.is(Kind::kTuple)) return wrong(index, "a list of whole numbers");
  Ints list;
  for (const Value& item : argument.items) {
    if (!item.is(Kind::kInt)) return wrong(index, "a list of whole numbers");
    list.push_back(item.integer);
  }
  return list;
}

Result<Ints> Call::ints_of(size_t index, size_t size, const Ints& fallback) const {
  if (!has(index)) return fallback;
  Ints list = TRY(ints(index));
  if (list.empty()) return fallback;
  if (list.size() == 1) list.resize(size, list[0]);
  if (list.size() != size) return invalid_data("argument {} has {} numbers, expected {}", index, list.size(), size);
  return list;
}

Result<int64_t> Call::axis(size_t index, ValueId of, const char* name) const {
  const auto rank = static_cast<int>(TRY(shape(of)).size());
  return int64_t{TRY(normalize_axis(TRY(integer(index, name)), std::max(rank, 1)))};
}

Result<ValueId> Call::step(Op op, std::vector<ValueId> inputs, Attributes attributes) {
  return builder_.append(op, label_, label_, std::move(inputs), std::move(attributes));
}

Result<Value> Call::write(Op op, std::vector<ValueId> inputs, Attributes attributes) {
  return Value::of_tensor(TRY(step(op, std::move(inputs), std::move(attributes))));
}

Result<std::vector<ValueId>> Call::step_with_outputs(Op op, std::vector<ValueId> inputs, Attributes attributes,
                                                     size_t outputs) {
  Node node;
  node.op = op;
  node.name = label_;
  node.inputs = std::move(inputs);
  node.attributes = std::move(attributes);
  for (size_t i = 0; i < outputs; ++i) node.outputs.push_back(builder_.add_temporary(label_));
  std::vector<ValueId> ids = node.outputs;
  TRY(builder_.add_node(std::move(node)));
  return ids;
}

ValueId Call::add_constant(Tensor tensor) { return builder_.add_constant(label_ + "/constant", std::move(tensor)); }

Result<ValueId> Call::reshape(ValueId id, Shape shape) {
  return step(Op::kReshape, {id}, with("shape", Ints(std::move(shape))));
}

Result<ValueId> Call::transpose(ValueId id, Ints perm) {
  return step(Op::kTranspose, {id}, with("perm", std::move(perm)));
}

}  // namespace sixtops::importer::torchscript
