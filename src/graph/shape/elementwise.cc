// Ops whose output has an input's shape, or all inputs' shapes broadcast.
#include "graph/shape/rule.h"

namespace sixtops::shape_rules {
namespace {

// The broadcast shape of all inputs; nothing when one has no known rank.
Result<std::optional<Shape>> broadcast_shape(const ShapeArguments& arguments) {
  Shape shape;
  bool known = true;
  for (size_t i = 0; i < arguments.inputs.size(); ++i) {
    if (arguments.shape(i) == nullptr) {
      known = false;
      continue;
    }
    shape = TRY(broadcast(shape, *arguments.shape(i)));
  }
  return known ? std::optional(shape) : std::nullopt;
}

Status expect_equal_types(const ShapeArguments& arguments, size_t first) {
  for (size_t i = first + 1; i < arguments.inputs.size(); ++i) {
    if (arguments.input(i).dtype != arguments.input(first).dtype) {
      return invalid_data("inputs of type {} and {}, expected one type", dtype_name(arguments.input(first).dtype),
                          dtype_name(arguments.input(i).dtype));
    }
  }
  return {};
}

}  // namespace

Result<Types> same_as_input(const ShapeArguments& arguments) {
  const Shape* shape = arguments.shape(0);
  const Field* axis = op_info(arguments.node.op).find_field("axis");
  if (shape != nullptr && axis != nullptr && (axis->default_value || arguments.node.has("axis"))) {
    TRY(axis_of(arguments, *shape));
  }
  return Types{arguments.input(0)};
}

Result<Types> bool_of_input(const ShapeArguments& arguments) { return Types{{DType::kBool, arguments.input(0).shape}}; }

Result<Types> cast(const ShapeArguments& arguments) {
  return Types{{dtype_attribute(arguments, "to", arguments.input(0).dtype), arguments.input(0).shape}};
}

Result<Types> broadcast_inputs(const ShapeArguments& arguments) {
  TRY(expect_equal_types(arguments, 0));
  return Types{{arguments.input(0).dtype, TRY(broadcast_shape(arguments))}};
}

Result<Types> broadcast_as_first(const ShapeArguments& arguments) {
  std::optional<Shape> shape = TRY(broadcast_shape(arguments));
  // The slope stretches to the data, never the other way.
  if (arguments.node.op == Op::kPRelu && arguments.shape(0) != nullptr) {
    if (shape && shape->size() != arguments.shape(0)->size()) {
      return invalid_data("slope of shape {} for data of shape {}", shape_text(*arguments.shape(1)),
                          shape_text(*arguments.shape(0)));
    }
    for (size_t i = 0; shape && i < shape->size(); ++i) {
      TRY(agree((*shape)[i], (*arguments.shape(0))[i], "an extent of the data under the slope"));
    }
    if (!shape) shape = *arguments.shape(0);
  }
  return Types{{arguments.input(0).dtype, std::move(shape)}};
}

Result<Types> broadcast_to_bool(const ShapeArguments& arguments) {
  TRY(expect_equal_types(arguments, 0));
  return Types{{DType::kBool, TRY(broadcast_shape(arguments))}};
}

Result<Types> where(const ShapeArguments& arguments) {
  if (arguments.input(0).dtype != DType::kBool) {
    return invalid_data("condition of type {}, expected bool", dtype_name(arguments.input(0).dtype));
  }
  TRY(expect_equal_types(arguments, 1));
  return Types{{arguments.input(1).dtype, TRY(broadcast_shape(arguments))}};
}

}  // namespace sixtops::shape_rules
