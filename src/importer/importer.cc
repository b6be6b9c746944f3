#include "importer/importer.h"

#include <algorithm>

#include "base/error.h"
#include "importer/onnx/onnx_importer.h"

namespace sixtops::importer {

Format recognize(ByteSpan bytes) { return onnx::recognize(bytes) ? Format::kOnnx : Format::kUnknown; }

Result<Graph> import_model(const Source& source, const ImportOptions& options) {
  switch (recognize(source.bytes.span())) {
    case Format::kOnnx:
      return onnx::import_model(source, options);
    case Format::kUnknown:
      break;
  }
  if (source.bytes.empty()) return invalid_data("{}: the file is empty", source.path);
  return invalid_data("{}: not a model of a format that is read here (ONNX)", source.path);
}

}  // namespace sixtops::importer
