// Ops that fold axes.
#include "graph/shape/rule.h"

namespace sixtops::shape_rules {
namespace {

Shape fold(const Shape& data, const std::vector<bool>& folded, bool keep) {
  Shape shape;
  for (size_t i = 0; i < data.size(); ++i) {
    if (!folded[i]) {
      shape.push_back(data[i]);
    } else if (keep) {
      shape.push_back(1);
    }
  }
  return shape;
}

}  // namespace

Result<Types> reduce(const ShapeArguments& arguments) {
  ValueType type = arguments.input(0);
  if (!type.shape) return Types{type};
  const bool keep = arguments.node.get_int("keepdims") != 0;
  const std::optional<Ints> axes = arguments.parameter_ints("axes", 1);
  if (!axes && arguments.has_parameter("axes", 1)) {
    type.shape = keep ? std::optional(unknown_extents(type.shape->size())) : std::nullopt;
    return Types{type};
  }
  std::vector<bool> folded = TRY(mark_axes(axes.value_or(Ints{}), type.shape->size()));
  if (!axes || axes->empty()) {
    folded.assign(folded.size(), arguments.node.get_int("noop_with_empty_axes") == 0);
  }
  type.shape = fold(*type.shape, folded, keep);
  return Types{type};
}

Result<Types> arg_reduce(const ShapeArguments& arguments) {
  ValueType type{DType::kI64, arguments.input(0).shape};
  if (type.shape) {
    std::vector<bool> folded(type.shape->size(), false);
    folded[TRY(axis_of(arguments, *type.shape))] = true;
    type.shape = fold(*type.shape, folded, arguments.node.get_int("keepdims") != 0);
  }
  return Types{type};
}

// Values and indices.
Result<Types> top_k(const ShapeArguments& arguments) {
  ValueType type = arguments.input(0);
  if (type.shape) {
    int64_t& extent = (*type.shape)[TRY(axis_of(arguments, *type.shape))];
    const std::optional<Ints> k = arguments.parameter_ints("k", 1);
    if (!k && !arguments.has_parameter("k", 1)) return invalid_data("k is given neither as attribute nor as input");
    if (k && (k->size() != 1 || k->front() < 0 || (extent >= 0 && k->front() > extent))) {
      return invalid_data("k {} for an axis of extent {}", shape_text(*k), extent);
    }
    extent = k ? k->front() : kUnknownExtent;
  }
  return Types{type, {DType::kI64, type.shape}};
}

}  // namespace sixtops::shape_rules
