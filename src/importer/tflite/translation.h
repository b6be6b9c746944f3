// One TensorFlow Lite operator on its way into the graph: what a translator sees of it, and what it may do.
//
//   Status translate_exp(Translation& op) { return op.write(TRY(op.step(Op::kExp, {TRY(op.input(0))}))); }
//
// Operands are real numbers; what is stored as codes is dequantized before and quantized behind the operator.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "importer/tflite/tensors.h"

namespace sixtops::importer::tflite {

class Translation {
 public:
  // Borrows all three.
  Translation(Tensors& tensors, const wire::tflite::Model& model, const wire::tflite::Operator& op);

  wire::tflite::Operation operation() const { return operation_; }
  const wire::tflite::Operator& wire() const { return op_; }

  // The operator's own options; kInvalidData when the file gives it those of another one.
  template <typename T>
  Result<const T*> options() const;
  // The same where they may be left out: their defaults are the operator's.
  template <typename T>
  const T* maybe_options() const {
    return op_.options_as<T>();
  }

  // ---- operands
  size_t input_count() const { return inputs_.size(); }
  size_t output_count() const { return outputs_.size(); }
  bool has_input(size_t index) const { return index < inputs_.size() && inputs_[index] >= 0; }
  // kInvalidData unless `least` operands are there and no more than `most`, and exactly `outputs` outputs.
  Status expect(size_t least, size_t most, size_t outputs = 1) const;

  Result<ValueId> input(size_t index);    // in whichever order of axes it is there
  Result<ValueId> picture(size_t index);  // channels first; rank 4
  Result<ValueId> plain(size_t index);    // axes as in the file
  // All operands from `first` on, in one order of axes.
  Result<std::vector<ValueId>> aligned_inputs(size_t first = 0);
  // Weights, their axes in this order.
  Result<ValueId> weights(size_t index, const Ints& perm);
  // A constant operand in the file's order of axes; nothing when it is computed.
  Result<std::optional<Tensor>> constant(size_t index);
  // An operand of integers that has to be known now. kUnsupported when it is computed.
  Result<Ints> ints(size_t index);

  const Shape& shape(ValueId id) const { return *tensors_.builder().shape(id); }
  bool is_channels_first(ValueId id) const { return tensors_.layout().is_channels_first(id); }
  Result<int64_t> axis(ValueId id, int64_t axis_in_file) const { return tensors_.layout().axis(id, axis_in_file); }
  Ints by_axis(ValueId id, const Ints& entries) const { return tensors_.layout().by_axis(id, entries); }
  Result<Shape> stated_output_shape(size_t index = 0) const { return tensors_.stated_shape(outputs_[index]); }
  Result<DType> output_dtype(size_t index = 0) const { return tensors_.dtype(outputs_[index]); }
  bool is_output_quantized(size_t index = 0) const { return tensors_.is_quantized(outputs_[index]); }

  // ---- what becomes of the operator
  // An IR node: → its one value, whose order of axes is that of its first input.
  Result<ValueId> step(Op op, std::vector<ValueId> inputs, Attributes attributes = {});
  // The same where the order is another one.
  Result<ValueId> step_in_order(bool channels_first, Op op, std::vector<ValueId> inputs, Attributes attributes = {});
  // A node with several outputs, all in the order of its first input.
  Result<std::vector<ValueId>> step_with_outputs(Op op, std::vector<ValueId> inputs, Attributes attributes,
                                                 size_t outputs);
  ValueId add_constant(Tensor tensor);
  Result<ValueId> activate(ValueId value, wire::tflite::Activation activation);
  Status write(ValueId value, size_t index = 0);

 private:
  Tensors& tensors_;
  const wire::tflite::Operator& op_;
  wire::tflite::Operation operation_;
  std::vector<int> inputs_;
  std::vector<int> outputs_;
  std::vector<ValueId> made_;  // by step()
};

Status wrong_options(wire::tflite::Operation operation);

template <typename T>
Result<const T*> Translation::options() const {
  const T* options = op_.options_as<T>();
  if (options == nullptr) return wrong_options(operation_);
  return options;
}

}  // namespace sixtops::importer::tflite
