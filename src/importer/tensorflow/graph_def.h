// Bytes → GraphDef: frozen graphs, saved models, and the JSON form of TensorFlow.js.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "importer/importer.h"
#include "tensorflow.pb.h"

namespace sixtops::importer::tensorflow {

struct Model {
  wire::tensorflow::GraphDef graph;
  std::vector<std::string> outputs;  // those that the file names; empty: what no node reads
};

bool looks_like_graph(ByteSpan bytes);  // protocol buffers
bool looks_like_json(ByteSpan bytes);   // TensorFlow.js

Result<Model> read_protocol_buffers(const SharedBytes& bytes);
// The weights lie in files beside `source`; their names are checked like external data.
Result<Model> read_json(const Source& source);

}  // namespace sixtops::importer::tensorflow
