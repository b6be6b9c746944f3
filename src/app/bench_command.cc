#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <random>

#include "app/commands.h"
#include "app/json_file.h"
#include "app/load_model.h"
#include "app/progress.h"
#include "base/thread_pool.h"
#include "cpu/engine/peak_rate.h"

namespace sixtops::app {
namespace {

using runtime::Session;

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

// Milliseconds of each run, shortest first.
Result<std::vector<double>> time_runs(Session& session, const std::vector<Tensor>& inputs, int runs) {
  TRY(session.run(inputs));
  Progress progress;
  std::vector<double> milliseconds;
  for (int i = 0; i < runs; ++i) {
    const auto start = std::chrono::steady_clock::now();
    TRY(session.run(inputs));
    const std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - start;
    milliseconds.push_back(elapsed.count());
    progress.update("bench", i + 1, runs);
  }
  std::sort(milliseconds.begin(), milliseconds.end());
  return milliseconds;
}

double median(const std::vector<double>& sorted) {
  const size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

Status print_layers(Session& session, const std::vector<Tensor>& inputs) {
  session.enable_timing(true);
  TRY(session.run(inputs));
  std::printf("%10s %10s %9s  %-10s %s\n", "us", "MMAC", "GMAC/s", "kernel", "node");
  double total = 0;
  for (const runtime::LayerTime& layer : session.layer_times()) {
    total += layer.microseconds;
    std::printf("%10.1f %10.3f %9.1f  %-10s %s\n", layer.microseconds, static_cast<double>(layer.macs) * 1e-6,
                layer.microseconds > 0 ? static_cast<double>(layer.macs) * 1e-3 / layer.microseconds : 0,
                std::string(layer.kernel).c_str(), std::string(layer.node).c_str());
  }
  std::printf("%10.1f\n", total);
  return {};
}

}  // namespace

Status run(const BenchCommand& command) {
  const auto session = TRY(load_model(command.model, command.source,
                                      {.threads = command.threads, .max_memory_bytes = command.max_memory_bytes}));
  const Graph& graph = session->graph();
  std::mt19937 random(1);
  std::vector<Tensor> inputs;
  for (const runtime::TensorDescription& input : session->inputs()) {
    inputs.push_back(TRY(random_input(input, random)));
  }
  const std::vector<double> milliseconds = TRY(time_runs(*session, inputs, command.runs));
  const int cores = ThreadPool::process().threads();
  const int threads = command.threads == 0 ? cores : std::min(command.threads, cores);
  const cpu::engine::PeakRate peak = cpu::engine::measure_peak_rate(threads);

  double gmac = 0;
  for (const Node& node : graph.nodes) gmac += static_cast<double>(count_macs(graph, node)) * 1e-9;
  const double median_ms = median(milliseconds);
  const double rate = gmac / median_ms * 1e3;
  if (command.per_layer) TRY(print_layers(*session, inputs));
  std::printf("median %.3f ms, best %.3f ms of %d runs on %d threads\n", median_ms, milliseconds.front(), command.runs,
              threads);
  std::printf("%.3f GMAC: %.1f GMAC/s, %.0f %% of the %.1f GMAC/s that the kernel for %s reaches here\n", gmac, rate,
              100 * rate / peak.gmac_per_s, peak.gmac_per_s, peak.isa.c_str());
  return write_json({{"median_ms", median_ms},
                     {"min_ms", milliseconds.front()},
                     {"threads", threads},
                     {"gmac", gmac},
                     {"gmac_per_s", rate},
                     {"peak_gmac_per_s", peak.gmac_per_s},
                     {"isa", peak.isa}},
                    command.json_file);
}

}  // namespace sixtops::app
