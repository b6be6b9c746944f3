// One ONNX node on its way into the graph: what a translator sees of it, and what it may do.
//
//   Status translate_dropout(Translation& node) {
//     TRY(node.get_float("ratio", 0.5F));              // an attribute that nobody reads is an error
//     return node.write(Op::kIdentity, {node.input(0)});
//   }
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "graph/shape_rules.h"
#include "importer/graph_builder.h"
#include "importer/onnx/flat_graph.h"
#include "importer/onnx/tensor.h"
#include "onnx.pb.h"

namespace sixtops::importer::onnx {

class Translation {
 public:
  // Borrows all three. `node` reads only values that are defined in the builder.
  Translation(GraphBuilder& builder, TensorReader& tensors, const FlatNode& node);

  const std::string& type() const { return proto_.op_type(); }
  const wire::onnx::NodeProto& proto() const { return proto_; }
  int opset() const { return opset_; }

  // ---- operands; trailing ones that are left out are not counted
  const std::vector<ValueId>& inputs() const { return inputs_; }
  ValueId input(size_t index) const { return index < inputs_.size() ? inputs_[index] : kNoValue; }
  bool has_input(size_t index) const { return input(index) != kNoValue; }
  const Tensor* constant(size_t index) const { return builder_.graph.constant(input(index)); }
  DType dtype(ValueId id) const { return builder_.graph.value(id).dtype; }
  const std::optional<Shape>& shape(ValueId id) const { return builder_.graph.value(id).shape; }
  // REQUIRES at the outputs: at least one that has a name.
  size_t output_count() const { return output_names_.size(); }
  bool has_output(size_t index) const { return index < output_names_.size() && !output_names_[index].empty(); }

  // kInvalidData unless `least` operands are there and no more than `most`.
  Status expect_inputs(size_t least, size_t most) const;

  // ---- attributes; whoever asks for one has understood it
  const wire::onnx::AttributeProto* attribute(std::string_view name);
  Result<int64_t> get_int(std::string_view name, int64_t fallback);
  Result<float> get_float(std::string_view name, float fallback);
  Result<std::string> get_text(std::string_view name, const std::string& fallback);
  Result<Tensor> read_tensor(const wire::onnx::TensorProto& proto) { return tensors_.read(proto); }
  Result<Tensor> read_tensor(const wire::onnx::SparseTensorProto& proto) { return tensors_.read_sparse(proto); }
  // kUnsupported names the first attribute that nobody asked for; `ignored` are the names, separated by '|', that do
  // not change what the node computes.
  Status check_attributes(std::string_view ignored) const;

  // ---- what becomes of the node
  // An IR node that writes all outputs of the ONNX node.
  Status write(Op op, std::vector<ValueId> inputs, Attributes attributes = {});
  // An IR node that writes one of them.
  Status write_output(size_t index, Op op, std::vector<ValueId> inputs, Attributes attributes = {});
  // The only output is this constant.
  Status write_constant(Tensor tensor);
  // An IR node in between: → its one value.
  Result<ValueId> step(Op op, std::vector<ValueId> inputs, Attributes attributes = {});
  ValueId add_constant(Tensor tensor);
  // The shape of a value as an operand: a constant where it is known, else a Shape node.
  Result<ValueId> shape_operand(ValueId id);
  // A foreign node, with these output types.
  Status write_custom(Node node, const std::vector<ValueType>& types);

 private:
  Status add(Op op, std::vector<ValueId> inputs, std::vector<ValueId> outputs, Attributes attributes);
  ValueId define_output(size_t index);

  GraphBuilder& builder_;
  TensorReader& tensors_;
  const wire::onnx::NodeProto& proto_;
  int opset_;
  std::vector<ValueId> inputs_;
  std::vector<std::string> output_names_;
  std::set<std::string, std::less<>> understood_;
};

// The attribute as a field of the op catalogue. kInvalidData when the file gives it another type.
Result<Attribute> read_attribute(const wire::onnx::AttributeProto& proto, FieldType type);

}  // namespace sixtops::importer::onnx
