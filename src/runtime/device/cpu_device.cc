#include <chrono>
#include <limits>

#include "base/checked.h"
#include "base/error.h"
#include "base/thread_pool.h"
#include "cpu/engine/run_node.h"
#include "cpu/interpreter.h"
#include "cpu/reference/kernel.h"
#include "runtime/device/device.h"
#include "runtime/memory.h"

namespace sixtops::runtime {
namespace {

class CpuNetwork : public LoadedNetwork {
 public:
  CpuNetwork(const Graph& graph, int threads, CustomNodeFunction run_custom)
      : graph_(graph), threads_(threads), run_custom_(std::move(run_custom)) {}

  Result<std::vector<Tensor>> run(std::span<const Tensor> inputs) override {
    const ThreadLimit limit(threads_);
    times_.clear();
    return cpu::run_graph(graph_, inputs, [this](const Node& node, std::span<const Tensor> operands) {
      if (!timing_) return run_node(node, operands);
      const auto start = std::chrono::steady_clock::now();
      Result<std::vector<Tensor>> outputs = run_node(node, operands);
      const std::chrono::duration<double, std::micro> elapsed = std::chrono::steady_clock::now() - start;
      times_.push_back({{&node}, cpu::engine::kernel_name(node), elapsed.count(), count_macs(graph_, node)});
      return outputs;
    });
  }

  void enable_timing(bool on) override { timing_ = on; }
  std::vector<LayerTime> layer_times() const override { return times_; }

 private:
  Result<std::vector<Tensor>> run_node(const Node& node, std::span<const Tensor> operands) const {
    return node.op == Op::kCustom && run_custom_ ? run_custom_(node, operands) : cpu::engine::run_node(node, operands);
  }

  const Graph& graph_;
  int threads_;
  CustomNodeFunction run_custom_;
  bool timing_ = false;
  std::vector<LayerTime> times_;
};

class CpuDevice : public Device {
 public:
  std::string_view name() const override { return "cpu"; }

  bool supports(const Graph&, const Node& node) const override {
    return cpu::reference::find_kernel(node.op) != nullptr;
  }

  Result<std::unique_ptr<LoadedNetwork>> load(const Graph& graph, const LoadOptions& options) override {
    if (options.threads < 0) return usage_error("{} threads, expected 0 (all) or a positive number", options.threads);
    if (options.max_memory_bytes > 0) {
      const MemoryNeed need = TRY(memory_need(graph));
      if (TRY(checked_add(need.constants, need.tensors)) > options.max_memory_bytes) {
        return resource_error("the network needs {} bytes ({} of constants, {} of tensors), the limit is {}",
                              need.constants + need.tensors, need.constants, need.tensors, options.max_memory_bytes);
      }
    }
    const int threads = options.threads == 0 ? std::numeric_limits<int>::max() : options.threads;
    return std::unique_ptr<LoadedNetwork>(std::make_unique<CpuNetwork>(graph, threads, options.run_custom));
  }
};

}  // namespace

Device& cpu_device() {
  static CpuDevice device;
  return device;
}

}  // namespace sixtops::runtime
