#include "importer/tflite/translators.h"

#include <unordered_map>

namespace sixtops::importer::tflite {

const TranslatorRow* find_translator(wire::tflite::Operation operation) {
  static const auto table = [] {
    std::unordered_map<wire::tflite::Operation, TranslatorRow> by_operation;
    for (const auto family : {convolution_translators, elementwise_translators, movement_translators,
                              reduction_translators, slicing_translators}) {
      for (const TranslatorRow& row : family()) by_operation.emplace(row.operation, row);
    }
    return by_operation;
  }();
  const auto row = table.find(operation);
  return row == table.end() ? nullptr : &row->second;
}

}  // namespace sixtops::importer::tflite
