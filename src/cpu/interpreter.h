// Runs a graph node by node with whatever kernel the caller chooses, keeping only live tensors.
//
// It serves constant folding, calibration, accuracy analysis and float regions: everything that wants values rather
// than speed of one plan. The node function is reference::run_node or engine::run_node. Thread safety: run() may be
// called from several threads on one graph.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "graph/graph.h"

namespace sixtops::cpu {

using NodeFunction = std::function<Result<std::vector<Tensor>>(const Node& node, std::span<const Tensor> inputs)>;

// Sees every value that a node writes, before its readers run.
using Observer = std::function<void(ValueId id, const Tensor& tensor)>;

// inputs: one a graph input, of its dtype and shape (kInvalidData names the input otherwise). → one tensor an output.
Result<std::vector<Tensor>> run_graph(const Graph& graph, std::span<const Tensor> inputs, const NodeFunction& run_node,
                                      const Observer& observer = {});

// kInvalidData unless there is one tensor an input of the graph, of its dtype and shape; names the input.
Status check_inputs(const Graph& graph, std::span<const Tensor> inputs);

// Bytes of a value's tensor, 0 for constants. kUnsupported names a value whose shape is found while running.
Result<int64_t> value_bytes(const Value& value);

// Upper bound of the bytes that run_graph holds at once beside constants, from static shapes.
Result<int64_t> peak_live_bytes(const Graph& graph);

}  // namespace sixtops::cpu
