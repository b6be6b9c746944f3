// Writes small TensorFlow graphs for tests, over our own copy of the file format.
#pragma once

#include <string>
#include <vector>

#include "tensorflow.pb.h"

namespace sixtops::testing {

class TensorflowBuilder {
 public:
  wire::tensorflow::NodeDef& node(const std::string& name, const std::string& op,
                                  const std::vector<std::string>& inputs) {
    wire::tensorflow::NodeDef& added = *graph_.add_node();
    added.set_name(name);
    added.set_op(op);
    for (const std::string& input : inputs) added.add_input(input);
    return added;
  }

  void placeholder(const std::string& name, const std::vector<int64_t>& shape) {
    auto& attributes = *node(name, "Placeholder", {}).mutable_attr();
    attributes["dtype"].set_type(1);
    for (const int64_t extent : shape) attributes["shape"].mutable_shape()->add_dim()->set_size(extent);
  }

  // type: 1 float, 3 int32
  template <typename T>
  void constant(const std::string& name, int type, const std::vector<int64_t>& shape, const std::vector<T>& values) {
    auto& tensor = *(*node(name, "Const", {}).mutable_attr())["value"].mutable_tensor();
    tensor.set_dtype(type);
    for (const int64_t extent : shape) tensor.mutable_tensor_shape()->add_dim()->set_size(extent);
    tensor.set_tensor_content(values.data(), values.size() * sizeof(T));
  }

  std::string bytes() const { return graph_.SerializeAsString(); }

 private:
  wire::tensorflow::GraphDef graph_;
};

// Convolution, bias, ReLU6, mean over the picture, softmax.
inline std::string tensorflow_network() {
  TensorflowBuilder model;
  model.placeholder("x", {1, 6, 6, 3});
  model.constant<float>("w", 1, {3, 3, 3, 2}, std::vector<float>(54, 0.5F));
  model.constant<float>("b", 1, {2}, {1, 2});
  model.constant<int32_t>("axes", 3, {2}, {1, 2});
  auto& conv = *model.node("conv", "Conv2D", {"x", "w"}).mutable_attr();
  conv["padding"].set_s("SAME");
  for (const int stride : {1, 2, 2, 1}) conv["strides"].mutable_list()->add_i(stride);
  model.node("bias", "BiasAdd", {"conv", "b"});
  model.node("act", "Relu6", {"bias"});
  model.node("mean", "Mean", {"act", "axes"});
  model.node("softmax", "Softmax", {"mean"});
  return model.bytes();
}

}  // namespace sixtops::testing
