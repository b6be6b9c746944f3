#include "cpu/engine/plan/compile.h"

#include "cpu/engine/float/fused_activation.h"
#include "cpu/engine/plan/compiler.h"
#include "cpu/engine/run_node.h"

namespace sixtops::cpu::engine {
namespace {

Result<bool> build(Compiler& compiler, int index) {
  const Graph& graph = compiler.graph();
  const Node& node = graph.nodes[static_cast<size_t>(index)];
  switch (node.op) {
    case Op::kConv:
    case Op::kConvTranspose:
      return build_convolution(compiler, index);
    case Op::kGemm:
    case Op::kMatMul:
      return build_matrix_product(compiler, index);
    case Op::kTable:
    case Op::kAdd:
    case Op::kSub:
    case Op::kMul:
      return build_elementwise(compiler, index);
    case Op::kMaxPool:
    case Op::kGlobalMaxPool:
    case Op::kAveragePool:
    case Op::kGlobalAveragePool:
      return build_pool(compiler, index);
    case Op::kResize:
      if (TRY(build_movement(compiler, index))) return true;
      return build_resample(compiler, index);
    case Op::kPad:
      return build_resample(compiler, index);
    default:
      return build_movement(compiler, index);
  }
}

// A node that runs on dense tensors.
Status add_node(Compiler& compiler, int index) {
  const Node& node = compiler.graph().nodes[static_cast<size_t>(index)];
  Draft draft;
  for (const ValueId input : node.inputs) {
    TRY(compiler.make_dense(input));
    if (input != kNoValue && compiler.graph().constant(input) == nullptr) draft.dense_reads.push_back(input);
  }
  const std::optional<int> activation = find_activation(compiler.graph(), compiler.uses(), index);
  const Node& writer = activation ? compiler.graph().nodes[static_cast<size_t>(*activation)] : node;
  for (const ValueId output : writer.outputs) {
    if (output == kNoValue) continue;
    draft.dense_writes.push_back(output);
    compiler.set_dense(output);
  }
  draft.nodes = {index};
  if (activation) {
    draft.nodes.push_back(*activation);
    compiler.mark_done(*activation);
  }
  draft.kernel = kernel_name(node);
  draft.macs = count_macs(compiler.graph(), node);
  draft.lower = [step = NodeStep{index, activation.value_or(-1)}](Lowering&) -> Result<StepTask> {
    return StepTask(step);
  };
  compiler.add(std::move(draft));
  return {};
}

}  // namespace

Result<Plan> compile(const Graph& graph, const KernelSet& kernels) {
  Compiler compiler(graph, kernels);
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto index = static_cast<int>(i);
    if (compiler.is_done(index)) continue;
    compiler.begin(index);
    const bool built = TRY(build(compiler, index));
    if (!built) TRY(add_node(compiler, index));
  }
  return compiler.finish();
}

}  // namespace sixtops::cpu::engine
