// Nodes that we have no operator for but that a program may register one for: attributes verbatim, types from the file.
#pragma once

#include <string>
#include <unordered_map>

#include "importer/onnx/translation.h"

namespace sixtops::importer::onnx {

// A node of a foreign domain, or one whose type begins with "cst" (the convention of the RKNN toolkit).
bool is_custom(const wire::onnx::NodeProto& node);

// `types` are those that the file states (stated_types()); each output of a custom node has to have one.
Status translate_custom(Translation& node,
                        const std::unordered_map<std::string, const wire::onnx::ValueInfoProto*>& types);

}  // namespace sixtops::importer::onnx
