// One call of a torch operator on its way into the graph: its arguments, and what a translator may do.
//
//   Result<Value> relu(Call& call) { return call.write(Op::kRelu, {TRY(call.tensor(0))}); }
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "importer/graph_builder.h"
#include "importer/torchscript/value.h"

namespace sixtops::importer::torchscript {

class Call {
 public:
  // Borrows the builder. `place`: of the module that calls, for names.
  Call(GraphBuilder& builder, std::string op, const std::string& place, std::vector<Value> arguments,
       std::map<std::string, Value> named)
      : builder_(builder),
        op_(std::move(op)),
        label_(place.empty() ? op_ : place + "/" + op_),
        arguments_(std::move(arguments)),
        named_(std::move(named)) {}

  const std::string& op() const { return op_; }  // without "torch."
  size_t count() const { return arguments_.size(); }

  // ---- arguments, by position, or by a name where the caller writes one. kInvalidData for those of another kind.
  bool has(size_t index, const char* name = "") const;  // there, and not None
  const Value& value(size_t index, const char* name = "") const;
  Result<ValueId> tensor(size_t index, const char* name = "");
  // A tensor that may be None.
  Result<ValueId> maybe_tensor(size_t index);
  Result<std::vector<ValueId>> tensors(size_t index);
  Result<int64_t> integer(size_t index, const char* name = "") const;
  Result<int64_t> integer_or(size_t index, int64_t fallback, const char* name = "") const;
  Result<double> number(size_t index, const char* name = "") const;
  Result<double> number_or(size_t index, double fallback, const char* name = "") const;
  Result<bool> boolean_or(size_t index, bool fallback, const char* name = "") const;
  Result<std::string> text_or(size_t index, const std::string& fallback, const char* name = "") const;
  Result<Ints> ints(size_t index, const char* name = "") const;
  // A list of `size` entries; one number stands for all, an empty list is as `fallback`.
  Result<Ints> ints_of(size_t index, size_t size, const Ints& fallback) const;

  // ---- shapes; known, because inputs are
  Result<Shape> shape(ValueId id) const { return builder_.static_shape(id); }
  DType dtype(ValueId id) const { return builder_.dtype(id); }
  Result<int64_t> axis(size_t index, ValueId of, const char* name = "") const;
  const Tensor* constant(ValueId id) const { return builder_.graph.constant(id); }

  // ---- nodes
  Result<ValueId> step(Op op, std::vector<ValueId> inputs, Attributes attributes = {});
  Result<Value> write(Op op, std::vector<ValueId> inputs, Attributes attributes = {});
  Result<std::vector<ValueId>> step_with_outputs(Op op, std::vector<ValueId> inputs, Attributes attributes,
                                                 size_t outputs);
  ValueId add_constant(Tensor tensor);
  Result<ValueId> reshape(ValueId id, Shape shape);
  Result<ValueId> transpose(ValueId id, Ints perm);

 private:
  GraphBuilder& builder_;
  std::string op_;
  std::string label_;
  std::vector<Value> arguments_;
  std::map<std::string, Value> named_;
};

// A single attribute.
inline Attributes with(const char* name, Attribute value) {
  Attributes attributes;
  attributes.set(name, std::move(value));
  return attributes;
}

}  // namespace sixtops::importer::torchscript
