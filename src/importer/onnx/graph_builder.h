// The graph under construction, and which value each name of the file stands for.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/graph.h"
#include "importer/onnx/flat_graph.h"

namespace sixtops::importer::onnx {

class GraphBuilder {
 public:
  // Keeps every name of the file for the value that carries it there. The names are unique: see order_nodes().
  explicit GraphBuilder(const FlatGraph& flat);

  // A value under its name in the file.
  ValueId define(const std::string& name, DType dtype, std::optional<Shape> shape);
  // A value that the file does not have: "base", cut where it is long, or "base.2" where that name is taken.
  ValueId add_temporary(const std::string& long_base);
  // The value of a name in the file; kNoValue for "" and for names that are not defined yet.
  ValueId find(const std::string& name) const;

  // Appends the node and fills in the types of what it writes, as far as its inputs tell them.
  Status add_node(Node node);

  Graph graph;

 private:
  ValueId add_value(std::string name);

  std::unordered_map<std::string, ValueId> ids_;
  std::unordered_map<std::string, int> suffixes_;  // last one tried, by base
};

}  // namespace sixtops::importer::onnx
