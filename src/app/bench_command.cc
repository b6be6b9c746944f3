#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>

#include "app/bench_layers.h"
#include "app/commands.h"
#include "app/json_file.h"
#include "app/load_model.h"
#include "app/median.h"
#include "app/progress.h"
#include "base/error.h"
#include "base/thread_pool.h"
#include "convert/picture_input.h"
#include "cpu/engine/kernel/isa.h"
#include "cpu/engine/kernel/kernel_set.h"
#include "cpu/engine/peak_rate.h"
#include "vision/picture_file.h"

namespace sixtops::app {
namespace {

using runtime::Session;

class Stopwatch {
 public:
  double milliseconds() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Values as a picture gives them: speed does not depend on them, but denormal or huge ones would say otherwise.
Result<Tensor> random_input(const runtime::TensorDescription& input, std::mt19937& random) {
  if (!is_float(input.dtype)) {
    Tensor codes = TRY(Tensor::allocate(DType::kU8, input.shape));
    for (uint8_t& code : codes.mutable_values<uint8_t>()) code = static_cast<uint8_t>(random() % 128);
    return cast(codes, input.dtype);
  }
  Tensor values = TRY(Tensor::allocate(DType::kF32, input.shape));
  for (float& value : values.mutable_values<float>()) value = static_cast<float>(random() % 1024) / 1024;
  return cast(values, input.dtype);
}

// What the network runs on, and the times of making it from a picture.
struct Inputs {
  std::vector<Tensor> tensors;
  std::vector<double> preprocess_ms;
};

Result<Inputs> make_random_inputs(const Session& session) {
  std::mt19937 random(1);
  Inputs inputs;
  for (const runtime::TensorDescription& input : session.inputs()) {
    inputs.tensors.push_back(TRY(random_input(input, random)));
  }
  return inputs;
}

Result<Inputs> make_picture_input(const Session& session, const std::string& path, int threads, int runs) {
  const Graph& graph = session.graph();
  if (graph.inputs.size() != 1 || graph.input_descriptions.empty()) {
    return usage_error("--picture: the network has {} inputs, expected one picture", graph.inputs.size());
  }
  const vision::Picture picture = TRY(vision::read_picture(path));
  const ThreadLimit limit(threads);
  Inputs inputs;
  for (int i = 0; i <= runs; ++i) {  // the first one warms up
    const Stopwatch watch;
    inputs.tensors = {
        TRY(convert::picture_input(picture, graph.value(graph.inputs[0]), graph.input_descriptions[0], nullptr))};
    if (i > 0) inputs.preprocess_ms.push_back(watch.milliseconds());
  }
  return inputs;
}

// Milliseconds of each run, in order.
Result<std::vector<double>> time_runs(Session& session, const std::vector<Tensor>& inputs, int runs) {
  Progress progress;
  std::vector<double> milliseconds;
  for (int i = 0; i < runs; ++i) {
    const Stopwatch watch;
    TRY(session.run(inputs));
    milliseconds.push_back(watch.milliseconds());
    progress.update("bench", i + 1, runs);
  }
  return milliseconds;
}

// Work by precision: each has a peak of its own.
struct Work {
  double int8_gmac = 0;
  double float_gmac = 0;

  double gmac() const { return int8_gmac + float_gmac; }
  // Milliseconds at the peak.
  double floor_ms(const cpu::engine::PeakRate& peak) const {
    return 1e3 * (int8_gmac / peak.int8_gmac_per_s + float_gmac / peak.float_gmac_per_s);
  }
};

Work count_work(const Graph& graph) {
  Work work;
  for (const Node& node : graph.nodes) {
    double& sum = node.precision == Precision::kInt8 ? work.int8_gmac : work.float_gmac;
    sum += static_cast<double>(count_macs(graph, node)) * 1e-9;
  }
  return work;
}

}  // namespace

Status run(const BenchCommand& command) {
  const Stopwatch load_watch;
  const auto session = TRY(load_model(command.model, command.source,
                                      {.threads = command.threads, .max_memory_bytes = command.max_memory_bytes}));
  const double load_ms = load_watch.milliseconds();
  const int cores = ThreadPool::process().threads();
  const int threads = command.threads == 0 ? cores : std::min(command.threads, cores);
  const Inputs inputs =
      TRY(command.picture.empty() ? make_random_inputs(*session)
                                  : make_picture_input(*session, command.picture, threads, command.runs));
  const Stopwatch first_watch;
  TRY(session->run(inputs.tensors));
  const double first_run_ms = first_watch.milliseconds();
  const std::vector<double> runs_ms = TRY(time_runs(*session, inputs.tensors, command.runs));

  const std::string isa(cpu::engine::isa_name(TRY(cpu::engine::environment_kernels())->isa));
  const cpu::engine::PeakRate peak = cpu::engine::measure_peak_rate(isa, threads);
  const Work work = count_work(session->graph());
  const double median_ms = median(runs_ms);
  const double min_ms = *std::min_element(runs_ms.begin(), runs_ms.end());
  const double floor_ms = work.floor_ms(peak);
  const double rate = work.gmac() / median_ms * 1e3;
  nlohmann::ordered_json json = {{"median_ms", median_ms},
                                 {"min_ms", min_ms},
                                 {"runs_ms", runs_ms},
                                 {"load_ms", load_ms},
                                 {"first_run_ms", first_run_ms},
                                 {"threads", threads},
                                 {"gmac", work.gmac()},
                                 {"int8_gmac", work.int8_gmac},
                                 {"gmac_per_s", rate},
                                 {"peak_gmac_per_s", peak.int8_gmac_per_s},
                                 {"float_peak_gmac_per_s", peak.float_gmac_per_s},
                                 {"floor_ms", floor_ms},
                                 {"isa", isa}};
  if (command.per_layer) {
    const std::vector<LayerFigures> layers = TRY(time_layers(*session, inputs.tensors, command.runs, peak));
    print_layers(layers);
    json["layers"] = layers_json(layers);
  }
  std::printf("median %.3f ms, best %.3f ms of %d runs on %d threads\n", median_ms, min_ms, command.runs, threads);
  std::printf("loaded in %.1f ms, first run %.1f ms\n", load_ms, first_run_ms);
  if (!inputs.preprocess_ms.empty()) {
    json["preprocess_ms"] = median(inputs.preprocess_ms);
    std::printf("pre-processing of %s: median %.3f ms\n", command.picture.c_str(), median(inputs.preprocess_ms));
  }
  std::printf(
      "%.3f GMAC: %.1f GMAC/s, %.2f times the floor of %.3f ms at the peak of %s (%.1f GMAC/s int8, %.1f float)\n",
      work.gmac(), rate, median_ms / floor_ms, floor_ms, isa.c_str(), peak.int8_gmac_per_s, peak.float_gmac_per_s);
  return write_json(json, command.json_file);
}

}  // namespace sixtops::app
