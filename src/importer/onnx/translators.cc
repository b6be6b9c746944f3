#include "importer/onnx/translators.h"

#include <array>
#include <unordered_map>
#include <vector>

#include "base/error.h"

namespace sixtops::importer::onnx {
namespace {

using Table = std::unordered_map<std::string_view, std::vector<TranslatorRow>>;

const Table& table() {
  static const Table by_type = [] {
    Table result;
    for (const auto family : {constant_translators, convolution_translators, elementwise_translators,
                              movement_translators, normalization_translators, pooling_translators,
                              quantization_translators, reduction_translators, resize_translators}) {
      for (const TranslatorRow& row : family()) result[row.type].push_back(row);
    }
    return result;
  }();
  return by_type;
}

// Attributes of static and of integer nodes, which no ONNX file has: passes and quantizer set them.
bool is_internal(Op op, std::string_view field) {
  static constexpr std::array<std::string_view, 9> kInteger = {
      "multiplier",         "shift",         "output_zero_point",
      "operand_multiplier", "operand_bias",  "input_zero_points",
      "pad_code",           "weight_offset", "table"};
  for (const std::string_view name : kInteger) {
    if (field == name) return true;
  }
  const bool quantizes = op == Op::kQuantizeLinear || op == Op::kDequantizeLinear;
  return quantizes && (field == "scale" || field == "zero_point" || field == "to");
}

}  // namespace

const TranslatorRow* find_translator(std::string_view type, int opset) {
  const auto rows = table().find(type);
  if (rows == table().end()) return nullptr;
  for (const TranslatorRow& row : rows->second) {
    if (opset >= row.first_opset && opset <= row.last_opset) return &row;
  }
  return nullptr;
}

std::vector<std::string> translated_types() {
  std::vector<std::string> types;
  for (const auto& [type, rows] : table()) types.emplace_back(type);
  return types;
}

bool is_known_operator(std::string_view type) { return table().contains(type); }

Status direct(Translation& node) {
  const OpInfo& info = op_info(*parse_op(node.type()));
  Attributes attributes;
  for (const Field& field : info.fields) {
    if (is_internal(info.op, field.name)) continue;
    if (const auto* proto = node.attribute(field.name))
      attributes.set(field.name, TRY(read_attribute(*proto, field.type)));
  }
  return node.write(info.op, node.inputs(), std::move(attributes));
}

}  // namespace sixtops::importer::onnx
