// TensorFlow Lite: float, float16-weight, int8 and uint8 networks.
//
// Quantized tensors keep their own scales and zero points: every operator computes on real numbers between
// DequantizeLinear and QuantizeLinear, the form that passes/absorb_qdq.cc and quantize/quantized_source.h take.
// Pictures get their channels first; so do inputs and outputs of rank 4.
#pragma once

#include <string>
#include <vector>

#include "importer/importer.h"

namespace sixtops::importer::tflite {

// By the identifier that stands at byte 4 of every .tflite file.
bool recognize(ByteSpan bytes);

// The first subgraph. options.input_shapes are in the file's order of axes.
Result<Graph> import_model(const Source& source, const ImportOptions& options);

// Every operator that has a translator, in any order.
std::vector<std::string> operator_names();

}  // namespace sixtops::importer::tflite
