#include "importer/torchscript/inliner.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.h"
#include "importer/input_shapes.h"
#include "importer/torchscript/code.h"
#include "importer/torchscript/operators.h"
#include "importer/unsupported_operators.h"

namespace sixtops::importer::torchscript {
namespace {

using Kind = Value::Kind;
using Names = std::map<std::string, Value, std::less<>>;

constexpr int kMaxCallDepth = 100;
constexpr int64_t kMaxStatements = 1000000;

std::string place_below(const std::string& place, const std::string& name) {
  return place.empty() ? name : place + "." + name;
}

class Inliner {
 public:
  Inliner(const Archive& archive, const PickleValue& constants) : archive_(archive), constants_(constants) {}

  Result<Graph> run(const PickleValue& module, const ImportOptions& options) {
    Value root;
    root.kind = Kind::kModule;
    root.module = &module;
    const Method* forward = TRY(find_method(module, "forward"));
    std::vector<Value> arguments = TRY(define_inputs(*forward, options));
    const Value result = TRY(follow(*forward, root, std::move(arguments), 0));
    TRY(unsupported_.status("operator"));
    TRY(add_outputs(result));
    return std::move(builder_.graph);
  }

 private:
  Result<std::vector<Value>> define_inputs(const Method& forward, const ImportOptions& options) {
    std::vector<DeclaredInput> declared;
    for (size_t i = 1; i < forward.parameters.size(); ++i) declared.push_back({forward.parameters[i], {}, {}});
    const std::vector<Shape> shapes = TRY(bind_input_shapes(declared, options));
    std::vector<Value> arguments;
    for (size_t i = 0; i < shapes.size(); ++i) {
      if (builder_.find(declared[i].name) != kNoValue) return invalid_data("parameter '{}' twice", declared[i].name);
      const ValueId id = builder_.define(declared[i].name, DType::kF32, shapes[i]);
      builder_.graph.inputs.push_back(id);
      arguments.push_back(Value::of_tensor(id));
    }
    return arguments;
  }

  // Tuples and lists are one output an item; they have no names in the file.
  Status collect_outputs(const Value& value, std::vector<ValueId>& ids) {
    if (value.is(Kind::kTensor)) {
      ids.push_back(value.tensor);
      return {};
    }
    if (!value.is(Kind::kTuple) && !value.is(Kind::kList))
      return unsupported("the network returns something else than tensors");
    for (const Value& item : value.items) TRY(collect_outputs(item, ids));
    return {};
  }

  Status add_outputs(const Value& result) {
    std::vector<ValueId> ids;
    TRY(collect_outputs(result, ids));
    for (size_t i = 0; i < ids.size(); ++i) {
      const std::string name = ids.size() == 1 ? "output" : fmt::format("output{}", i);
      ValueId id = ids[i];
      const bool is_taken = std::find(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(i), id) !=
                            ids.begin() + static_cast<std::ptrdiff_t>(i);
      const bool is_input =
          std::find(builder_.graph.inputs.begin(), builder_.graph.inputs.end(), id) != builder_.graph.inputs.end();
      if (is_taken || is_input || builder_.graph.constant(id) != nullptr) {
        id = TRY(builder_.append(Op::kIdentity, name, name, {id}));
      }
      if (builder_.find(name) == kNoValue) builder_.rename(id, name);
      builder_.graph.outputs.push_back(id);
    }
    if (ids.empty()) return invalid_data("the network returns nothing");
    return {};
  }

  // ---- code

