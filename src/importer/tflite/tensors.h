// The tensors of the file and the values of the graph that stand for them.
//
// A tensor with a scale is codes in the file. In the graph it is a value of codes, and where an operator reads it a
// DequantizeLinear makes real numbers of it; both are made when they are first asked for.
#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "importer/channels_last.h"
#include "tflite_generated.h"

namespace sixtops::importer::tflite {

class Tensors {
 public:
  // Borrows both; `file` holds the bytes of the model.
  Tensors(GraphBuilder& builder, const wire::tflite::Model& model, SharedBytes file);

  const std::string& name(int index) const { return names_[static_cast<size_t>(index)]; }
  // The shape that the file states.
  Result<Shape> stated_shape(int index) const;
  Result<DType> dtype(int index) const;
  bool is_quantized(int index) const;

  // A graph input of this shape (in the file's order of axes), channels first where its rank is 4.
  Result<ValueId> define_input(int index, const Shape& shape);
  // The data of a constant in the file's order of axes; nothing for computed tensors.
  Result<std::optional<Tensor>> constant(int index);

  // Real numbers, in whichever order of axes they are there. Constants become float where `quantize_constants` is not
  // set: weights of a float operator may be stored as codes.
  Result<ValueId> real(int index, bool quantize_constants);
  // A constant as real numbers, its axes in the order `perm`.
  Result<ValueId> real_weights(int index, const Ints& perm, bool quantize_constants);

  // The operator that writes the tensor computed these real numbers. is_new: the value belongs to it alone.
  Status write(int index, ValueId real, bool is_new);
  // Codes for quantized tensors, else the numbers: what the graph hands out. kNoValue when nothing wrote it.
  Result<ValueId> handed_out(int index);

  ChannelsLast& layout() { return layout_; }
  GraphBuilder& builder() { return builder_; }

 private:
  const wire::tflite::Tensor& wire_of(int index) const { return *tensors_.Get(static_cast<unsigned>(index)); }
  Result<QuantParams> quant(int index) const;
  Result<ValueId> dequantize(ValueId codes, const QuantParams& quant, const std::string& name);
  Result<ValueId> add_real_constant(int index, Tensor tensor, QuantParams quant, bool quantize_constants);

  GraphBuilder& builder_;
  ChannelsLast layout_;
  const wire::tflite::Model& model_;
  const flatbuffers::Vector<flatbuffers::Offset<wire::tflite::Tensor>>& tensors_;
  SharedBytes file_;
  std::vector<std::string> names_;
  std::vector<ValueId> codes_;  // by tensor; of tensors that are not quantized, nothing
  std::vector<ValueId> reals_;
};

}  // namespace sixtops::importer::tflite
