// Shape rules: element type and shape of a node's outputs from those of its inputs. One function a rule, named in
// ops.def.
//
// A rule answers as precisely as it can: an unknown rank stays unknown, an unknown extent stays unknown. kInvalidData
// when the inputs contradict the op; the caller adds the node's name.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "graph/graph.h"

namespace sixtops {

struct ValueType {
  DType dtype = DType::kF32;
  std::optional<Shape> shape;
};

struct ShapeArguments {
  const Node& node;
  std::span<const ValueType* const> inputs;  // nullptr: left out
  std::span<const Tensor* const> constants;  // nullptr: not constant, or left out

  // A parameter that is an attribute in a static graph and an input tensor in an imported one: the attribute `name`
  // when set, else the constant of input `index`; nothing when neither is there or the tensor is not constant yet.
  std::optional<Ints> parameter_ints(std::string_view name, size_t index) const;
};

namespace shape_rules {
#define OP(NAME, INPUTS, OUTPUTS, SHAPE_RULE, ...) \
  Result<std::vector<ValueType>> SHAPE_RULE(const ShapeArguments& arguments);
#include "graph/ops.def"
#undef OP
}  // namespace shape_rules

// Types of one node's outputs (as many as node.outputs).
Result<std::vector<ValueType>> infer_node(const Graph& graph, const Node& node);

// Fills dtype and shape of every value in node order. Errors name the node.
Status infer_shapes(Graph& graph);

}  // namespace sixtops
