// Ops that cut, stretch or join along axes.
#include "graph/shape/rule.h"
#include "graph/slice_geometry.h"

namespace sixtops::shape_rules {
namespace {

// Unknown extents on the axes that an op touches; all of them when the axes are unknown too.
Result<Shape> unknown_on(const Shape& data, const std::optional<Ints>& axes) {
  if (!axes) return unknown_extents(data.size());
  const std::vector<bool> touched = TRY(mark_axes(*axes, data.size()));
  Shape shape = data;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (touched[i]) shape[i] = kUnknownExtent;
  }
  return shape;
}

// The rank that a computed shape tensor announces.
std::optional<size_t> announced_rank(const ShapeArguments& arguments, size_t index) {
  const Shape* entries = arguments.shape(index);
  if (entries == nullptr || entries->size() != 1 || entries->front() < 0 || entries->front() > kMaxRank) return {};
  return static_cast<size_t>(entries->front());
}

}  // namespace

Result<Types> concat(const ShapeArguments& arguments) {
  ValueType type = arguments.input(0);
  bool all_known = true;
  for (size_t i = 0; i < arguments.inputs.size(); ++i) {
    if (arguments.input(i).dtype != type.dtype) {
      return invalid_data("inputs of type {} and {}, expected one type", dtype_name(type.dtype),
                          dtype_name(arguments.input(i).dtype));
    }
    const Shape* part = arguments.shape(i);
    all_known = all_known && part != nullptr;
    if (part != nullptr && !type.shape) type.shape = *part;
    if (part != nullptr) TRY(expect_rank(part, type.shape->size(), "an input"));
  }
  if (!type.shape) return Types{type};
  const size_t axis = TRY(axis_of(arguments, *type.shape));
  int64_t sum = 0;
  for (size_t i = 0; i < arguments.inputs.size(); ++i) {
    const Shape* part = arguments.shape(i);
    if (part == nullptr) continue;
    for (size_t k = 0; k < part->size(); ++k) {
      if (k != axis) (*type.shape)[k] = TRY(agree((*type.shape)[k], (*part)[k], "an extent beside the joined axis"));
    }
    sum = sum < 0 || (*part)[axis] < 0 ? kUnknownExtent : TRY(checked_add(sum, (*part)[axis]));
  }
  (*type.shape)[axis] = all_known ? sum : kUnknownExtent;
  return Types{type};
}

Result<Types> split(const ShapeArguments& arguments) {
  const size_t count = arguments.outputs.size();
  const ValueType& data = arguments.input(0);
  Types types(count, data);
  if (!data.shape) return types;
  const size_t axis = TRY(axis_of(arguments, *data.shape));
  const int64_t extent = (*data.shape)[axis];
  Ints sizes(count, kUnknownExtent);
  if (const std::optional<Ints> given = arguments.parameter_ints("split", 1)) {
    int64_t sum = 0;
    for (const int64_t size : *given) {
      if (size < 0) return invalid_data("a part of {} elements", size);
      sum = TRY(checked_add(sum, size));
    }
    if (given->size() != count || (extent >= 0 && sum != extent)) {
      return invalid_data("parts {} for {} outputs of an axis of extent {}", shape_text(*given), count, extent);
    }
    sizes = *given;
  } else if (!arguments.has_parameter("split", 1)) {
    if (arguments.node.has("num_outputs") && arguments.node.get_int("num_outputs") != static_cast<int64_t>(count)) {
      return invalid_data("num_outputs {} for {} outputs", arguments.node.get_int("num_outputs"), count);
    }
    // Equal parts, the last one smaller where they do not divide evenly.
    const auto parts = static_cast<int64_t>(count);
    const int64_t part = extent / parts + (extent % parts != 0 ? 1 : 0);
    for (int64_t i = 0; i < parts && extent >= 0; ++i) {
      if (i * part > extent) return invalid_data("{} parts of an axis of extent {}", parts, extent);
      sizes[static_cast<size_t>(i)] = std::min(part, extent - i * part);
    }
  }
  for (size_t i = 0; i < count; ++i) (*types[i].shape)[axis] = sizes[i];
  return types;
}

