// One TensorFlow node on its way into the graph: what a translator sees of it, and what it may do.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "importer/channels_last.h"
#include "tensorflow.pb.h"

namespace sixtops::importer::tensorflow {

// What each output of each node has become: "name" or "name:1".
using Values = std::map<std::string, ValueId>;

class Translation {
 public:
  // Borrows all.
  Translation(GraphBuilder& builder, ChannelsLast& layout, Values& values, const wire::tensorflow::NodeDef& node);

  const std::string& type() const { return node_.op(); }

  // ---- operands; control inputs do not count
  size_t input_count() const { return inputs_.size(); }
  Result<ValueId> input(size_t index) const;    // in whichever order of axes it is there
  Result<ValueId> picture(size_t index) const;  // channels first; rank 4
  Result<ValueId> plain(size_t index) const;    // axes as in the file
  Result<std::vector<ValueId>> aligned_inputs(size_t count) const;
  // A constant in the file's order of axes. kUnsupported when the operand is computed.
  Result<Tensor> constant(size_t index) const;
  Result<Ints> ints(size_t index) const;
  Result<int64_t> integer(size_t index) const;

  // ---- attributes
  const wire::tensorflow::AttrValue* attribute(const std::string& name) const;
  int64_t get_int(const std::string& name, int64_t fallback) const;
  float get_float(const std::string& name, float fallback) const;
  bool get_flag(const std::string& name, bool fallback) const;
  std::string get_text(const std::string& name, const std::string& fallback) const;
  Ints get_ints(const std::string& name) const;
  std::vector<std::string> get_texts(const std::string& name) const;
  // kUnsupported for data whose channels come first in the file.
  Status expect_channels_last() const;

  ChannelsLast& layout() { return layout_; }
  Result<Shape> shape(ValueId id) const { return builder_.static_shape(id); }
  DType dtype(ValueId id) const { return builder_.dtype(id); }
  const Tensor* known(ValueId id) const { return builder_.graph.constant(id); }

  // ---- what becomes of the node
  // An IR node: → its one value, in the order of axes of its first input.
  Result<ValueId> step(Op op, std::vector<ValueId> inputs, Attributes attributes = {});
  Result<ValueId> step_in_order(bool channels_first, Op op, std::vector<ValueId> inputs, Attributes attributes = {});
  Result<std::vector<ValueId>> step_with_outputs(Op op, std::vector<ValueId> inputs, Attributes attributes,
                                                 size_t outputs);
  ValueId add_constant(Tensor tensor);
  Result<ValueId> activate(ValueId x, const std::string& activation, size_t slope_input);
  Status write(ValueId value, size_t index = 0);

 private:
  GraphBuilder& builder_;
  ChannelsLast& layout_;
  Values& values_;
  const wire::tensorflow::NodeDef& node_;
  std::vector<std::string> inputs_;
};

inline Attributes with(const char* name, Attribute value) {
  Attributes attributes;
  attributes.set(name, std::move(value));
  return attributes;
}

// "name:0" is "name".
std::string value_name(const std::string& input);

// nullptr when the operator is not known.
using Translator = Status (*)(Translation& node);
Translator find_translator(std::string_view type);
std::vector<std::string> translated_types();

// One table a family.
struct TranslatorRow {
  std::string_view type;
  Translator translate;
};

}  // namespace sixtops::importer::tensorflow
