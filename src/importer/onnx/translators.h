// The versioned translator table: which function brings an ONNX operator of which opsets into the graph.
//
// Most operators mean what the op of the same name means (graph/ops.def), and `direct` copies them. A new operator of
// that kind is one row in the file of its family.
#pragma once

#include <climits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "importer/onnx/translation.h"

namespace sixtops::importer::onnx {

using Translator = Status (*)(Translation& node);

inline constexpr int kLatest = INT_MAX;

struct TranslatorRow {
  std::string_view type;
  int first_opset;  // the oldest definition of the operator that this function reads
  int last_opset;   // kLatest: not changed up to kNewestOpset
  Translator translate;
  std::string_view ignored_attributes = "";  // known, and without influence on the result; separated by '|'
};

// Same operands, same attributes, as far as the op's row knows them.
Status direct(Translation& node);

// One table a family, each in the file of its name.
std::span<const TranslatorRow> constant_translators();
std::span<const TranslatorRow> convolution_translators();
std::span<const TranslatorRow> elementwise_translators();
std::span<const TranslatorRow> movement_translators();
std::span<const TranslatorRow> normalization_translators();
std::span<const TranslatorRow> pooling_translators();
std::span<const TranslatorRow> quantization_translators();
std::span<const TranslatorRow> reduction_translators();
std::span<const TranslatorRow> resize_translators();

// nullptr when the operator is not known in that opset.
const TranslatorRow* find_translator(std::string_view type, int opset);
std::vector<std::string> translated_types();
// Whether any opset has it, for messages.
bool is_known_operator(std::string_view type);

}  // namespace sixtops::importer::onnx
