#include "importer/importer.h"

#include <algorithm>

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
  std::vector<std::string> (*operator_names)();
};

// Formats with a signature first; ONNX is told by what its fields look like, and little tells Darknet's weights.
constexpr FormatRow kFormats[] = {
    {Format::kTflite, "TensorFlow Lite", tflite::recognize, tflite::import_model, tflite::operator_names},
    {Format::kTorch, "PyTorch", torchscript::recognize, torchscript::import_model, torchscript::operator_names},
    {Format::kTensorflow, "TensorFlow", tensorflow::recognize, tensorflow::import_model, tensorflow::operator_names},
    {Format::kOnnx, "ONNX", onnx::recognize, onnx::import_model, onnx::operator_names},
    {Format::kCaffe, "Caffe", caffe::recognize, caffe::import_model, caffe::operator_names},
    {Format::kDarknet, "Darknet", darknet::recognize, darknet::import_model, darknet::operator_names},
};

const FormatRow* find_format(ByteSpan bytes) {
  for (const FormatRow& row : kFormats) {
    if (row.recognize(bytes)) return &row;
  }
  return nullptr;
}

}  // namespace

std::vector<FormatInfo> formats() {
  std::vector<FormatInfo> infos;
  for (const FormatRow& row : kFormats) {
    FormatInfo& info = infos.emplace_back(FormatInfo{row.format, row.name, row.operator_names()});
    std::sort(info.operators.begin(), info.operators.end());
  }
  return infos;
}

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
