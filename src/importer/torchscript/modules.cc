#include "importer/torchscript/modules.h"

#include "base/error.h"

namespace sixtops::importer::torchscript {
namespace {

using Kind = PickleValue::Kind;

PickleRef find_in(const PickleValue& object, const char* table, const std::string& name) {
  const PickleRef entries = object.find(table);
  return entries == nullptr ? nullptr : entries->find(name);
}

}  // namespace

std::string_view Module::class_name() const {
  const std::string_view full = object->text;
  return full.substr(full.rfind('.') + 1);
}

PickleRef Module::attribute(const std::string& name) const {
  for (const PickleRef found : {object->find(name), find_in(*object, "_parameters", name),
                                find_in(*object, "_buffers", name), find_in(*object, "_modules", name)}) {
    if (found != nullptr) return found->is(Kind::kNone) ? nullptr : found;
  }
  return nullptr;
}

bool Module::has_child(const std::string& name) const {
  const PickleRef found = find_in(*object, "_modules", name);
  return found != nullptr && found->is(Kind::kObject);
}

Result<Module> Module::child(const std::string& name) const {
  if (!has_child(name)) return invalid_data("module '{}' ({}) has no part '{}'", place, class_name(), name);
  return Module{find_in(*object, "_modules", name), place.empty() ? name : place + "." + name};
}

Result<std::vector<Module>> Module::children() const {
  std::vector<Module> modules;
  const PickleRef entries = object->find("_modules");
  if (entries == nullptr) return invalid_data("module '{}' ({}) has no parts", place, class_name());
  for (const auto& [key, value] : entries->entries) {
    if (!key->is(Kind::kText) || !value->is(Kind::kObject))
      return invalid_data("module '{}' has a part that is none", place);
    modules.push_back({value, place.empty() ? key->text : place + "." + key->text});
  }
  return modules;
}

Result<int64_t> Module::integer(const std::string& name) const {
  const PickleRef found = attribute(name);
  if (found != nullptr && (found->is(Kind::kInt) || found->is(Kind::kBool))) return found->integer;
  return invalid_data("module '{}' ({}) has no number '{}'", place, class_name(), name);
}

Result<int64_t> Module::integer_or(const std::string& name, int64_t fallback) const {
  return attribute(name) == nullptr ? Result<int64_t>(fallback) : integer(name);
}

Result<double> Module::number_or(const std::string& name, double fallback) const {
  const PickleRef found = attribute(name);
  if (found == nullptr) return fallback;
  return found->is(Kind::kFloat) ? found->number : static_cast<double>(TRY(integer(name)));
}

bool Module::flag_or(const std::string& name, bool fallback) const {
  const PickleRef found = attribute(name);
  return found != nullptr && found->is(Kind::kBool) ? found->integer != 0 : fallback;
}

Result<Ints> Module::pair(const std::string& name) const {
  const PickleRef found = attribute(name);
  if (found != nullptr && found->is(Kind::kInt)) return Ints{found->integer, found->integer};
  if (found != nullptr && found->is(Kind::kTuple) && found->items.size() == 2 && found->items[0]->is(Kind::kInt) &&
      found->items[1]->is(Kind::kInt)) {
    return Ints{found->items[0]->integer, found->items[1]->integer};
  }
  return invalid_data("module '{}' ({}): '{}' is no pair of numbers", place, class_name(), name);
}

Result<Tensor> ModuleBuilder::read(const Module& module, const std::string& name) const {
  const PickleRef found = module.attribute(name);
  if (found == nullptr || !found->is(Kind::kTensor)) {
    return invalid_data("module '{}' ({}) has no tensor '{}'", module.place, module.class_name(), name);
  }
  const Result<Tensor> tensor = archive_.tensor(found->tensor);
  if (!tensor.ok()) return tensor.status().with_prefix("tensor '" + module.place + "." + name + "': ");
  return is_float(tensor->dtype()) && tensor->dtype() != DType::kF32 ? cast(*tensor, DType::kF32) : tensor;
}

Result<ValueId> ModuleBuilder::parameter(const Module& module, const std::string& name) {
  if (module.attribute(name) == nullptr) return kNoValue;
  return builder_.add_constant(module.place + "." + name, TRY(read(module, name)));
}

Result<ValueId> ModuleBuilder::step(const Module& module, Op op, std::vector<ValueId> inputs, Attributes attributes) {
  Result<ValueId> id = builder_.append(op, module.place, module.place + "/" + std::string(op_info(op).name),
                                       std::move(inputs), std::move(attributes));
  if (!id.ok()) return id.status().with_prefix(fmt::format("module '{}' ({}): ", module.place, module.class_name()));
  return id;
}

Result<ValueId> ModuleBuilder::concat(const Module& module, std::vector<ValueId> parts) {
  Attributes attributes;
  attributes.set("axis", int64_t{1});
  return step(module, Op::kConcat, std::move(parts), std::move(attributes));
}

Result<std::vector<ValueId>> ModuleBuilder::split(const Module& module, ValueId x, int64_t axis, Ints sizes) {
  Node node;
  node.op = Op::kSplit;
  node.name = module.place;
  node.inputs = {x};
  for (size_t i = 0; i < sizes.size(); ++i) node.outputs.push_back(builder_.add_temporary(module.place + "/Split"));
  node.attributes.set("axis", axis);
  node.attributes.set("split", std::move(sizes));
  std::vector<ValueId> ids = node.outputs;
  TRY(builder_.add_node(std::move(node)));
  return ids;
}

}  // namespace sixtops::importer::torchscript
