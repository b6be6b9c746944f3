// What every importer's fuzz target does with a graph that comes out: the passes, and its own .six file.
#pragma once

#include "finding.h"
#include "graph/text.h"
#include "model/model.h"
#include "passes/pipeline.h"

namespace sixtops::fuzz {

// Folding is legitimate work that a small file can ask for; a fuzzer wants many small cases.
inline constexpr passes::PassOptions kSmallFolding{.max_folded_bytes = int64_t{1} << 20};

inline int check_imported(Result<Graph> graph) {
  if (!succeeded(graph.status())) return 0;
  if (!succeeded(passes::run_pipeline(*graph, kSmallFolding))) return 0;
  const Result<std::vector<std::byte>> six = model::write_model({{*graph}, "", ""});
  if (!succeeded(six.status())) return 0;
  const Result<model::Model> read = model::read_model(SharedBytes::own(*six));
  expect(read.ok(), read.status().message().c_str());
  expect(format_graph(read->variants[0]) == format_graph(*graph), "the .six file holds another graph");
  return 0;
}

}  // namespace sixtops::fuzz
