// What `sixtops inspect` tells of a model.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace sixtops::app {

struct PrecisionShare {
  int64_t nodes = 0;
  int64_t macs = 0;
};

struct ModelSummary {
  std::string format;                              // ".six", "source model"
  std::string producer;                            // of a .six file
  Graph graph;                                     // as the file has it, for its first set of input shapes
  std::vector<std::vector<Shape>> further_shapes;  // other sets of a .six file, one shape an input
  std::map<std::string, int64_t> op_counts;
  std::map<std::string, PrecisionShare> precisions;
  int64_t regions = 0;
  int64_t macs = 0;
  int64_t parameter_bytes = 0;
  std::optional<int64_t> peak_tensor_bytes;  // nothing where sizes depend on data
  std::string incomplete;                    // why work and memory are not known, when they are not
};

// Reads any model that SixTOPS knows. Work and memory of a source model are those of its graph after the passes.
Result<ModelSummary> summarize_model(const std::string& path, const std::vector<std::string>& input_shapes,
                                     const std::string& companion);

}  // namespace sixtops::app
