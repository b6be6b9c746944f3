// The graph: values, and nodes that read and write them.
//
// Invariants (graph/verify.h checks them): every value is written once, by a node, as a graph input, or as a constant;
// nodes stand in topological order; ids are indices and never reused.
//   imported: shapes may be unknown, parameters may arrive as tensors.
//   static:   what leaves passes/: every shape known, except behind ops whose output size depends on data.
// Thread safety: a plain value; constant data is shared between copies.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/attribute.h"
#include "graph/op.h"
#include "graph/tensor.h"
#include "graph/types.h"

namespace sixtops {

using ValueId = int32_t;
inline constexpr ValueId kNoValue = -1;  // an optional input or output that is left out

struct Value {
  std::string name;  // unique in the graph, never empty
  DType dtype = DType::kF32;
  std::optional<Shape> shape;        // nothing: not even the rank is known
  std::optional<QuantParams> quant;  // what the codes of an integer value mean
  std::optional<Tensor> constant;
};

struct Node {
  Op op = Op::kIdentity;
  std::string name;  // of the source file's node; errors name it
  std::vector<ValueId> inputs;
  std::vector<ValueId> outputs;
  Attributes attributes;
  Precision precision = Precision::kFloat32;

  // The attribute, or the default of the op's row. REQUIRES: the row has a field of that name and type, and it is set
  // or has a default; ask has() first for a field without one.
  bool has(std::string_view name) const { return attributes.has(name); }
  int64_t get_int(std::string_view name) const;
  float get_float(std::string_view name) const;
  const std::string& get_text(std::string_view name) const;
  const Ints& get_ints(std::string_view name) const;
  const Floats& get_floats(std::string_view name) const;

  bool has_input(size_t index) const { return index < inputs.size() && inputs[index] != kNoValue; }
  bool has_output(size_t index) const { return index < outputs.size() && outputs[index] != kNoValue; }
};

struct Graph {
  std::string name;
  std::vector<Value> values;
  std::vector<Node> nodes;
  std::vector<ValueId> inputs;
  std::vector<ValueId> outputs;
  std::vector<InputDescription> input_descriptions;  // one an input, or empty: nothing is known
  TaskHints hints;

  Value& value(ValueId id) { return values[static_cast<size_t>(id)]; }
  const Value& value(ValueId id) const { return values[static_cast<size_t>(id)]; }

  // The constant of a node's input, or nothing.
  const Tensor* constant(ValueId id) const {
    return id != kNoValue && value(id).constant ? &*value(id).constant : nullptr;
  }

  // A new value; a name that is taken gets a suffix.
  ValueId add_value(std::string value_name, DType dtype, std::optional<Shape> shape = std::nullopt);
  ValueId add_constant(std::string value_name, Tensor tensor);

  ValueId find_value(std::string_view value_name) const;  // kNoValue when there is none
};

// Who writes and who reads each value, as indices into graph.nodes. Stale after any change to the nodes.
struct Uses {
  static constexpr int kNobody = -1;
  std::vector<int> producer;              // by value id; kNobody for inputs and constants
  std::vector<std::vector<int>> readers;  // by value id, in node order, once an operand
  std::vector<bool> is_output;            // by value id: the graph itself hands it out
};
Uses find_uses(const Graph& graph);

// Makes every reader of `from` (and the output list) read `to` instead.
void replace_uses(Graph& graph, ValueId from, ValueId to);

// Takes out the nodes whose index is marked, and values that nobody writes or reads any more are renumbered away.
void remove_nodes(Graph& graph, const std::vector<bool>& marked);

// Orders the nodes topologically, keeping the given order where it is one. kInvalidData names a node on a cycle.
Status sort_nodes(Graph& graph);

// Multiply-accumulates of one run, counted from static shapes; 0 for ops that are not sums of products. The largest
// number there is where the count does not fit.
int64_t count_macs(const Graph& graph, const Node& node);

}  // namespace sixtops
