#include "importer/torchscript/operators.h"

#include <unordered_map>

namespace sixtops::importer::torchscript {

const OperatorRow* find_operator(std::string_view name) {
  static const auto table = [] {
    std::unordered_map<std::string_view, OperatorRow> by_name;
    for (const auto family : {elementwise_operators, layer_operators, movement_operators, reduction_operators}) {
      for (const OperatorRow& row : family()) by_name.emplace(row.name, row);
    }
    return by_name;
  }();
  auto row = table.find(name);
  if (row == table.end() && name.ends_with('_')) row = table.find(name.substr(0, name.size() - 1));
  return row == table.end() ? nullptr : &row->second;
}

}  // namespace sixtops::importer::torchscript