  // "__torch__.models.common.Conv": class Conv of code/__torch__/models/common.py.
  Result<const Method*> find_method(const PickleValue& module, const std::string& name) {
    const size_t dot = module.text.rfind('.');
    if (!module.is(PickleValue::Kind::kObject) || dot == std::string::npos)
      return invalid_data("a module without a class");
    std::string path = module.text.substr(0, dot);
    std::replace(path.begin(), path.end(), '.', '/');
    auto file = files_.find(path);
    if (file == files_.end()) {
      const std::string entry = "code/" + path + ".py";
      const SharedBytes text = TRY(archive_.read(entry));
      auto classes = parse_code(text.text());
      if (!classes.ok()) return classes.status().with_prefix(entry + ": ");
      file = files_.emplace(path, std::move(*classes)).first;
    }
    const auto found = file->second.find(module.text.substr(dot + 1));
    if (found != file->second.end()) {
      const auto method = found->second.methods.find(name);
      if (method != found->second.methods.end()) return &method->second;
    }
    return invalid_data("class {} has no method {}", module.text, name);
  }

  Result<Value> follow(const Method& method, const Value& self, std::vector<Value> arguments, int depth) {
    if (depth > kMaxCallDepth) return resource_error("modules call each other more than {} deep", kMaxCallDepth);
    if (method.parameters.empty() || arguments.size() + 1 != method.parameters.size()) {
      return invalid_data("module '{}' is called with {} arguments", self.text, arguments.size());
    }
    Names names;
    names[method.parameters[0]] = self;
    for (size_t i = 0; i < arguments.size(); ++i) names[method.parameters[i + 1]] = std::move(arguments[i]);
    for (const Statement& statement : method.statements) {
      if (++statements_ > kMaxStatements) return resource_error("more than {} statements", kMaxStatements);
      Value value = TRY(evaluate(*statement.value, names, self.text, depth));
      if (statement.targets.empty()) {
        if (&statement == &method.statements.back()) return value;
        continue;  // a call for its effect
      }
      if (!statement.unpacks) {
        names[statement.targets[0]] = std::move(value);
        continue;
      }
      if (value.is(Kind::kNone)) {  // of an operator that is not known
        for (const std::string& target : statement.targets) names[target] = Value();
        continue;
      }
      if (value.items.size() != statement.targets.size()) {
        return invalid_data("{} values for {} names in '{}'", value.items.size(), statement.targets.size(), self.text);
      }
      for (size_t i = 0; i < value.items.size(); ++i) names[statement.targets[i]] = value.items[i];
    }
    return Value();
  }

  // ---- expressions

  Result<Value> evaluate(const Expression& e, const Names& names, const std::string& place, int depth) {
    switch (e.kind) {
      case Expression::Kind::kNone:
        return Value();
      case Expression::Kind::kBool: {
        Value value = Value::of_int(e.integer);
        value.kind = Kind::kBool;
        return value;
      }
      case Expression::Kind::kInt:
        return Value::of_int(e.integer);
      case Expression::Kind::kFloat:
        return Value::of_float(e.number);
      case Expression::Kind::kText:
        return text_value(Kind::kText, e.text);
      case Expression::Kind::kName: {
        const auto found = names.find(e.text);
        return found != names.end() ? found->second : text_value(Kind::kPath, e.text);
      }
      case Expression::Kind::kList:
      case Expression::Kind::kTuple: {
        std::vector<Value> items;
        for (const ExpressionPtr& item : e.items) items.push_back(TRY(evaluate(*item, names, place, depth)));
        return Value::of_items(e.kind == Expression::Kind::kList ? Kind::kList : Kind::kTuple, std::move(items));
      }
      case Expression::Kind::kAttribute: {
        const Value object = TRY(evaluate(*e.object, names, place, depth));
        return attribute(object, e.text);
      }
      case Expression::Kind::kIndex:
        return index(e, names, place, depth);
      case Expression::Kind::kCall:
        return call(e, names, place, depth);
    }
    return Value();
  }

  static Value text_value(Kind kind, std::string text) {
    Value value;
    value.kind = kind;
    value.text = std::move(text);
    return value;
  }

