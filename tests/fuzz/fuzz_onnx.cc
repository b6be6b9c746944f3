// An ONNX file through importer and passes; a graph that comes out has to survive its own .six file.
#include "finding.h"
#include "graph/text.h"
#include "importer/importer.h"
#include "model/model.h"
#include "passes/pipeline.h"

using namespace sixtops;

// Folding is legitimate work that a small file can ask for; a fuzzer wants many small cases.
constexpr passes::PassOptions kSmallFolding{.max_folded_bytes = int64_t{1} << 20};

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Result<Graph> graph = importer::import_model({"fuzz.onnx", SharedBytes::own(fuzz::copy_of(data, size))}, {});
  if (!fuzz::succeeded(graph.status())) return 0;
  if (!fuzz::succeeded(passes::run_pipeline(*graph, kSmallFolding))) return 0;
  const Result<std::vector<std::byte>> six = model::write_model({{*graph}, "", ""});
  if (!fuzz::succeeded(six.status())) return 0;
  const Result<model::Model> read = model::read_model(SharedBytes::own(*six));
  fuzz::expect(read.ok(), read.status().message().c_str());
  fuzz::expect(format_graph(read->variants[0]) == format_graph(*graph), "the .six file holds another graph");
  return 0;
}
