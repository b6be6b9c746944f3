// Ops that choose elements by index.
#include "graph/shape/rule.h"

namespace sixtops::shape_rules {
namespace {

// Extents of `data` before `axis`, then `middle`, then those behind.
Shape replace_axis(const Shape& data, size_t axis, const Shape& middle) {
  const auto at = static_cast<std::ptrdiff_t>(axis);
  Shape shape(data.begin(), data.begin() + at);
  shape.insert(shape.end(), middle.begin(), middle.end());
  shape.insert(shape.end(), data.begin() + at + 1, data.end());
  return shape;
}

// Indices of GatherND and ScatterND name the leading axes of the data by their last axis.
Result<std::optional<Shape>> addressed_shape(const Shape* data, const Shape* indices, size_t batch_axes) {
  if (indices != nullptr && indices->empty()) return invalid_data("scalar indices");
  if (data == nullptr || indices == nullptr || indices->back() < 0) return std::optional<Shape>();
  const auto depth = static_cast<size_t>(indices->back());
  if (batch_axes >= indices->size() || batch_axes > data->size() || depth > data->size() - batch_axes) {
    return invalid_data("indices of shape {} for data of shape {}", shape_text(*indices), shape_text(*data));
  }
  for (size_t i = 0; i < batch_axes; ++i) TRY(agree((*data)[i], (*indices)[i], "a batch extent"));
  Shape shape(indices->begin(), indices->end() - 1);
  shape.insert(shape.end(), data->begin() + static_cast<std::ptrdiff_t>(batch_axes + depth), data->end());
  return std::optional(shape);
}

}  // namespace

Result<Types> gather(const ShapeArguments& arguments) {
  const DType dtype = arguments.input(0).dtype;
  if (arguments.shape(0) == nullptr) return Types{{dtype, std::nullopt}};
  const size_t axis = TRY(axis_of(arguments, *arguments.shape(0)));
  if (arguments.shape(1) == nullptr) return Types{{dtype, std::nullopt}};
  return Types{{dtype, replace_axis(*arguments.shape(0), axis, *arguments.shape(1))}};
}

Result<Types> gather_elements(const ShapeArguments& arguments) {
  if (arguments.shape(0) != nullptr) {
    TRY(axis_of(arguments, *arguments.shape(0)));
    TRY(expect_rank(arguments.shape(1), arguments.shape(0)->size(), "indices"));
  }
  return Types{{arguments.input(0).dtype, arguments.input(1).shape}};
}

Result<Types> gather_nd(const ShapeArguments& arguments) {
  const auto batch_axes = static_cast<size_t>(arguments.node.get_int("batch_dims"));
  return Types{{arguments.input(0).dtype, TRY(addressed_shape(arguments.shape(0), arguments.shape(1), batch_axes))}};
}

Result<Types> scatter_elements(const ShapeArguments& arguments) {
  const Shape* data = arguments.shape(0);
  const Shape* indices = arguments.shape(1);
  const Shape* updates = arguments.shape(2);
  if (data != nullptr) {
    TRY(axis_of(arguments, *data));
    TRY(expect_rank(indices, data->size(), "indices"));
  }
  if (indices != nullptr && updates != nullptr) {
    TRY(expect_rank(updates, indices->size(), "updates"));
    for (size_t i = 0; i < indices->size(); ++i) TRY(agree((*indices)[i], (*updates)[i], "an extent of the updates"));
  }
  return Types{arguments.input(0)};
}

Result<Types> scatter_nd(const ShapeArguments& arguments) {
  const std::optional<Shape> expected = TRY(addressed_shape(arguments.shape(0), arguments.shape(1), 0));
  if (const Shape* updates = arguments.shape(2); updates != nullptr && expected) {
    TRY(expect_rank(updates, expected->size(), "updates"));
    for (size_t i = 0; i < updates->size(); ++i) TRY(agree((*updates)[i], (*expected)[i], "an extent of the updates"));
  }
  return Types{arguments.input(0)};
}

// x, lengths
Result<Types> reverse_sequence(const ShapeArguments& arguments) {
  TRY(expect_rank(arguments.shape(1), 1, "lengths"));
  if (const Shape* data = arguments.shape(0)) {
    if (data->size() < 2) return invalid_data("data of shape {}, expected batch and time", shape_text(*data));
    const int64_t batch_axis = arguments.node.get_int("batch_axis");
    if (batch_axis == arguments.node.get_int("time_axis")) return invalid_data("batch and time on one axis");
    const int64_t batch = (*data)[static_cast<size_t>(batch_axis)];
    if (arguments.shape(1) != nullptr) TRY(agree(batch, arguments.shape(1)->front(), "the batch size"));
  }
  return Types{arguments.input(0)};
}

// x, a bool an index
Result<Types> compress(const ShapeArguments& arguments) {
  ValueType type = arguments.input(0);
  TRY(expect_rank(arguments.shape(1), 1, "the condition"));
  if (!arguments.node.has("axis")) return Types{{type.dtype, unknown_extents(1)}};
  if (type.shape) (*type.shape)[TRY(axis_of(arguments, *type.shape))] = kUnknownExtent;
  return Types{type};
}

// indices, depth, the values off and on
Result<Types> one_hot(const ShapeArguments& arguments) {
  ValueType type{arguments.input(2).dtype, std::nullopt};
  if (const Shape* indices = arguments.shape(0)) {
    const auto rank = static_cast<int>(indices->size()) + 1;
    const int axis = TRY(normalize_axis(arguments.node.get_int("axis"), rank));
    const std::optional<Ints> depth = arguments.parameter_ints("", 1);
    if (depth && (depth->size() != 1 || depth->front() < 0)) return invalid_data("depth {}", shape_text(*depth));
    type.shape = *indices;
    type.shape->insert(type.shape->begin() + axis, depth ? depth->front() : kUnknownExtent);
  }
  return Types{type};
}

}  // namespace sixtops::shape_rules