  Result<Value> attribute(const Value& object, const std::string& name) {
    if (object.is(Kind::kPath) && object.text == "CONSTANTS") return constant(name);
    if (object.is(Kind::kPath)) return text_value(Kind::kPath, object.text + "." + name);
    if (object.is(Kind::kModule)) {
      const PickleRef found = object.module->find(name);
      if (found == nullptr) return invalid_data("module '{}' has no attribute '{}'", object.text, name);
      return pickled(*found, place_below(object.text, name), "data/", 0);
    }
    return unsupported("attribute '{}' of a value", name);
  }

  // c0, c1, ...: items of constants.pkl.
  Result<Value> constant(const std::string& name) {
    size_t at = 0;
    for (size_t i = 1; i < name.size() && i < 9; ++i) at = at * 10 + static_cast<size_t>(name[i] - '0');
    if (name.size() < 2 || name[0] != 'c' || at >= constants_.items.size())
      return invalid_data("there is no constant '{}'", name);
    return pickled(*constants_.items[at], name, "constants/", 0);
  }

  Result<Value> pickled(const PickleValue& from, const std::string& place, const char* folder, int depth) {
    if (depth > kMaxCallDepth) return resource_error("a list in a list, more than {} deep", kMaxCallDepth);
    switch (from.kind) {
      case PickleValue::Kind::kBool:
      case PickleValue::Kind::kInt: {
        Value value = Value::of_int(from.integer);
        if (from.is(PickleValue::Kind::kBool)) value.kind = Kind::kBool;
        return value;
      }
      case PickleValue::Kind::kFloat:
        return Value::of_float(from.number);
      case PickleValue::Kind::kText:
        return text_value(Kind::kText, from.text);
      case PickleValue::Kind::kList:
      case PickleValue::Kind::kTuple: {
        if (++statements_ > kMaxStatements) return resource_error("more than {} statements", kMaxStatements);
        std::vector<Value> items;
        for (const PickleRef item : from.items) items.push_back(TRY(pickled(*item, place, folder, depth + 1)));
        return Value::of_items(from.is(PickleValue::Kind::kList) ? Kind::kList : Kind::kTuple, std::move(items));
      }
      case PickleValue::Kind::kObject: {
        Value value = text_value(Kind::kModule, place);
        value.module = &from;
        return value;
      }
      case PickleValue::Kind::kTensor:
        return tensor(from, place, folder);
      default:
        return Value();
    }
  }

  Result<Value> tensor(const PickleValue& from, const std::string& place, const char* folder) {
    ValueId& id = tensors_.try_emplace(&from, kNoValue).first->second;
    if (id == kNoValue) {
      Result<Tensor> read = archive_.tensor(from.tensor, folder);
      if (!read.ok()) return read.status().with_prefix("tensor '" + place + "': ");
      Tensor data = std::move(*read);
      // Halves are computed in float32, as on the CPU.
      if (data.dtype() == DType::kF16 || data.dtype() == DType::kBF16 || data.dtype() == DType::kF64) {
        data = TRY(cast(data, DType::kF32));
      }
      id = builder_.add_constant(place, std::move(data));
    }
    return Value::of_tensor(id);
  }

  Result<Value> index(const Expression& e, const Names& names, const std::string& place, int depth) {
    const Value object = TRY(evaluate(*e.object, names, place, depth));
    // Types in brackets, as in annotate(List[int], []).
    if (object.is(Kind::kPath) || e.items.size() != 1) return text_value(Kind::kPath, "type");
    const Value at = TRY(evaluate(*e.items[0], names, place, depth));
    const auto count = static_cast<int64_t>(object.items.size());
    const int64_t i = at.integer < 0 ? at.integer + count : at.integer;
    if (!at.is(Kind::kInt) || i < 0 || i >= count) return invalid_data("code, line {}: an index out of range", e.line);
    return object.items[static_cast<size_t>(i)];
  }

