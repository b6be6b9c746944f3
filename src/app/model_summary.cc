#include "app/model_summary.h"

#include "app/source_options.h"
#include "base/error.h"
#include "base/file.h"
#include "importer/importer.h"
#include "model/model.h"
#include "passes/pipeline.h"
#include "runtime/memory.h"
#include "runtime/region.h"

namespace sixtops::app {
namespace {

void count_operators(ModelSummary& summary) {
  for (const Node& node : summary.graph.nodes) {
    const bool is_custom = node.op == Op::kCustom;
    ++summary.op_counts[is_custom ? node.get_text("type") : std::string(op_info(node.op).name)];
  }
}

void count_work(ModelSummary& summary, const Graph& graph) {
  for (const Node& node : graph.nodes) {
    PrecisionShare& share = summary.precisions[std::string(precision_name(node.precision))];
    const int64_t macs = count_macs(graph, node);
    ++share.nodes;
    share.macs += macs;
    summary.macs += macs;
  }
  summary.regions = static_cast<int64_t>(runtime::find_regions(graph).size());
  summary.parameter_bytes = runtime::constant_bytes(graph);
  const Result<runtime::MemoryNeed> need = runtime::memory_need(graph);
  if (need.ok()) {
    summary.peak_tensor_bytes = need->tensors;
  } else {
    summary.incomplete = need.status().message();
  }
}

std::vector<Shape> input_shapes(const Graph& graph) {
  std::vector<Shape> shapes;
  for (const ValueId id : graph.inputs) shapes.push_back(graph.value(id).shape.value_or(Shape{}));
  return shapes;
}

Result<ModelSummary> summarize_six(const SharedBytes& bytes) {
  model::Model model = TRY(model::read_model(bytes));
  ModelSummary summary;
  summary.format = ".six";
  summary.producer = model.producer;
  for (size_t i = 1; i < model.variants.size(); ++i) summary.further_shapes.push_back(input_shapes(model.variants[i]));
  summary.graph = std::move(model.variants.front());
  count_operators(summary);
  count_work(summary, summary.graph);
  return summary;
}

Result<ModelSummary> summarize_source(const std::string& path, const SharedBytes& bytes,
                                      const std::vector<std::string>& input_shapes, const std::string& companion) {
  ModelSummary summary;
  summary.format = "source model";
  const ShapeSets sets = TRY(parse_shape_sets(input_shapes));
  if (sets.size() > 1) return usage_error("--input: a source model is looked at in one shape of each input");
  summary.graph = TRY(importer::import_model({path, bytes}, {sets.front(), companion}));
  count_operators(summary);
  Graph converted = summary.graph;
  if (const Status status = passes::run_pipeline(converted); !status.ok()) {
    summary.incomplete = status.message();
    return summary;
  }
  count_work(summary, converted);
  return summary;
}

}  // namespace

Result<ModelSummary> summarize_model(const std::string& path, const std::vector<std::string>& input_shapes,
                                     const std::string& companion) {
  const SharedBytes bytes = TRY(read_file(path));
  if (!model::recognize(bytes.span())) return summarize_source(path, bytes, input_shapes, companion);
  Result<ModelSummary> summary = summarize_six(bytes);
  if (!summary.ok()) return summary.status().with_prefix(path + ": ");
  return summary;
}

}  // namespace sixtops::app
