// A graph under change by one pass.
//
// Keeps who writes and who reads each value up to date while nodes are rewritten, and tidies up at the end: takes out
// nodes whose results nobody reads any more, and restores topological order. References to nodes do not survive
// add_node().
#pragma once

#include <vector>

#include "graph/graph.h"

namespace sixtops::passes {

class GraphEditor {
 public:
  explicit GraphEditor(Graph& graph);

  Graph& graph() { return graph_; }
  const Graph& graph() const { return graph_; }
  int node_count() const { return static_cast<int>(graph_.nodes.size()); }  // added ones included
  Node& node(int index) { return graph_.nodes[static_cast<size_t>(index)]; }
  const Node& node(int index) const { return graph_.nodes[static_cast<size_t>(index)]; }

  // The node that writes a value when it is of that op and the value is its first output, else nullptr.
  const Node* producer(ValueId id, Op op) const;
  int producer_index(ValueId id) const;  // Uses::kNobody for inputs, constants and kNoValue

  // Nodes that read a value, once an operand.
  const std::vector<int>& readers(ValueId id) const { return uses_.readers[static_cast<size_t>(id)]; }
  bool is_output(ValueId id) const { return uses_.is_output[static_cast<size_t>(id)]; }
  // One operand of one node reads it, and the graph does not hand it out: it may change its meaning with its reader.
  bool is_private(ValueId id) const { return readers(id).size() == 1 && !is_output(id); }

  // The node computes something else from now on; outputs, name and precision stay.
  void rewrite(int index, Op op, std::vector<ValueId> inputs, Attributes attributes = {});
  void set_inputs(int index, std::vector<ValueId> inputs);

  // A node behind all others (finish() sorts). Its outputs exist already and have no producer.
  int add_node(Node node);
  ValueId add_value(const std::string& name, DType dtype, std::optional<Shape> shape);
  ValueId add_constant(const std::string& name, Tensor tensor);

  // The value is this constant from now on, and its producer does not write it any more.
  void make_constant(ValueId id, Tensor tensor);

  // The graph output `from` becomes `to`, under the same name. False, and nothing happens, when `from` is no output, or
  // `to` has a name that users know: it is a graph input, a constant, or handed out already.
  bool hand_out(ValueId from, ValueId to);

  // All readers of `from` read `to`. A graph output keeps its name, as hand_out says; false, and nothing happens,
  // where that is not possible. Nodes that die by this do not count as readers any more.
  bool replace(ValueId from, ValueId to);

  // Drops what is dead and sorts. To be called once, last.
  Status finish();

 private:
  void detach(int index);
  bool is_dead(int index) const;
  void retire(int index);

  Graph& graph_;
  Uses uses_;
  std::vector<bool> retired_;  // by node: dead, and its operands do not count it as a reader any more
};

}  // namespace sixtops::passes
