// From a model file of any format to an imported graph.
//
// Files are untrusted: bytes → checked structs → graph, sizes and counts checked before allocation.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "graph/graph.h"

namespace sixtops::importer {

struct Source {
  std::string path;   // for messages, and for external data and companions beside it
  SharedBytes bytes;  // the file
};

struct ImportOptions {
  // Shapes that the user binds to inputs, by name. Every dynamic extent of an input has to be bound.
  std::map<std::string, Shape> input_shapes;
  // The other file of a network that comes in two (Darknet's cfg and weights). Empty: the one of the same name beside
  // the first, `x.weights` for `x.cfg`.
  std::string companion = {};
  // Where the caller will cut the graph; empty: nowhere. Importers of formats that name their tensors (ONNX,
  // TensorFlow) leave out what is not needed then, so that nothing of it has to be supported; others return the whole
  // network. A tensor of `inputs` that the file gives no shape needs one of input_shapes for that.
  std::vector<std::string> inputs = {};
  std::vector<std::string> outputs = {};
  // Instead of input_shapes: one an input, in the file's order. Empty: not given.
  std::vector<Shape> shapes_in_order = {};
};

enum class Format { kUnknown, kOnnx, kTflite, kTorch, kTensorflow, kCaffe, kDarknet };

// Every format that is read, its name, and the operators (layers, sections, modules) that it may contain, in order.
struct FormatInfo {
  Format format;
  const char* name;
  std::vector<std::string> operators;
};
std::vector<FormatInfo> formats();

// Told from the content, not from the file's name.
Format recognize(ByteSpan bytes);

// The imported graph, verified at the imported level. kUnsupported lists all operators that are not supported, with the
// names of their nodes. kUsage names an --input that the model does not have, or whose rank does not fit.
Result<Graph> import_model(const Source& source, const ImportOptions& options);

}  // namespace sixtops::importer
