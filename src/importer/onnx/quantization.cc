#include "base/error.h"
#include "importer/onnx/element_type.h"
#include "importer/onnx/translators.h"

namespace sixtops::importer::onnx {
namespace {

// QuantizeLinear and DequantizeLinear. One scale for the tensor or one an index of the axis; a scale a block is not
// supported.
Status quantize_or_dequantize(Translation& node) {
  TRY(node.expect_inputs(2, 3));
  const bool quantizes = node.type() == "QuantizeLinear";
  if (TRY(node.get_int("block_size", 0)) != 0) return unsupported("block_size (a scale a block of elements)");
  Attributes attributes;
  attributes.set("axis", TRY(node.get_int("axis", 1)));
  const int64_t output_type = TRY(node.get_int("output_dtype", 0));
  if (output_type != 0) {
    const DType dtype = TRY(element_type(output_type));
    if (quantizes) attributes.set("to", std::string(dtype_name(dtype)));
    if (!quantizes && dtype != node.dtype(node.input(1))) return unsupported("output_dtype {}", dtype_name(dtype));
  }
  return node.write(quantizes ? Op::kQuantizeLinear : Op::kDequantizeLinear, node.inputs(), std::move(attributes));
}

constexpr TranslatorRow kRows[] = {
    // saturate concerns float8 alone; precision only how the division is computed.
    {"QuantizeLinear", 10, kLatest, quantize_or_dequantize, "saturate|precision"},
    {"DequantizeLinear", 10, kLatest, quantize_or_dequantize},
    {"DynamicQuantizeLinear", 11, kLatest, direct},
};

}  // namespace

std::span<const TranslatorRow> quantization_translators() { return kRows; }

}  // namespace sixtops::importer::onnx
