// A device runs regions of a model: cpu today; emulator and npu are the other two rooms' doors.
//
// supports → load → run → release, over plain tensors. A loaded network is used by one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace sixtops::runtime {

// Runs a Custom node; the kernels of the library know none.
using CustomNodeFunction = std::function<Result<std::vector<Tensor>>(const Node& node, std::span<const Tensor> inputs)>;

inline constexpr int kMostThreads = 1024;  // more are a mistake

struct LoadOptions {
  int threads = 0;                     // 0: all that the process may use
  int64_t max_memory_bytes = 0;        // 0: no limit; a plan that needs more is refused with both numbers
  CustomNodeFunction run_custom = {};  // empty: a run that meets a Custom node fails
};

// Time of one node, or of several that one kernel computed together, in the last run. Nodes belong to the graph that
// was loaded; the first one is the one with the work (the convolution before its activation).
struct LayerTime {
  std::vector<const Node*> nodes;
  std::string_view kernel;  // "blas", "reference", ...
  double microseconds = 0;
  int64_t macs = 0;
};

class LoadedNetwork {
 public:
  virtual ~LoadedNetwork() = default;
  virtual Result<std::vector<Tensor>> run(std::span<const Tensor> inputs) = 0;
  virtual void enable_timing(bool on) = 0;
  virtual std::vector<LayerTime> layer_times() const = 0;
};

class Device {
 public:
  virtual ~Device() = default;
  virtual std::string_view name() const = 0;
  virtual bool supports(const Graph& graph, const Node& node) const = 0;
  // The graph outlives the network.
  virtual Result<std::unique_ptr<LoadedNetwork>> load(const Graph& graph, const LoadOptions& options) = 0;
};

Device& cpu_device();

}  // namespace sixtops::runtime
