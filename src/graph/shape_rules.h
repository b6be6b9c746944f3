// Shape rules: element type and shape of a node's outputs from those of its inputs. One function a rule, named in
// ops.def.
//
// A rule answers as precisely as it can: an unknown rank stays unknown, an unknown extent stays unknown, and an output
// whose size depends on data (NonZero, NonMaxSuppression, a Reshape by a computed tensor) has unknown extents.
// kInvalidData when the inputs contradict the op; infer_node adds the node's name.
#pragma once

#include <optional>
#include <span>
#include <string_view>
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
  std::span<const ValueType> outputs;        // as the graph has them now: all that is known of a Custom node

  bool has(size_t index) const { return index < inputs.size() && inputs[index] != nullptr; }
  const ValueType& input(size_t index) const { return *inputs[index]; }  // REQUIRES: has(index)

  // The input's shape; nullptr when it is left out or its rank is unknown.
  const Shape* shape(size_t index) const { return has(index) && input(index).shape ? &*input(index).shape : nullptr; }

  // A parameter that is an attribute in a static graph and an input tensor in an imported one: the attribute `name`
  // when set, else the constant of input `index`; nothing when neither is there or the tensor is not constant yet.
  std::optional<Ints> parameter_ints(std::string_view name, size_t index) const;
  std::optional<Floats> parameter_floats(std::string_view name, size_t index) const;

  // Whether there is such a parameter at all, known or not.
  bool has_parameter(std::string_view name, size_t index) const { return node.has(name) || has(index); }
};

namespace shape_rules {
#define OP(NAME, INPUTS, OUTPUTS, SHAPE_RULE, ...) \
  Result<std::vector<ValueType>> SHAPE_RULE(const ShapeArguments& arguments);
#include "graph/ops.def"
#undef OP
}  // namespace shape_rules

// Types of one node's outputs (as many as node.outputs). kResource when an output has more elements than 63 bits count.
// REQUIRES: the node passes verify() at the imported level.
Result<std::vector<ValueType>> infer_node(const Graph& graph, const Node& node);

// Fills dtype and shape of every value that a node writes, in node order. Errors name the node.
// REQUIRES: the graph passes verify() at the imported level.
Status infer_shapes(Graph& graph);

}  // namespace sixtops
