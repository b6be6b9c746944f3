#include "quantize/fit_node.h"

namespace sixtops::quantize {
namespace {

// The node and its fused activation stay float after all.
Status fall_back(Job& job, int node, const std::string& reason) {
  NodePlan& plan = job.plans[static_cast<size_t>(node)];
  plan.integer = false;
  plan.reason = reason;
  if (plan.activation != kNoNode) job.plans[static_cast<size_t>(plan.activation)].is_fused = false;
  plan.activation = kNoNode;
  return fit_float(job, node, reason);
}

Status fit_integer(Job& job, int node) {
  switch (op_info(job.node(node).op).quant_rule) {
    case QuantRule::kTable:
      return fit_table(job, node);
    case QuantRule::kShared:
      return fit_shared(job, node);
    case QuantRule::kConcat:
      return fit_concat(job, node);
    default:
      return job.plan(node).gives_sums ? fit_sums(job, node) : fit_requantized(job, node);
  }
}

// Movement of codes begins where codes are: behind a float node it stays float, so that no rounding is added.
bool has_codes(const Job& job, const Node& node) {
  const QuantRule rule = op_info(node.op).quant_rule;
  if (rule == QuantRule::kShared || rule == QuantRule::kTable) return job.at(node.inputs[0]).quant.has_value();
  if (rule != QuantRule::kConcat) return true;
  for (const ValueId id : node.inputs) {
    if (job.at(id).quant) return true;
  }
  return false;
}

}  // namespace

Status fit_node(Job& job, int node) {
  const NodePlan& plan = job.plan(node);
  if (plan.is_fused) return {};
  if (!plan.integer) return fit_float(job, node, plan.reason);
  if (!has_codes(job, job.node(node))) return fit_float(job, node, "its input is float");
  Status status = fit_integer(job, node);
  if (status.code() == StatusCode::kUnsupported) return fall_back(job, node, status.message());
  return status;
}

}  // namespace sixtops::quantize
