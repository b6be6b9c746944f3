// ONNX: opset 7 to the newest, external data, Q/DQ models, functions, foreign nodes as Custom.
#pragma once

#include <string>
#include <vector>

#include "importer/importer.h"

namespace sixtops::importer::onnx {

// Newest opset whose changes the translator table knows. Newer models import while they use unchanged operators.
inline constexpr int kNewestOpset = 23;
inline constexpr int kOldestOpset = 7;

// A plausible ModelProto: the wire fields of its first bytes are those of a model.
bool recognize(ByteSpan bytes);

Result<Graph> import_model(const Source& source, const ImportOptions& options);

// Every operator that has a translator, in any order.
std::vector<std::string> operator_names();

}  // namespace sixtops::importer::onnx
