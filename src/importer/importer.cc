#include "importer/importer.h"

#include "base/error.h"
#include "importer/caffe/caffe_importer.h"
#include "importer/darknet/darknet_importer.h"
#include "importer/onnx/onnx_importer.h"
#include "importer/tensorflow/tensorflow_importer.h"
#include "importer/tflite/tflite_importer.h"
#include "importer/torchscript/torchscript_importer.h"

namespace sixtops::importer {
namespace {

struct FormatRow {
  Format format;
  const char* name;
  bool (*recognize)(ByteSpan bytes);
  Result<Graph> (*import_model)(const Source& source, const ImportOptions& options);
};

// Formats with a signature first; ONNX is told by what its fields look like, and little tells Darknet's weights.
constexpr FormatRow kFormats[] = {
    {Format::kTflite, "TensorFlow Lite", tflite::recognize, tflite::import_model},
    {Format::kTorch, "PyTorch", torchscript::recognize, torchscript::import_model},
    {Format::kTensorflow, "TensorFlow", tensorflow::recognize, tensorflow::import_model},
    {Format::kOnnx, "ONNX", onnx::recognize, onnx::import_model},
    {Format::kCaffe, "Caffe", caffe::recognize, caffe::import_model},
    {Format::kDarknet, "Darknet", darknet::recognize, darknet::import_model},
};

const FormatRow* find_format(ByteSpan bytes) {
  for (const FormatRow& row : kFormats) {
    if (row.recognize(bytes)) return &row;
  }
  return nullptr;
}

}  // namespace

Format recognize(ByteSpan bytes) {
  const FormatRow* row = find_format(bytes);
  return row == nullptr ? Format::kUnknown : row->format;
}

Result<Graph> import_model(const Source& source, const ImportOptions& options) {
  if (const FormatRow* row = find_format(source.bytes.span())) return row->import_model(source, options);
  if (source.bytes.empty()) return invalid_data("{}: the file is empty", source.path);
  std::string names;
  for (const FormatRow& row : kFormats) names += (names.empty() ? "" : ", ") + std::string(row.name);
  return invalid_data("{}: not a model of a format that is read here ({})", source.path, names);
}

}  // namespace sixtops::importer
