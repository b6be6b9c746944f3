// A pass: graph in, graph out, one idea, one file.
//
// A pass leaves the meaning of every graph output unchanged (float rounding aside) and the graph valid. It is tested
// text in, text out, on what it rewrites and on what it must leave alone (second reader, wrong axis, unknown shape).
#pragma once

#include <cstdint>
#include <string_view>

#include "graph/graph.h"

namespace sixtops::passes {

struct PassOptions {
  // Folding makes no constant larger than this: a small file must not unfold into gigabytes. Writing the model holds
  // its constants three times, and all of that stays below 64 MB for the smallest file; the grids, anchors and masks of
  // real networks take at most a few MB.
  int64_t max_folded_bytes = int64_t{8} << 20;
};

struct Pass {
  std::string_view name;    // the word of --dump-after
  std::string_view reason;  // why it runs, and why here
  Status (*run)(Graph& graph, const PassOptions& options);
};

}  // namespace sixtops::passes
