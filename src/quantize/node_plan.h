// Which nodes become integer, in which form, and why the others do not.
//
// A node is integer when its rule of the op catalogue has an integer form and its operands fit it. The detection tail
// stays float: behind the last sum of products nothing but the fused activation, averages and plain movement of codes
// is quantized, so box arithmetic keeps its range and boxes and scores never share a scale.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"
#include "quantize/quantize.h"

namespace sixtops::quantize {

inline constexpr int kNoNode = -1;

struct NodePlan {
  bool integer = false;
  std::string reason;         // why not
  int activation = kNoNode;   // the node that is computed together with this one, as a clamp or a table
  bool is_fused = false;      // this node is somebody's activation
  bool gives_sums = false;    // a convolution that only float nodes read: its int32 sums leave instead of codes
  bool keeps_scales = false;  // a concat whose readers absorb the parts' own scales
};

// Why an average, or an op that moves codes or chooses among them, has no integer form; empty when it has one.
std::string why_average_is_float(const Node& node);
std::string why_movement_is_float(const Graph& graph, const Node& node);

// An activation that saturation computes: relu, or clip from zero; no table is needed.
bool is_clamp(const Node& node);
double clamp_limit(const Node& node);  // infinity for relu

// kUsage names an entry of keep_float that is no node.
Result<std::vector<NodePlan>> plan_nodes(const Graph& graph, const Uses& uses, const QuantizeOptions& options);

}  // namespace sixtops::quantize
