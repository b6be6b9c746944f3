// Caffe: a .prototxt and its .caffemodel, of both formats (V1 `layers` and V2 `layer`), with the layers that common
// forks have added.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "importer/importer.h"

namespace sixtops::importer::caffe {

// Either of the two files.
bool recognize(ByteSpan bytes);

// The two files themselves.
Result<Graph> import_pair(std::string_view prototxt, const SharedBytes& weights, const ImportOptions& options);

// `source` is one of the two files; the other is its companion.
Result<Graph> import_model(const Source& source, const ImportOptions& options);

// Every layer that has a translator, in any order.
std::vector<std::string> operator_names();

}  // namespace sixtops::importer::caffe
