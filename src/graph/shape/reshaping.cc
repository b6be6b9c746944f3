// The same elements in another shape or order.
#include <numeric>

#include "graph/shape/rule.h"

namespace sixtops::shape_rules {
namespace {

// Extents 0 (copy, unless allowzero) and -1 (whatever is left) resolved.
Result<Shape> resolve_reshape(const Ints& target, const Shape* data, bool allow_zero) {
  if (target.size() > static_cast<size_t>(kMaxRank)) return invalid_data("a shape of {} extents", target.size());
  Shape shape;
  Shape left = data != nullptr ? *data : Shape{kUnknownExtent};  // extents of the data that are not copied
  Shape given;
  std::vector<bool> copied(left.size(), false);
  std::optional<size_t> wildcard;
  for (size_t i = 0; i < target.size(); ++i) {
    if (target[i] == -1) {
      if (wildcard) return invalid_data("a shape with two -1: {}", shape_text(target));
      wildcard = i;
      shape.push_back(kUnknownExtent);
    } else if (target[i] == 0 && !allow_zero) {
      if (data != nullptr && i >= data->size()) {
        return invalid_data("extent {} is to be copied from data of shape {}", i, shape_text(*data));
      }
      if (data != nullptr) copied[i] = true;
      shape.push_back(data != nullptr ? (*data)[i] : kUnknownExtent);
    } else if (target[i] < 0) {
      return invalid_data("a shape with the extent {}", target[i]);
    } else {
      given.push_back(target[i]);
      shape.push_back(target[i]);
    }
  }
  bool empty = false;
  for (size_t i = left.size(); i-- > 0;) {
    if (!copied[i]) continue;
    empty = empty || left[i] == 0;
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
  }
  const int64_t have = TRY(extent_product(left));
  const int64_t fixed = TRY(extent_product(given));
  if (have == kUnknownExtent || (empty && !wildcard)) return shape;
  if (wildcard ? fixed == 0 || have % fixed != 0 : have != fixed) {
    return invalid_data("data of shape {} does not fit into {}", shape_text(*data), shape_text(target));
  }
  if (wildcard) shape[*wildcard] = have / fixed;
  return shape;
}

Result<Types> depth_space(const ShapeArguments& arguments, bool to_space) {
  ValueType type = arguments.input(0);
  TRY(expect_rank(arguments.shape(0), 4, "data"));
  if (!type.shape) return Types{{type.dtype, unknown_extents(4)}};
  Shape& shape = *type.shape;
  const int64_t block = arguments.node.get_int("blocksize");
  const auto scale = [](int64_t& extent, int64_t factor, bool up) -> Status {
    if (extent < 0) return {};
    if (!up && extent % factor != 0) return invalid_data("extent {} is no multiple of {}", extent, factor);
    extent = up ? TRY(checked_multiply(extent, factor)) : extent / factor;
    return {};
  };
  TRY(scale(shape[1], TRY(checked_multiply(block, block)), !to_space));
  TRY(scale(shape[2], block, to_space));
  TRY(scale(shape[3], block, to_space));
  return Types{type};
}

}  // namespace

Result<Types> reshape(const ShapeArguments& arguments) {
  const DType dtype = arguments.input(0).dtype;
  if (const std::optional<Ints> target = arguments.parameter_ints("shape", 1)) {
    const bool allow_zero = arguments.node.get_int("allowzero") != 0;
    return Types{{dtype, TRY(resolve_reshape(*target, arguments.shape(0), allow_zero))}};
  }
  if (!arguments.has_parameter("shape", 1)) return invalid_data("the shape is given neither as attribute nor as input");
  // A computed shape has as many entries as the result has axes.
  const Shape* entries = arguments.shape(1);
  TRY(expect_rank(entries, 1, "the shape"));
  if (entries == nullptr || entries->front() < 0 || entries->front() > kMaxRank) return Types{{dtype, std::nullopt}};
  return Types{{dtype, unknown_extents(static_cast<size_t>(entries->front()))}};
}

Result<Types> flatten(const ShapeArguments& arguments) {
  ValueType type = arguments.input(0);
  if (!type.shape) return Types{{type.dtype, unknown_extents(2)}};
  const auto rank = static_cast<int64_t>(type.shape->size());
  int64_t axis = arguments.node.get_int("axis");
  if (axis < -rank || axis > rank) return invalid_data("axis {} is outside of rank {}", axis, rank);
  if (axis < 0) axis += rank;
  const std::span<const int64_t> extents = *type.shape;
  const auto split = static_cast<size_t>(axis);
  type.shape = Shape{TRY(extent_product(extents.first(split))), TRY(extent_product(extents.subspan(split)))};
  return Types{type};
}

Result<Types> squeeze(const ShapeArguments& arguments) {
  ValueType type = arguments.input(0);
  if (!type.shape) return Types{type};
  const std::optional<Ints> axes = arguments.parameter_ints("axes", 1);
  const bool listed = arguments.has_parameter("axes", 1);
  if ((listed && !axes) || (!listed && !is_static(*type.shape))) return Types{{type.dtype, std::nullopt}};
  std::vector<bool> taken = TRY(mark_axes(axes.value_or(Ints{}), type.shape->size()));
  Shape shape;
  for (size_t i = 0; i < type.shape->size(); ++i) {
    const int64_t extent = (*type.shape)[i];
    if (listed && taken[i] && extent > 1) return invalid_data("axis {} of extent {} cannot be squeezed", i, extent);
    if (listed ? !taken[i] : extent != 1) shape.push_back(extent);
  }
  return Types{{type.dtype, std::move(shape)}};
}

Result<Types> unsqueeze(const ShapeArguments& arguments) {
  ValueType type = arguments.input(0);
  const std::optional<Ints> axes = arguments.parameter_ints("axes", 1);
  if (!axes && !arguments.has_parameter("axes", 1)) {
    return invalid_data("the axes are given neither as attribute nor as input");
  }
  if (!type.shape || !axes) return Types{{type.dtype, std::nullopt}};
  const size_t rank = type.shape->size() + axes->size();
  if (rank > static_cast<size_t>(kMaxRank)) return invalid_data("output of rank {}", rank);
  const std::vector<bool> added = TRY(mark_axes(*axes, rank));
  Shape shape;
  auto next = type.shape->begin();
  for (size_t i = 0; i < rank; ++i) shape.push_back(added[i] ? 1 : *next++);
  return Types{{type.dtype, std::move(shape)}};
}

Result<Types> transpose(const ShapeArguments& arguments) {
  ValueType type = arguments.input(0);
  const std::optional<Ints> perm = arguments.parameter_ints("perm", arguments.inputs.size());
  if (perm) {
    TRY(expect_rank(arguments.shape(0), perm->size(), "data"));
    TRY(mark_axes(*perm, perm->size()));
  }
  if (!type.shape) {
    if (perm) type.shape = unknown_extents(perm->size());
    return Types{type};
  }
  Shape shape(type.shape->rbegin(), type.shape->rend());
  for (size_t i = 0; perm && i < shape.size(); ++i) shape[i] = (*type.shape)[static_cast<size_t>((*perm)[i])];
  return Types{{type.dtype, std::move(shape)}};
}

Result<Types> depth_to_space(const ShapeArguments& arguments) { return depth_space(arguments, true); }
Result<Types> space_to_depth(const ShapeArguments& arguments) { return depth_space(arguments, false); }

}  // namespace sixtops::shape_rules
