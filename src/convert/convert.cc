#include "convert/convert.h"

#include <algorithm>
#include <chrono>

#include "base/error.h"
#include "base/version.h"
#include "convert/describe_inputs.h"
#include "convert/sample_list.h"
#include "graph/text.h"
#include "passes/cut_inputs.h"
#include "passes/cut_outputs.h"
#include "passes/pipeline.h"
#include "passes/set_batch.h"
#include "quantize/other_shapes.h"
#include "quantize/quantized_source.h"

namespace sixtops::convert {
namespace {

// What the stages hand on.
struct Conversion {
  const importer::Source& source;
  const ConvertOptions& options;
  std::vector<Graph> graphs;  // one a set of input shapes
  size_t largest = 0;         // of the graphs: the one that is calibrated and reported
  Converted result;

  Report& report() { return result.report; }
  void progress(const char* stage, size_t done, size_t total) const {
    if (options.progress) options.progress(stage, static_cast<int>(done), static_cast<int>(total));
  }
  void dump(std::string_view stage) const {
    if (!options.dump_sink || options.dump_after != stage) return;
    options.dump_sink(format_graph(graphs[largest], {.max_inline_elements = 16, .elide_large_constants = true}));
  }
};

double input_elements(const Graph& graph) {
  double elements = 0;
  for (const ValueId id : graph.inputs) {
    double product = 1;
    for (const int64_t extent : graph.value(id).shape.value_or(Shape{})) product *= static_cast<double>(extent);
    elements += product;
  }
  return elements;
}

Status import_source(Conversion& c) {
  const auto import = [&](const std::map<std::string, Shape>& shapes, const std::vector<Shape>& in_order) -> Status {
    const importer::ImportOptions options{shapes, c.options.companion, c.options.inputs, c.options.outputs, in_order};
    c.graphs.push_back(TRY(importer::import_model(c.source, options)));
    return {};
  };
  TRY(import(c.options.input_shapes, c.options.shapes_in_order));
  for (const auto& shapes : c.options.further_shapes) TRY(import(shapes, {}));
  const auto is_smaller = [](const Graph& a, const Graph& b) { return input_elements(a) < input_elements(b); };
  const auto largest = std::max_element(c.graphs.begin(), c.graphs.end(), is_smaller);
  c.largest = static_cast<size_t>(largest - c.graphs.begin());
  c.dump("import");
  return {};
}

const std::map<std::string, Shape>& shapes_of(const Conversion& c, size_t index) {
  return index == 0 ? c.options.input_shapes : c.options.further_shapes[index - 1];
}

Status cut(Conversion& c) {
  for (size_t i = 0; i < c.graphs.size(); ++i) {
    if (!c.options.outputs.empty()) TRY(passes::cut_at(c.graphs[i], c.options.outputs));
    if (!c.options.inputs.empty()) TRY(passes::begin_at(c.graphs[i], c.options.inputs, shapes_of(c, i)));
    TRY(passes::fill_inputs(c.graphs[i], c.options.constant_inputs));
  }
  return {};
}

// The graph for many pictures goes beside the one for one picture, which is calibrated.
Status add_batch(Conversion& c) {
  if (!c.options.batch || *c.options.batch == 1) return {};
  if (c.graphs.size() > 1) return usage_error("a batch does not go together with several sets of input shapes");
  c.graphs.push_back(c.graphs[0]);
  return passes::set_batch(c.graphs[1], *c.options.batch);
}

Status keep_batch(Conversion& c) {
  if (c.options.batch && c.graphs.size() > 1) c.graphs.erase(c.graphs.begin());
  return {};
}

Status run_passes(Conversion& c) {
  const size_t total = passes::pipeline().size() * c.graphs.size();
  size_t done = 0;
  for (size_t i = 0; i < c.graphs.size(); ++i) {
    TRY(passes::run_pipeline(c.graphs[i], {}, [&](const passes::Pass& pass, const Graph&) {
      c.progress("passes", ++done, total);
      if (i == c.largest) c.dump(pass.name);
    }));
  }
  return {};
}

Status describe_task(Conversion& c) {
  for (size_t i = 0; i < c.graphs.size(); ++i) {
    std::vector<std::string> notes;
    TRY(describe_inputs(c.graphs[i], c.options, notes));
    if (i == c.largest) c.report().notes = std::move(notes);
  }
  return {};
}

Result<std::vector<quantize::Sample>> load_samples(const Conversion& c) {
  const Graph& graph = c.graphs[c.largest];
  const std::vector<SampleFiles> files = TRY(list_samples(c.options.calibration, graph.inputs.size()));
  std::vector<quantize::Sample> samples;
  for (const SampleFiles& sample : files) {
    samples.push_back(TRY(load_sample(sample, graph)));
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
  for (size_t i = 0; i < c.graphs.size(); ++i) {
    quantize::QuantizeReport report =
        TRY(quantize::quantize_quantized_source(c.graphs[i], c.options.quantize.keep_float));
    if (i == c.largest) c.report().quantization = std::move(report);
  }
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
  const Graph calibrated = c.graphs[c.largest];
  c.report().quantization = TRY(quantize::quantize(c.graphs[c.largest], TRY(load_samples(c)), options));
  for (size_t i = 0; i < c.graphs.size(); ++i) {
    if (i == c.largest) continue;
    c.graphs[i] = TRY(quantize::at_other_shapes(c.graphs[c.largest], calibrated, c.graphs[i]));
  }
  return {};
}

Status choose_precision(Conversion& c) {
  c.report().precision = c.options.precision;
  if (c.options.further_shapes.size() > 0) {
    c.report().notes.push_back(fmt::format("{} sets of input shapes", c.graphs.size()));
  }
  switch (c.options.precision) {
    case Precision::kInt8:
      TRY(quantize::is_quantized_source(c.graphs[c.largest]) ? keep_source_integers(c) : calibrate(c));
      break;
    case Precision::kFloat16:
      for (Graph& graph : c.graphs) TRY(quantize::to_float16(graph));
      c.report().quantization.layers = layers_without_figures(c.graphs[c.largest]);
      break;
    case Precision::kFloat32:
      c.report().quantization.layers = layers_without_figures(c.graphs[c.largest]);
      break;
  }
  c.dump("quantize");
  return {};
}

Status write_six(Conversion& c) {
  c.result.six = TRY(model::write_model({c.graphs, kProducer, c.options.custom_text}));
  c.report().output_bytes = static_cast<int64_t>(c.result.six.size());
  return {};
}

struct Stage {
  const char* name;
  Status (*run)(Conversion&);
};

// From source to .six.
constexpr Stage kStages[] = {
    {"import", import_source},        // any format → a graph for each set of input shapes
    {"cut", cut},                     // before the passes, which then drop what nobody reads
    {"batch", add_batch},             // while shapes are open
    {"passes", run_passes},           // → static graph in canonical form
    {"task", describe_task},          // head, labels, pre-processing: calibration pictures need it
    {"precision", choose_precision},  // int8 by samples or the source's own integers, float16 or float32
    {"batch", keep_batch},            // the graph for one picture has done its work
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
  Conversion conversion{source, options, {}, 0, {}};
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
