#include "importer/torchscript/operators.h"

#include <unordered_map>

namespace sixtops::importer::torchscript {
namespace {

using Table = std::unordered_map<std::string_view, OperatorRow>;

const Table& table() {
  static const Table by_name = [] {
    Table result;
    for (const auto family :
         {elementwise_operators, layer_operators, movement_operators, reduction_operators, special_functions}) {
      for (const OperatorRow& row : family()) result.emplace(row.name, row);
    }
    return result;
  }();
  return by_name;
}

}  // namespace

const OperatorRow* find_operator(std::string_view name) {
  auto row = table().find(name);
  if (row == table().end() && name.ends_with('_')) row = table().find(name.substr(0, name.size() - 1));
  return row == table().end() ? nullptr : &row->second;
}

std::vector<std::string> known_operators() {
  std::vector<std::string> names;
  for (const auto& [name, row] : table()) names.emplace_back(name);
  return names;
}

}  // namespace sixtops::importer::torchscript
