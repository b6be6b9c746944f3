// The state of a compilation: which values lie where, and the steps so far. Builders (build_*.cc) append steps for the
// nodes that they can do; compile.cc calls them in node order.
//
// A step is drafted while buffers are still growing (a later reader may want a halo) and lowered to a task with
// addresses once all have their place.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "cpu/engine/plan/plan.h"
#include "cpu/engine/plan/view.h"
#include "graph/graph.h"

namespace sixtops::cpu::engine {

inline constexpr int kNoBuffer = -1;

// What lowering may ask and write.
struct Lowering {
  const std::vector<Buffer>& buffers;
  Plan& plan;

  // Address of a part's pixel (0, 0) and the distances between its pixels.
  int64_t base(const Part& part) const;
  Geometry geometry(const Part& part) const;
  Line line(const Part& part, std::vector<Geometry>& geometries) const;

  // The channels of one view, stretch by stretch, to those of a whole buffer.
  std::vector<CopyBlock> copy_blocks(const View& from, const View& to, std::vector<Geometry>& geometries) const;
};

// The index of a geometry in a task's list, which gets it where it is new.
int intern(std::vector<Geometry>& geometries, const Geometry& geometry);

struct Draft {
  std::function<Result<StepTask>(Lowering&)> lower;
  std::vector<int> reads;  // buffers
  int writes = kNoBuffer;
  std::vector<ValueId> dense_reads;
  std::vector<ValueId> dense_writes;
  std::vector<int> nodes;
  std::string_view kernel;
  int64_t macs = 0;
};

class Compiler {
 public:
  Compiler(const Graph& graph, const KernelSet& kernels);

  const Graph& graph() const { return graph_; }
  const Uses& uses() const { return uses_; }
  const KernelSet& kernels() const { return kernels_; }
  const std::vector<Buffer>& buffers() const { return buffers_; }

  // The value as a view, imported from its dense tensor where it has no view yet. Nothing for values that are no int8
  // pictures, and for those that no step has written yet.
  std::optional<View> view(ValueId value);
  // Makes sure that the value has a dense tensor.
  Status make_dense(ValueId value);
  bool is_available(ValueId value) const;

  void set_view(ValueId value, View view) { values_[static_cast<size_t>(value)].view = std::move(view); }
  void set_dense(ValueId value) { values_[static_cast<size_t>(value)].dense = true; }

  int add_buffer(Buffer buffer);
  void add(Draft draft) { drafts_.push_back(std::move(draft)); }
  // The node whose steps are being added; steps that convert and copy for it count as its own.
  void begin(int node) { node_ = node; }
  void mark_done(int node) { done_[static_cast<size_t>(node)] = true; }
  bool is_done(int node) const { return done_[static_cast<size_t>(node)]; }

  // The view with `halo` lines of `byte` around it, copied where its buffers cannot have them.
  View with_halo(const View& view, const Halo& halo, uint8_t byte);
  // A copy into a buffer of its own.
  View copied(const View& view);

  Result<Plan> finish();

 private:
  struct ValueState {
    std::optional<View> view;
    bool dense = false;
  };

  bool accepts_halo(const View& view, const Halo& halo, uint8_t byte) const;

  const Graph& graph_;
  const KernelSet& kernels_;
  Uses uses_;
  std::vector<Buffer> buffers_;
  std::vector<ValueState> values_;
  std::vector<bool> done_;
  std::vector<Draft> drafts_;
  int node_ = 0;
};

// The one part that holds channels [first, first + count), or nothing where a part ends between them.
std::optional<Part> part_of(const View& view, int64_t first, int64_t count);

// One part for every 64 channels, or nothing where parts end elsewhere.
std::optional<std::vector<Part>> lines_of(const View& view);

// lines_of, after a copy where needed.
std::vector<Part> aligned_lines(Compiler& compiler, const View& view);

bool is_shifted(const View& view);  // any part

std::vector<int> buffers_of(const View& view);

// Builders append the steps of a node and answer true, or answer false and leave everything as it is.
Result<bool> build_convolution(Compiler& compiler, int node);     // Conv, ConvTranspose
Result<bool> build_matrix_product(Compiler& compiler, int node);  // Gemm, MatMul
Result<bool> build_elementwise(Compiler& compiler, int node);     // Table, Add, Sub, Mul
Result<bool> build_pool(Compiler& compiler, int node);            // MaxPool, AveragePool and their global forms
Result<bool> build_movement(Compiler& compiler, int node);        // what is a view: Concat, Split, Slice, Resize, ...
Result<bool> build_resample(Compiler& compiler, int node);        // Resize that is no view, Pad

}  // namespace sixtops::cpu::engine
