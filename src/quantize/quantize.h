// A float graph and sample inputs → the integer graph of docs/arithmetic.md.
//
// One sequential pass in node order, the float network beside the integer one: every layer is fitted on the inputs that
// the integer network will really give it, with the float network's answer as the target.
//   range → joint search of pre-activation and output range by the squared error after the activation
//   weights → abs-max a channel (GPTQ rounding with effort high)
//   bias → the mean difference a channel
//   table → the mean of the float answer over the pixels of a code
// Nodes that do not fit the integer form stay float32 and are named in the report.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cpu/interpreter.h"
#include "graph/graph.h"

namespace sixtops::quantize {

enum class RangeRule { kMse, kMinMax, kKl };
enum class Effort { kNormal, kHigh };

struct QuantizeOptions {
  RangeRule range_rule = RangeRule::kMse;
  Effort effort = Effort::kNormal;
  std::vector<std::string> keep_float;  // node names; kUsage names one that does not exist
  // Mixed precision: layers become float, best measured gain a MAC first, until the outputs reach this SQNR on the
  // samples or half of the MACs are float. Negative: pure int8.
  double accuracy_budget_db = -1;
  bool one_weight_scale = false;  // a layer's weights share one scale, instead of one an output channel
  // By value name: the scale and zero point of its codes, instead of those that would be chosen. kUsage names a value
  // that does not exist, or an entry with several scales.
  std::map<std::string, QuantParams> fixed_grids;
  cpu::NodeFunction run_custom;                       // runs Custom nodes; empty: they cannot be run
  std::function<void(int done, int total)> progress;  // nodes fitted
};

// One calibration sample: a float32 tensor a graph input, normalized as the input descriptions say.
using Sample = std::vector<Tensor>;

// What the report says of one node.
struct LayerFigures {
  std::string node;
  std::string op;
  Precision precision = Precision::kFloat32;
  std::string reason;  // why it is float, when it is
  double sqnr_db = 0;  // of its output, integer network against float network, all samples pooled
  double cosine = 0;
  double range_min = 0;  // of its float output over the samples
  double range_max = 0;
  int64_t macs = 0;
};

struct QuantizeReport {
  std::vector<LayerFigures> layers;
  std::vector<std::string> warnings;  // constant outputs, ranges that do not fit one scale, float16 overflow
  double output_sqnr_db = 0;          // not a number when there was nothing to compare with (quantized_source.h)
};

// Rewrites `graph` (static, float). A source that is quantized already is for quantized_source.h.
// Samples are taken over and freed as soon as the first layers have read them.
Result<QuantizeReport> quantize(Graph& graph, std::vector<Sample> samples, const QuantizeOptions& options);

// Float16: the whole graph's precision; no samples.
Status to_float16(Graph& graph);

}  // namespace sixtops::quantize
