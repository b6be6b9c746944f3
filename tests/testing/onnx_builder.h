// Writes small ONNX models for tests, over our own copy of the file format.
//
//   OnnxBuilder model(13);                                    // opset
//   model.input("x", DType::kF32, {1, 3});
//   model.constant("axes", Tensor::from_values<int64_t>({1}, {0}));
//   model.node("ReduceSum", {"x", "axes"}, {"y"}, {int_attribute("keepdims", 0)});
//   model.output("y", DType::kF32, {3});
//   import_model({"test.onnx", model.bytes()}, {});
//
// Header only: test programs that use it link sixtops_onnx_proto.
#pragma once

#include <string>
#include <vector>

#include "graph/tensor.h"
#include "onnx.pb.h"

namespace sixtops::testing {

using OnnxAttribute = wire::onnx::AttributeProto;

inline int onnx_type(DType dtype) {
  switch (dtype) {
    case DType::kF32:
      return 1;
    case DType::kU8:
      return 2;
    case DType::kI8:
      return 3;
    case DType::kU16:
      return 4;
    case DType::kI16:
      return 5;
    case DType::kI32:
      return 6;
    case DType::kI64:
      return 7;
    case DType::kBool:
      return 9;
    case DType::kF16:
      return 10;
    case DType::kF64:
      return 11;
    case DType::kU32:
      return 12;
    case DType::kU64:
      return 13;
    case DType::kBF16:
      return 16;
  }
  return 0;
}

inline wire::onnx::TensorProto onnx_tensor(const std::string& name, const Tensor& tensor) {
  wire::onnx::TensorProto proto;
  proto.set_name(name);
  proto.set_data_type(onnx_type(tensor.dtype()));
  for (const int64_t extent : tensor.shape()) proto.add_dims(extent);
  proto.set_raw_data(std::string(tensor.bytes().text()));
  return proto;
}

inline OnnxAttribute named_attribute(const std::string& name, int type) {
  OnnxAttribute attribute;
  attribute.set_name(name);
  attribute.set_type(type);
  return attribute;
}
inline OnnxAttribute float_attribute(const std::string& name, float value) {
  OnnxAttribute attribute = named_attribute(name, 1);
  attribute.set_f(value);
  return attribute;
}
inline OnnxAttribute int_attribute(const std::string& name, int64_t value) {
  OnnxAttribute attribute = named_attribute(name, 2);
  attribute.set_i(value);
  return attribute;
}
inline OnnxAttribute text_attribute(const std::string& name, const std::string& value) {
  OnnxAttribute attribute = named_attribute(name, 3);
  attribute.set_s(value);
  return attribute;
}
inline OnnxAttribute tensor_attribute(const std::string& name, const Tensor& value) {
  OnnxAttribute attribute = named_attribute(name, 4);
  *attribute.mutable_t() = onnx_tensor("", value);
  return attribute;
}
inline OnnxAttribute graph_attribute(const std::string& name, const wire::onnx::GraphProto& value) {
  OnnxAttribute attribute = named_attribute(name, 5);
  *attribute.mutable_g() = value;
  return attribute;
}
inline OnnxAttribute floats_attribute(const std::string& name, const std::vector<float>& values) {
  OnnxAttribute attribute = named_attribute(name, 6);
  for (const float value : values) attribute.add_floats(value);
  return attribute;
}
inline OnnxAttribute ints_attribute(const std::string& name, const std::vector<int64_t>& values) {
  OnnxAttribute attribute = named_attribute(name, 7);
  for (const int64_t value : values) attribute.add_ints(value);
  return attribute;
}
// The parameter `parameter` of the function around the node.
inline OnnxAttribute parameter_attribute(const std::string& name, const std::string& parameter, int type) {
  OnnxAttribute attribute = named_attribute(name, type);
  attribute.set_ref_attr_name(parameter);
  return attribute;
}

using Names = std::vector<std::string>;

inline wire::onnx::NodeProto onnx_node(const std::string& type, const Names& inputs, const Names& outputs,
                                       const std::vector<OnnxAttribute>& attributes = {}) {
  wire::onnx::NodeProto node;
  node.set_op_type(type);
  for (const std::string& name : inputs) node.add_input(name);
  for (const std::string& name : outputs) node.add_output(name);
  for (const OnnxAttribute& attribute : attributes) *node.add_attribute() = attribute;
  return node;
}

class OnnxBuilder {
 public:
  explicit OnnxBuilder(int64_t opset) {
    proto.set_ir_version(8);
    proto.add_opset_import()->set_version(opset);
    graph().set_name("test");
  }

  // kUnknownExtent writes an extent without a value.
  void input(const std::string& name, DType dtype, const Shape& shape) {
    describe(*graph().add_input(), name, dtype, shape);
  }
  void output(const std::string& name, DType dtype = DType::kF32, const Shape& shape = {}) {
    describe(*graph().add_output(), name, dtype, shape);
  }
  void value(const std::string& name, DType dtype, const Shape& shape) {
    describe(*graph().add_value_info(), name, dtype, shape);
  }
  void constant(const std::string& name, const Tensor& tensor) {
    *graph().add_initializer() = onnx_tensor(name, tensor);
  }
  // The node can be changed further.
  wire::onnx::NodeProto& node(const std::string& type, const Names& inputs, const Names& outputs,
                              const std::vector<OnnxAttribute>& attributes = {}) {
    wire::onnx::NodeProto& added = *graph().add_node();
    added = onnx_node(type, inputs, outputs, attributes);
    added.set_name("the_" + type);
    return added;
  }

  SharedBytes bytes() const {
    const std::string text = proto.SerializeAsString();
    const auto* data = reinterpret_cast<const std::byte*>(text.data());
    return SharedBytes::own({data, data + text.size()});
  }

  wire::onnx::GraphProto& graph() { return *proto.mutable_graph(); }

  wire::onnx::ModelProto proto;  // for what has no function here

 private:
  static void describe(wire::onnx::ValueInfoProto& info, const std::string& name, DType dtype, const Shape& shape) {
    info.set_name(name);
    auto& tensor = *info.mutable_type()->mutable_tensor_type();
    tensor.set_elem_type(onnx_type(dtype));
    tensor.mutable_shape();
    for (const int64_t extent : shape) {
      auto& dim = *tensor.mutable_shape()->add_dim();
      if (extent != kUnknownExtent) dim.set_dim_value(extent);
    }
  }
};

}  // namespace sixtops::testing
