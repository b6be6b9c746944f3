// Tensors that must share one scale and zero point, because codes move between them unchanged. Union-find, solved once.
#pragma once

#include <vector>

#include "graph/graph.h"
#include "quantize/node_plan.h"

namespace sixtops::quantize {

struct ScaleClasses {
  std::vector<ValueId> representative;  // by value id
  std::vector<int> producers;           // by representative: how many nodes make codes for the class

  ValueId of(ValueId id) const { return representative[static_cast<size_t>(id)]; }
  bool has_several_producers(ValueId id) const { return producers[static_cast<size_t>(of(id))] > 1; }
};

ScaleClasses find_scale_classes(const Graph& graph, const std::vector<NodePlan>& plans);

}  // namespace sixtops::quantize