  Result<Value> call(const Expression& e, const Names& names, const std::string& place, int depth) {
    std::vector<Value> arguments;
    std::map<std::string, Value> named;
    for (size_t i = 0; i < e.items.size(); ++i) {
      Value value = TRY(evaluate(*e.items[i], names, place, depth));
      if (e.names[i].empty()) {
        arguments.push_back(std::move(value));
      } else {
        named[e.names[i]] = std::move(value);
      }
    }
    // A method of a module, which attribute() would look for in the pickle.
    if (e.object->kind == Expression::Kind::kAttribute) {
      const Value object = TRY(evaluate(*e.object->object, names, place, depth));
      if (object.is(Kind::kModule)) {
        return follow(*TRY(find_method(*object.module, e.object->text)), object, std::move(arguments), depth + 1);
      }
    }
    const Value callee = TRY(evaluate(*e.object, names, place, depth));
    if (!callee.is(Kind::kPath)) return invalid_data("code, line {}: a call of what is no function", e.line);
    return builtin(callee.text, place, std::move(arguments), std::move(named));
  }

  Result<Value> builtin(const std::string& path, const std::string& place, std::vector<Value> arguments,
                        std::map<std::string, Value> named) {
    if (path == "annotate" || path == "unchecked_cast") return arguments.size() == 2 ? arguments[1] : Value();
    if (path == "uninitialized") return Value();
    if (path == "getattr" && arguments.size() == 2) return attribute(arguments[0], arguments[1].text);
    if (path == "int" || path == "float" || path == "bool" || path == "ops.prim.NumToTensor" ||
        path == "torch.ScalarImplicit" || path == "torch.Int" || path == "torch.IntImplicit" ||
        path == "torch.scalar_tensor" || path == "torch.tensor") {
      return convert_number(path, place, std::move(arguments));
    }
    if (path == "ops.prim.device" || path == "torch.device" || path == "ops.prim.dtype" || path == "torch.len") {
      if (path == "torch.len" && !arguments.empty())
        return Value::of_int(static_cast<int64_t>(arguments[0].items.size()));
      return Value();
    }
    if (path == "ops.prim.RaiseException") return unsupported("the code raises an exception");
    const size_t dot = path.rfind('.');
    const std::string op = path.starts_with("torch.") || path.starts_with("ops.") ? path.substr(dot + 1) : "";
    const OperatorRow* row = find_operator(op);
    if (row == nullptr) {
      unsupported_.add(path, "'" + place + "'");
      return Value();
    }
    Call call(builder_, op, place, std::move(arguments), std::move(named));
    Result<Value> result = row->translate(call);
    if (result.ok()) return result;
    // What an unknown operator should have made is missing behind it; the list of unknown ones is the better message.
    TRY(unsupported_.status("operator"));
    return result.status().with_prefix(fmt::format("{} in module '{}': ", path, place));
  }

  Result<Value> convert_number(const std::string& path, const std::string& place, std::vector<Value> arguments) {
    if (arguments.empty()) return invalid_data("{} of nothing", path);
    Call call(builder_, path, place, arguments, {});
    if (path == "float") return Value::of_float(TRY(call.number(0)));
    if (path == "int" || path == "torch.Int" || path == "torch.IntImplicit") {
      const double number = TRY(call.number(0));
      if (!(std::abs(number) < 9e18)) return invalid_data("int of {}", number);
      return arguments[0].is(Kind::kFloat) ? Value::of_int(static_cast<int64_t>(number))
                                           : Value::of_int(TRY(call.integer(0)));
    }
    return std::move(arguments[0]);
  }

  const Archive& archive_;
  const PickleValue& constants_;
  GraphBuilder builder_;
  UnsupportedOperators unsupported_;
  std::map<std::string, std::map<std::string, ClassCode, std::less<>>> files_;
  std::map<PickleRef, ValueId> tensors_;
  int64_t statements_ = 0;
};

}  // namespace

Result<Graph> inline_forward(const Archive& archive, const PickleValue& module, const PickleValue& constants,
                             const ImportOptions& options) {
  return Inliner(archive, constants).run(module, options);
}

}  // namespace sixtops::importer::torchscript
