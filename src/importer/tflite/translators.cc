#include "importer/tflite/translators.h"

#include <unordered_map>

namespace sixtops::importer::tflite {

namespace {

using Table = std::unordered_map<wire::tflite::Operation, TranslatorRow>;

const Table& table() {
  static const Table by_operation = [] {
    Table result;
    for (const auto family : {convolution_translators, elementwise_translators, movement_translators,
                              reduction_translators, slicing_translators}) {
      for (const TranslatorRow& row : family()) result.emplace(row.operation, row);
    }
    return result;
  }();
  return by_operation;
}

}  // namespace

const TranslatorRow* find_translator(wire::tflite::Operation operation) {
  const auto row = table().find(operation);
  return row == table().end() ? nullptr : &row->second;
}

std::vector<wire::tflite::Operation> translated_operations() {
  std::vector<wire::tflite::Operation> operations;
  for (const auto& [operation, row] : table()) operations.push_back(operation);
  return operations;
}

}  // namespace sixtops::importer::tflite
