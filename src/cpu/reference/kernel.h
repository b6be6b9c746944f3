// Reference kernels: one clear scalar function an op, the oracle that the engine and the emulator are held against.
//
// A kernel is a pure function of the node's attributes and its input tensors; it finds output shapes itself, so data
// that decides a shape (NonZero, NMS, Reshape by a tensor) needs no planning. Integer nodes (docs/arithmetic.md) are
// told by a non-empty `multiplier` attribute. Kernels trust what graph/verify.h checked and check everything that
// depends on data. Thread safety: kernels have no state.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace sixtops::cpu::reference {

struct Arguments {
  const Node& node;
  std::span<const Tensor> inputs;        // as node.inputs; an operand left out is an empty tensor, see has()
  int64_t max_output_bytes = INT64_MAX;  // allocate() refuses more for one output

  bool has(size_t index) const { return node.has_input(index); }
  const Tensor& input(size_t index) const { return inputs[index]; }

  // Parameters that are attributes in a static graph and input tensors in an imported one; nothing when neither is
  // given.
  std::optional<Ints> parameter_ints(std::string_view name, size_t index) const;
  std::optional<Floats> parameter_floats(std::string_view name, size_t index) const;

  // Every output comes from allocate() or, when it shares or converts data, has passed check_output().
  Status check_output(DType dtype, const Shape& shape) const;
  Result<Tensor> allocate(DType dtype, Shape shape) const;
  Result<Tensor> allocate_for_overwrite(DType dtype, Shape shape) const;  // not zeroed
};

using Outputs = std::vector<Tensor>;
using Kernel = Result<Outputs> (*)(const Arguments&);

Kernel find_kernel(Op op);

// Runs one node. Errors name the node. A float16 node computes in float32 and rounds its outputs to half.
Result<Outputs> run_node(const Node& node, std::span<const Tensor> inputs, int64_t max_output_bytes = INT64_MAX);

// The same with another kernel than the op's own: how the engine runs its kernels.
Result<Outputs> run_kernel(Kernel kernel, const Node& node, std::span<const Tensor> inputs,
                           int64_t max_output_bytes = INT64_MAX);

}  // namespace sixtops::cpu::reference
