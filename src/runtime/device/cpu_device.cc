#include <chrono>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "base/checked.h"
#include "base/error.h"
#include "base/thread_pool.h"
#include "cpu/engine/kernel/isa.h"
#include "cpu/engine/plan/compile.h"
#include "cpu/engine/plan/run.h"
#include "cpu/engine/run_node.h"
#include "cpu/reference/kernel.h"
#include "runtime/device/device.h"
#include "runtime/memory.h"

namespace sixtops::runtime {
namespace {

using cpu::engine::KernelSet;
using cpu::engine::Plan;
using cpu::engine::PlanStep;
using cpu::engine::Workspace;

class CpuNetwork : public LoadedNetwork {
 public:
  CpuNetwork(std::shared_ptr<const Plan> plan, Workspace workspace, int threads, CustomNodeFunction run_custom)
      : plan_(std::move(plan)),
        workspace_(std::move(workspace)),
        threads_(threads),
        run_custom_(std::move(run_custom)) {
    hooks_.run_node = [this](const Node& node, std::span<const Tensor> operands) {
      return node.op == Op::kCustom && run_custom_ ? run_custom_(node, operands)
                                                   : cpu::engine::run_node(node, operands);
    };
  }

  Result<std::vector<Tensor>> run(std::span<const Tensor> inputs) override {
    const ThreadLimit limit(threads_);
    times_.clear();
    // Outputs that the caller has let go are written again.
    outputs_.resize(plan_->graph->outputs.size());
    TRY(cpu::engine::run(*plan_, workspace_, inputs, outputs_, hooks_));
    return outputs_;
  }

  void enable_timing(bool on) override {
    if (!on) {
      hooks_.before_step = hooks_.after_step = nullptr;
      return;
    }
    hooks_.before_step = [this](const PlanStep&) { start_ = std::chrono::steady_clock::now(); };
    hooks_.after_step = [this](const PlanStep& step) {
      const std::chrono::duration<double, std::micro> elapsed = std::chrono::steady_clock::now() - start_;
      std::vector<const Node*> nodes;
      for (const int node : step.nodes) nodes.push_back(&plan_->graph->nodes[static_cast<size_t>(node)]);
      times_.push_back({std::move(nodes), step.kernel, elapsed.count(), step.macs});
    };
  }
  std::vector<LayerTime> layer_times() const override { return times_; }

 private:
  std::shared_ptr<const Plan> plan_;
  Workspace workspace_;
  int threads_;
  CustomNodeFunction run_custom_;
  cpu::engine::RunHooks hooks_;
  std::chrono::steady_clock::time_point start_;
  std::vector<LayerTime> times_;
  std::vector<Tensor> outputs_;
};

// The plan of a graph, shared by all networks that are loaded from it: a plan that lives holds on to its graph's
// address, since the graph outlives the networks.
Result<std::shared_ptr<const Plan>> shared_plan(const Graph& graph, const KernelSet& kernels) {
  static std::mutex mutex;
  static std::map<std::pair<const Graph*, const KernelSet*>, std::weak_ptr<const Plan>> plans;
  const std::lock_guard lock(mutex);
  std::erase_if(plans, [](const auto& entry) { return entry.second.expired(); });
  std::weak_ptr<const Plan>& known = plans[{&graph, &kernels}];
  if (std::shared_ptr<const Plan> plan = known.lock()) return plan;
  auto plan = std::make_shared<const Plan>(TRY(cpu::engine::compile(graph, kernels)));
  known = plan;
  return std::shared_ptr<const Plan>(std::move(plan));
}

Status check_memory(const char* what, int64_t constants, int64_t tensors, int64_t limit) {
  if (limit == 0 || TRY(checked_add(constants, tensors)) <= limit) return {};
  return resource_error("the network needs {} bytes ({} of constants, {} of {}), the limit is {}", constants + tensors,
                        constants, tensors, what, limit);
}

class CpuDevice : public Device {
 public:
  std::string_view name() const override { return "cpu"; }

  bool supports(const Graph&, const Node& node) const override {
    return cpu::reference::find_kernel(node.op) != nullptr;
  }

  Result<std::unique_ptr<LoadedNetwork>> load(const Graph& graph, const LoadOptions& options) override {
    if (options.threads < 0 || options.threads > kMostThreads) {
      return usage_error("{} threads, expected 1 to {}, or 0 for all cores", options.threads, kMostThreads);
    }
    const KernelSet* const kernels = TRY(cpu::engine::environment_kernels());
    const MemoryNeed need = options.max_memory_bytes > 0 ? TRY(memory_need(graph)) : MemoryNeed{};
    TRY(check_memory("tensors", need.constants, need.tensors, options.max_memory_bytes));
    std::shared_ptr<const Plan> plan = TRY(shared_plan(graph, *kernels));
    const int64_t dense = options.max_memory_bytes > 0 ? TRY(cpu::engine::dense_tensor_bytes(*plan)) : 0;
    TRY(check_memory("tensors in the plan", need.constants + plan->constants.bytes(),
                     TRY(checked_add(plan->arena_bytes, dense)), options.max_memory_bytes));
    Workspace workspace = TRY(cpu::engine::make_workspace(*plan));
    const int threads = options.threads == 0 ? std::numeric_limits<int>::max() : options.threads;
    return std::unique_ptr<LoadedNetwork>(
        std::make_unique<CpuNetwork>(std::move(plan), std::move(workspace), threads, options.run_custom));
  }
};

}  // namespace

Device& cpu_device() {
  static CpuDevice device;
  return device;
}

}  // namespace sixtops::runtime
