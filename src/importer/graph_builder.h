// The graph under construction, and which value each name of the file stands for.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "graph/graph.h"

namespace sixtops::importer {

class GraphBuilder {
 public:
  // Keeps a name of the file for the value that will carry it there: no temporary gets it.
  void reserve(const std::string& name) { ids_.emplace(name, kNoValue); }

  // A value under its name in the file. REQUIRES: no value has the name.
  ValueId define(const std::string& name, DType dtype, std::optional<Shape> shape);
  // A value that the file does not have: "base", cut where it is long, or "base.2" where that name is taken.
  ValueId add_temporary(const std::string& long_base);
  // A constant that the file does not have, or not in this form; named like a temporary.
  ValueId add_constant(const std::string& base, Tensor tensor);
  // The value of a name in the file; kNoValue for "" and for names that are not defined yet.
  ValueId find(const std::string& name) const;

  // Appends the node and fills in the types of what it writes, as far as its inputs tell them.
  Status add_node(Node node);
  // Appends a node with one output, a temporary called `output`; node and output may bear the same name.
  Result<ValueId> append(Op op, const std::string& node_name, const std::string& output, std::vector<ValueId> inputs,
                         Attributes attributes = {});

  // The value takes the name, which the file knows it by, and gives up its own. REQUIRES: no other value has the name.
  void rename(ValueId id, const std::string& name);

  DType dtype(ValueId id) const { return graph.value(id).dtype; }
  const std::optional<Shape>& shape(ValueId id) const { return graph.value(id).shape; }
  // The shape of a value that has to be known completely by now; kUnsupported names the value.
  Result<Shape> static_shape(ValueId id) const;

  Graph graph;

 private:
  ValueId add_value(std::string name);

  std::unordered_map<std::string, ValueId> ids_;
  std::unordered_map<std::string, int> suffixes_;  // last one tried, by base
};

}  // namespace sixtops::importer
