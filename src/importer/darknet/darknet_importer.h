// Darknet: a .cfg file and its .weights, of the original and of the fork that most networks come from.
//
// [yolo] sections are not part of the graph: the convolutions before them are its outputs, and how they are decoded
// stands in the task hints.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "importer/importer.h"

namespace sixtops::importer::darknet {

// Either of the two files.
bool recognize(ByteSpan bytes);

// The two files themselves.
Result<Graph> import_pair(std::string_view cfg, const SharedBytes& weights, const ImportOptions& options);

// `source` is one of the two files; the other is its companion.
Result<Graph> import_model(const Source& source, const ImportOptions& options);

// Every section that has a translator, in any order.
std::vector<std::string> operator_names();

}  // namespace sixtops::importer::darknet
