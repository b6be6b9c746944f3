#include "convert/convert.h"

#include <chrono>

#include "base/error.h"
#include "base/version.h"
#include "convert/describe_inputs.h"
#include "convert/sample_list.h"
#include "graph/text.h"
#include "passes/cut_outputs.h"
#include "passes/pipeline.h"
#include "quantize/quantized_source.h"

namespace sixtops::convert {
namespace {

// What the stages hand on.
struct Conversion {
  const importer::Source& source;
  const ConvertOptions& options;
  Graph graph;
  Converted result;

  Report& report() { return result.report; }
  void progress(const char* stage, size_t done, size_t total) const {
    if (options.progress) options.progress(stage, static_cast<int>(done), static_cast<int>(total));
  }
  void dump(std::string_view stage) const {
    if (options.dump_sink && options.dump_after == stage) {
      options.dump_sink(format_graph(graph, {.max_inline_elements = 16, .elide_large_constants = true}));
    }
  }
};

Status import_source(Conversion& c) {
  c.graph = TRY(importer::import_model(c.source, {c.options.input_shapes, c.options.companion}));
  c.dump("import");
  return {};
}

Status cut_outputs(Conversion& c) {
  return c.options.outputs.empty() ? Status() : passes::cut_at(c.graph, c.options.outputs);
}

Status run_passes(Conversion& c) {
  const size_t total = passes::pipeline().size();
  size_t done = 0;
  return passes::run_pipeline(c.graph, {}, [&](const passes::Pass& pass, const Graph&) {
    c.progress("passes", ++done, total);
    c.dump(pass.name);
  });
}

Status describe_task(Conversion& c) { return describe_inputs(c.graph, c.options, c.report().notes); }

Result<std::vector<quantize::Sample>> load_samples(const Conversion& c) {
  const std::vector<SampleFiles> files = TRY(list_samples(c.options.calibration, c.graph.inputs.size()));
  std::vector<quantize::Sample> samples;
  for (const SampleFiles& sample : files) {
    samples.push_back(TRY(load_sample(sample, c.graph)));
    c.progress("calibration samples", samples.size(), files.size());
  }
  return samples;
}

std::vector<quantize::LayerFigures> layers_without_figures(const Graph& graph) {
  std::vector<quantize::LayerFigures> layers;
  for (const Node& node : graph.nodes) {
    quantize::LayerFigures figures;
    figures.node = node.name;
    figures.op = op_info(node.op).name;
    figures.precision = node.precision;
    figures.macs = count_macs(graph, node);
    layers.push_back(std::move(figures));
  }
  return layers;
}

Status keep_source_integers(Conversion& c) {
  c.report().notes.push_back(fmt::format("the network is quantized already and keeps its own parameters{}",
                                         c.options.calibration.empty() ? "" : "; calibration samples are not used"));
  c.report().quantization = TRY(quantize::quantize_quantized_source(c.graph, c.options.quantize.keep_float));
  return {};
}

Status calibrate(Conversion& c) {
  if (c.options.calibration.empty()) {
    return usage_error(
        "precision int8 needs pictures that show the ranges of the network's values: give --calibrate DIR or "
        "LIST.txt with 20 to 100 of them");
  }
  quantize::QuantizeOptions options = c.options.quantize;
  options.progress = [&](int done, int total) {
    c.progress("quantize", static_cast<size_t>(done), static_cast<size_t>(total));
  };
  c.report().quantization = TRY(quantize::quantize(c.graph, TRY(load_samples(c)), options));
  return {};
}

Status choose_precision(Conversion& c) {
  c.report().precision = c.options.precision;
  switch (c.options.precision) {
    case Precision::kInt8:
      TRY(quantize::is_quantized_source(c.graph) ? keep_source_integers(c) : calibrate(c));
      break;
    case Precision::kFloat16:
      TRY(quantize::to_float16(c.graph));
      c.report().quantization.layers = layers_without_figures(c.graph);
      break;
    case Precision::kFloat32:
      c.report().quantization.layers = layers_without_figures(c.graph);
      break;
  }
  c.dump("quantize");
  return {};
}

Status write_six(Conversion& c) {
  c.result.six = TRY(model::write_model({{c.graph}, kProducer, ""}));
  c.report().output_bytes = static_cast<int64_t>(c.result.six.size());
  return {};
}

struct Stage {
  const char* name;
  Status (*run)(Conversion&);
};

// From source to .six.
constexpr Stage kStages[] = {
    {"import", import_source},        // any format → graph
    {"outputs", cut_outputs},         // before the passes, which then drop what nobody reads
    {"passes", run_passes},           // → static graph in canonical form
    {"task", describe_task},          // head, labels, pre-processing: calibration pictures need it
    {"precision", choose_precision},  // int8 by samples or the source's own integers, float16 or float32
    {"write", write_six},             // → bytes
};

Status check_dump_stage(const std::string& stage) {
  if (stage.empty() || stage == "import" || stage == "quantize") return {};
  std::string known = "import";
  for (const passes::Pass& pass : passes::pipeline()) {
    if (pass.name == stage) return {};
    known += fmt::format(", {}", pass.name);
  }
  return usage_error("--dump-after: there is no stage '{}'; expected one of {}, quantize", stage, known);
}

}  // namespace

Result<Converted> convert(const importer::Source& source, const ConvertOptions& options) {
  TRY(check_dump_stage(options.dump_after));
  if (model::recognize(source.bytes.span())) {
    return usage_error("{}: is a .six file already; convert the network's source again", source.path);
  }
  Conversion conversion{source, options, {}, {}};
  Report& report = conversion.report();
  report.source = source.path;
  report.producer = kProducer;
  report.source_bytes = static_cast<int64_t>(source.bytes.size());
  for (const Stage& stage : kStages) {
    const auto start = std::chrono::steady_clock::now();
    TRY(stage.run(conversion));
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    report.times.push_back({stage.name, elapsed.count()});
  }
  return std::move(conversion.result);
}

}  // namespace sixtops::convert
