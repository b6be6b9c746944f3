// What one run of the quantizer works on: the float graph, the integer graph that grows beside it, and for every value
// that is still needed the tensors of both networks, one a sample.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "graph/graph.h"
#include "quantize/grid.h"
#include "quantize/node_plan.h"
#include "quantize/quantize.h"
#include "quantize/scale_classes.h"

namespace sixtops::quantize {

struct LiveValue {
  std::vector<Tensor> reference;  // of the float network
  std::vector<Tensor> actual;     // of the integer network: codes when `quant` is set, else real values
  std::optional<QuantParams> quant;
  ValueId code_id = kNoValue;  // in the result graph, as codes
  ValueId real_id = kNoValue;  // in the result graph, as real values
  size_t readers_left = 0;
};

struct Job {
  const Graph& source;
  const Uses& uses;
  const QuantizeOptions& options;
  size_t sample_count;
  std::vector<NodePlan> plans;
  ScaleClasses classes;
  std::vector<std::vector<double>> channel_weights;  // by value id (quantize/channel_weights.h)
  std::map<ValueId, Grid> class_grids;               // by representative, as soon as the class has one
  std::vector<LiveValue> live;                       // by value id of the source
  Graph result;
  QuantizeReport report;

  LiveValue& at(ValueId id) { return live[static_cast<size_t>(id)]; }
  const LiveValue& at(ValueId id) const { return live[static_cast<size_t>(id)]; }
  const NodePlan& plan(int node) const { return plans[static_cast<size_t>(node)]; }
  const Node& node(int index) const { return source.nodes[static_cast<size_t>(index)]; }
};

// One node of the float or of the integer network on real numbers or codes.
Result<std::vector<Tensor>> run_node(const QuantizeOptions& options, const Node& node, std::span<const Tensor> inputs);

// Calls f for every sample, on all threads of the process's pool; the first failure wins.
Status for_each_sample(size_t count, const std::function<Status(size_t sample)>& f);

// The grid that the class of a value has already, or the one that its operator pins (sigmoid).
std::optional<Grid> decided_grid(const Job& job, ValueId id);
void decide_grid(Job& job, ValueId id, const Grid& grid);

// Makes sure that the value exists as codes: a value of a float region gets a QuantizeLinear with a grid of its own.
Status ensure_codes(Job& job, ValueId id);
// Makes sure that the result graph has the value as real numbers: codes get a DequantizeLinear.
void ensure_real(Job& job, ValueId id);

// Real numbers of one sample, whatever form the value has; and those of elements [begin, begin + count) alone.
Tensor real_values(const LiveValue& value, size_t sample);
void real_line(const LiveValue& value, size_t sample, int64_t begin, int64_t count, float* out);
// Codes minus zero points, as whole float32 numbers. REQUIRES: value.quant
Tensor centred_codes(const LiveValue& value, size_t sample);

// Adds a value to the result graph under the source value's name, or with a suffix where both forms exist.
ValueId add_result_value(Job& job, ValueId source_id, DType dtype, std::optional<QuantParams> quant);

// A copy of the node with other operands; attributes, name and op stay.
Node copy_node(const Node& node, std::vector<ValueId> inputs, std::vector<ValueId> outputs, Precision precision);

// Frees the tensors of operands that nobody reads any more.
void release_inputs(Job& job, const Node& node);

// One line of the report.
void report_layer(Job& job, const Node& node, ValueId output, Precision precision, const std::string& reason);

}  // namespace sixtops::quantize