// x, starts, ends, axes, steps
Result<Types> slice(const ShapeArguments& arguments) {
  ValueType type = arguments.input(0);
  const std::optional<Ints> starts = arguments.parameter_ints("starts", 1);
  const std::optional<Ints> ends = arguments.parameter_ints("ends", 2);
  std::optional<Ints> axes = arguments.parameter_ints("axes", 3);
  const std::optional<Ints> steps = arguments.parameter_ints("steps", 4);
  if (!arguments.has_parameter("starts", 1) || !arguments.has_parameter("ends", 2)) {
    return invalid_data("starts and ends are given neither as attributes nor as inputs");
  }
  if (!type.shape) return Types{type};
  const bool steps_unknown = !steps && arguments.has_parameter("steps", 4);
  const bool axes_unknown = !axes && arguments.has_parameter("axes", 3);
  if (!starts || !ends || axes_unknown || steps_unknown) {
    return Types{{type.dtype, TRY(unknown_on(*type.shape, axes))}};
  }
  const std::vector<SlicedAxis> sliced =
      TRY(resolve_slice(*type.shape, *starts, *ends, axes.value_or(Ints{}), steps.value_or(Ints{})));
  for (size_t i = 0; i < sliced.size(); ++i) (*type.shape)[i] = sliced[i].count;
  return Types{type};
}

// x, pads, value, axes
Result<Types> pad(const ShapeArguments& arguments) {
  ValueType type = arguments.input(0);
  const std::optional<Ints> pads = arguments.parameter_ints("pads", 1);
  const std::optional<Ints> axes = arguments.parameter_ints("axes", 3);
  if (!arguments.has_parameter("pads", 1)) return invalid_data("pads are given neither as attribute nor as input");
  if (!type.shape) return Types{type};
  if (!pads || (!axes && arguments.has_parameter("axes", 3))) {
    return Types{{type.dtype, TRY(unknown_on(*type.shape, axes))}};
  }
  const size_t rank = type.shape->size();
  if (axes) TRY(mark_axes(*axes, rank));
  const size_t count = axes ? axes->size() : rank;
  if (pads->size() != 2 * count) return invalid_data("{} pads for {} axes", pads->size(), count);
  for (size_t i = 0; i < count; ++i) {
    const auto axis =
        static_cast<size_t>(axes ? TRY(normalize_axis((*axes)[i], static_cast<int>(rank))) : static_cast<int>(i));
    int64_t& extent = (*type.shape)[axis];
    if (extent < 0) continue;
    const int64_t padded = TRY(checked_add(TRY(checked_add(extent, (*pads)[i])), (*pads)[i + count]));
    if (padded < 0) return invalid_data("pads {} and {} for extent {}", (*pads)[i], (*pads)[i + count], extent);
    extent = padded;
  }
  return Types{type};
}

Result<Types> tile(const ShapeArguments& arguments) {
  ValueType type = arguments.input(0);
  const std::optional<Ints> repeats = arguments.parameter_ints("repeats", 1);
  if (!arguments.has_parameter("repeats", 1))
    return invalid_data("repeats are given neither as attribute nor as input");
  if (repeats) TRY(expect_rank(arguments.shape(0), repeats->size(), "data"));
  if (!type.shape) return Types{type};
  if (!repeats) return Types{{type.dtype, unknown_extents(type.shape->size())}};
  for (size_t i = 0; i < repeats->size(); ++i) {
    if ((*repeats)[i] < 0) return invalid_data("{} repeats", (*repeats)[i]);
    int64_t& extent = (*type.shape)[i];
    if (extent >= 0) extent = TRY(checked_multiply(extent, (*repeats)[i]));
  }
  return Types{type};
}

Result<Types> expand(const ShapeArguments& arguments) {
  ValueType type = arguments.input(0);
  if (!arguments.has_parameter("shape", 1)) return invalid_data("the shape is given neither as attribute nor as input");
  if (const std::optional<Ints> shape = arguments.parameter_ints("shape", 1)) {
    if (!is_static(*shape)) return invalid_data("a shape with a negative extent");
    if (type.shape) type.shape = TRY(broadcast(*type.shape, *shape));
    return Types{type};
  }
  const std::optional<size_t> rank = announced_rank(arguments, 1);
  if (!rank || !type.shape) return Types{{type.dtype, std::nullopt}};
  return Types{{type.dtype, unknown_extents(std::max(*rank, type.shape->size()))}};
}

// x, shape
Result<Types> center_crop_pad(const ShapeArguments& arguments) {
  ValueType type = arguments.input(0);
  if (!type.shape) return Types{type};
  Ints axes = arguments.node.get_ints("axes");
  if (axes.empty()) {
    for (size_t i = 0; i < type.shape->size(); ++i) axes.push_back(static_cast<int64_t>(i));
  }
  type.shape = TRY(unknown_on(*type.shape, axes));
  if (const std::optional<Ints> target = arguments.parameter_ints("", 1)) {
    if (target->size() != axes.size() || !is_static(*target)) return invalid_data("shape {}", shape_text(*target));
    for (size_t i = 0; i < axes.size(); ++i) {
      (*type.shape)[static_cast<size_t>(TRY(normalize_axis(axes[i], static_cast<int>(type.shape->size()))))] =
          (*target)[i];
    }
  }
  return Types{type};
}

}  // namespace sixtops::shape_rules
