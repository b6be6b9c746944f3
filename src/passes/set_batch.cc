#include "passes/set_batch.h"

#include <vector>

#include "base/error.h"

namespace sixtops::passes {
namespace {

// A target that begins with 1 keeps the batch in front: 1x255 for one picture is 4x255 for four.
void widen_target(Graph& graph, Node& node, int64_t batch) {
  if (node.op != Op::kReshape || !node.has_input(1)) return;
  const Tensor* target = graph.constant(node.inputs[1]);
  if (target == nullptr || target->dtype() != DType::kI64 || target->element_count() < 2) return;
  const auto extents = target->values<int64_t>();
  if (extents[0] != 1) return;
  std::vector<int64_t> widened(extents.begin(), extents.end());
  widened[0] = batch;
  const std::string name = graph.value(node.inputs[1]).name;
  node.inputs[1] = graph.add_constant(name, Tensor::from_values(target->shape(), widened));
}

}  // namespace

Status set_batch(Graph& graph, int64_t batch) {
  if (batch < 1 || batch > kMaxBatch) return usage_error("a batch of {}, expected 1 to {}", batch, kMaxBatch);
  std::vector<bool> depends(graph.values.size());
  for (const ValueId id : graph.inputs) {
    Value& input = graph.value(id);
    if (!input.shape || input.shape->empty() || (*input.shape)[0] != 1) {
      return usage_error("input '{}' has the shape {}; only a first axis of 1 can become a batch of {}", input.name,
                         input.shape ? shape_text(*input.shape) : "?", batch);
    }
    (*input.shape)[0] = batch;
    depends[static_cast<size_t>(id)] = true;
  }
  for (Node& node : graph.nodes) {
    bool reached = false;
    for (const ValueId id : node.inputs) reached = reached || (id != kNoValue && depends[static_cast<size_t>(id)]);
    if (!reached) continue;
    widen_target(graph, node, batch);
    for (const ValueId id : node.outputs) {
      if (id == kNoValue) continue;
      depends[static_cast<size_t>(id)] = true;
      graph.value(id).shape.reset();
    }
  }
  return {};
}

}  // namespace sixtops::passes
