#include "importer/torchscript/torchscript_importer.h"

#include "graph/verify.h"
#include "importer/torchscript/archive.h"
#include "importer/torchscript/checkpoint.h"
#include "importer/torchscript/inliner.h"
#include "importer/torchscript/modules.h"
#include "importer/torchscript/operators.h"

namespace sixtops::importer::torchscript {
namespace {

Result<Graph> build_graph(const SharedBytes& bytes, const ImportOptions& options) {
  const Archive archive = TRY(Archive::open(bytes));
  const SharedBytes data = TRY(archive.read("data.pkl"));
  const Pickle pickle = TRY(Pickle::parse(data.span()));
  Graph graph;
  if (archive.has_code()) {
    const SharedBytes constant_bytes = TRY(archive.read("constants.pkl"));
    const Pickle constants = TRY(Pickle::parse(constant_bytes.span()));
    graph = TRY(inline_forward(archive, pickle.root(), constants.root(), options));
  } else {
    graph = TRY(rebuild_checkpoint(archive, pickle.root(), options));
  }
  TRY(verify(graph, VerifyLevel::kImported));
  return graph;
}

}  // namespace

std::vector<std::string> operator_names() {
  std::vector<std::string> names = known_operators();
  const std::vector<std::string> modules = known_modules();
  names.insert(names.end(), modules.begin(), modules.end());
  return names;
}

bool recognize(ByteSpan bytes) { return ZipArchive::recognize(bytes); }

Result<Graph> import_model(const Source& source, const ImportOptions& options) {
  Result<Graph> graph = build_graph(source.bytes, options);
  if (!graph.ok()) return graph.status().with_prefix(source.path + ": ");
  return graph;
}

}  // namespace sixtops::importer::torchscript
