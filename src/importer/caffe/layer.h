// One Caffe layer on its way into the graph.
#pragma once

#include <string>
#include <vector>

#include "importer/caffe/prototxt.h"
#include "importer/graph_builder.h"

namespace sixtops::importer::caffe {

struct Layer {
  GraphBuilder& builder;
  const Message& wire;
  std::string name;
  std::vector<ValueId> bottoms;
  size_t tops = 1;
  std::vector<Tensor> blobs;  // of the weights file

  // `convolution_param` and the like.
  const Message& parameters(std::string_view field) const { return wire.message(field); }
  // kInvalidData when the layer reads fewer blobs than that.
  Result<ValueId> bottom(size_t index) const;
  Result<Shape> shape(ValueId id) const { return builder.static_shape(id); }
  // A blob of this shape, whatever shape the file gives it. kInvalidData when the number of elements differs.
  Result<ValueId> blob(size_t index, const char* what, const Shape& shape) const;
  Result<ValueId> step(Op op, std::vector<ValueId> inputs, Attributes attributes = {}) const;
  ValueId constant(const char* what, Tensor tensor) const;
  Result<ValueId> reshape(ValueId id, Shape shape) const;
};

// → one value a top.
using Translator = Result<std::vector<ValueId>> (*)(Layer& layer);

// By the name of the newer format ("Convolution"); nullptr when it is not known.
Translator find_translator(std::string_view type);
std::vector<std::string> translated_types();

// The older format's enumerator as the newer format's name: CONVOLUTION → Convolution. Other texts as they are.
std::string modern_type(const std::string& type);

inline Attributes with(const char* name, Attribute value) {
  Attributes attributes;
  attributes.set(name, std::move(value));
  return attributes;
}

Result<std::vector<ValueId>> convolution(Layer& layer);
Result<std::vector<ValueId>> depthwise_convolution(Layer& layer);
Result<std::vector<ValueId>> deconvolution(Layer& layer);
Result<std::vector<ValueId>> inner_product(Layer& layer);
Result<std::vector<ValueId>> batch_norm(Layer& layer);
Result<std::vector<ValueId>> scale(Layer& layer);
Result<std::vector<ValueId>> bias(Layer& layer);
Result<std::vector<ValueId>> prelu(Layer& layer);
Result<std::vector<ValueId>> normalize(Layer& layer);

}  // namespace sixtops::importer::caffe
