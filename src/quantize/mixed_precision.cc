#include "quantize/mixed_precision.h"

#include <algorithm>
#include <cmath>

namespace sixtops::quantize {
namespace {

// Samples that gains are measured on: differences of gains settle with few, and every layer costs a whole fit.
constexpr size_t kRankingSamples = 2;
// More float than this is no longer an integer network; the user is told what was reached instead.
constexpr double kLargestFloatShare = 0.5;

struct Candidate {
  std::string node;
  int64_t macs = 0;
  double gain = 0;  // error energy that goes when the layer is float, as a share of the outputs' energy
};

double error_share(double sqnr_db) { return std::pow(10, -sqnr_db / 10); }

Result<std::vector<Candidate>> rank_layers(const Graph& graph, const std::vector<Sample>& samples,
                                           const QuantizeOptions& options, const QuantizeFunction& quantize_fixed) {
  const std::vector<Sample> few(
      samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(std::min(samples.size(), kRankingSamples)));
  QuantizeOptions trial = options;
  trial.progress = nullptr;
  Graph base_graph = graph;
  const QuantizeReport base = TRY(quantize_fixed(base_graph, few, trial));
  std::vector<Candidate> candidates;
  for (const LayerFigures& layer : base.layers) {
    if (layer.precision == Precision::kInt8 && layer.macs > 0) candidates.push_back({layer.node, layer.macs, 0});
  }
  for (size_t i = 0; i < candidates.size(); ++i) {
    trial.keep_float = options.keep_float;
    trial.keep_float.push_back(candidates[i].node);
    Graph copy = graph;
    const QuantizeReport report = TRY(quantize_fixed(copy, few, trial));
    candidates[i].gain = error_share(base.output_sqnr_db) - error_share(report.output_sqnr_db);
    if (options.progress) options.progress(static_cast<int>(i) + 1, static_cast<int>(candidates.size()));
  }
  std::stable_sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return a.gain / static_cast<double>(a.macs) > b.gain / static_cast<double>(b.macs);
  });
  return candidates;
}

}  // namespace

Result<QuantizeReport> quantize_mixed(Graph& graph, const std::vector<Sample>& samples, const QuantizeOptions& options,
                                      const QuantizeFunction& quantize_fixed) {
  Graph best_graph = graph;
  QuantizeReport best = TRY(quantize_fixed(best_graph, samples, options));
  if (best.output_sqnr_db < options.accuracy_budget_db) {
    const std::vector<Candidate> candidates = TRY(rank_layers(graph, samples, options, quantize_fixed));
    int64_t total = 0;
    for (const LayerFigures& layer : best.layers) total += layer.macs;
    QuantizeOptions mixed = options;
    int64_t float_macs = 0;
    for (size_t taken = 0, step = 1; taken < candidates.size() && best.output_sqnr_db < options.accuracy_budget_db;
         ++step) {
      // One layer, then two more, three more: each fit of the whole network has to be worth its time.
      for (size_t i = 0; i < step && taken < candidates.size(); ++i, ++taken) {
        if (candidates[taken].gain <= 0) continue;
        mixed.keep_float.push_back(candidates[taken].node);
        float_macs += candidates[taken].macs;
      }
      if (static_cast<double>(float_macs) > kLargestFloatShare * static_cast<double>(total)) break;
      Graph trial_graph = graph;
      QuantizeReport trial = TRY(quantize_fixed(trial_graph, samples, mixed));
      if (trial.output_sqnr_db > best.output_sqnr_db) {
        best = std::move(trial);
        best_graph = std::move(trial_graph);
      }
    }
    if (best.output_sqnr_db < options.accuracy_budget_db) {
      best.warnings.push_back("the accuracy budget of " + std::to_string(options.accuracy_budget_db) +
                              " dB was not reached with half of the multiply-accumulates in float; the best is " +
                              std::to_string(best.output_sqnr_db) + " dB");
    }
  }
  graph = std::move(best_graph);
  return best;
}

}  // namespace sixtops::quantize
