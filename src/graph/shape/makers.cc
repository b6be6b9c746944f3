// Tensors made from parameters, questions about tensors, and foreign nodes.
#include <cmath>

#include "graph/shape/rule.h"

namespace sixtops::shape_rules {
namespace {

// Elements of begin, begin + step, ... before end; nothing when there is no such number.
std::optional<int64_t> count_steps(const Tensor& begin, const Tensor& end, const Tensor& step) {
  if (begin.element_count() != 1 || end.element_count() != 1 || step.element_count() != 1) return std::nullopt;
  if (is_float(begin.dtype())) {
    const double width = values_as<double>(step)[0];
    const double count = std::ceil((values_as<double>(end)[0] - values_as<double>(begin)[0]) / width);
    if (!(count < 0x1p62)) return std::nullopt;  // NaN too
    return static_cast<int64_t>(std::max(count, 0.0));
  }
  const int64_t width = values_as<int64_t>(step)[0];
  int64_t distance = 0;
  if (width == 0 || __builtin_sub_overflow(values_as<int64_t>(end)[0], values_as<int64_t>(begin)[0], &distance)) {
    return std::nullopt;
  }
  if (width == -1 && distance == INT64_MIN) return std::nullopt;
  if (distance == 0 || (distance < 0) != (width < 0)) return 0;
  return distance / width + (distance % width != 0 ? 1 : 0);
}

}  // namespace

Result<Types> constant_of_shape(const ShapeArguments& arguments) {
  const DType dtype = dtype_attribute(arguments, "dtype", DType::kF32);
  if (const std::optional<Ints> shape = arguments.parameter_ints("", 0)) {
    if (!is_static(*shape)) return invalid_data("a shape with a negative extent");
    return Types{{dtype, *shape}};
  }
  const Shape* entries = arguments.shape(0);
  TRY(expect_rank(entries, 1, "the shape"));
  if (entries == nullptr || entries->front() < 0 || entries->front() > kMaxRank) return Types{{dtype, std::nullopt}};
  return Types{{dtype, unknown_extents(static_cast<size_t>(entries->front()))}};
}

Result<Types> eye_like(const ShapeArguments& arguments) {
  TRY(expect_rank(arguments.shape(0), 2, "data"));
  return Types{{dtype_attribute(arguments, "dtype", arguments.input(0).dtype), arguments.input(0).shape}};
}

Result<Types> range(const ShapeArguments& arguments) {
  const ValueType unknown{arguments.input(0).dtype, unknown_extents(1)};
  for (size_t i = 0; i < 3; ++i) {
    if (arguments.input(i).dtype != unknown.dtype) return invalid_data("start, limit and step of different types");
  }
  const auto constants = arguments.constants;
  if (constants[0] == nullptr || constants[1] == nullptr || constants[2] == nullptr) return Types{unknown};
  const std::optional<int64_t> count = count_steps(*constants[0], *constants[1], *constants[2]);
  if (!count) return invalid_data("start, limit and step give no number of elements");
  return Types{{unknown.dtype, Shape{*count}}};
}

Result<Types> shape_of(const ShapeArguments& arguments) {
  if (arguments.shape(0) == nullptr) return Types{{DType::kI64, unknown_extents(1)}};
  const auto rank = static_cast<int64_t>(arguments.shape(0)->size());
  const auto clamp = [rank](int64_t at) { return std::clamp<int64_t>(at < 0 ? at + rank : at, 0, rank); };
  const int64_t start = clamp(arguments.node.get_int("start"));
  const int64_t end = arguments.node.has("end") ? clamp(arguments.node.get_int("end")) : rank;
  return Types{{DType::kI64, Shape{std::max<int64_t>(end - start, 0)}}};
}

Result<Types> size_of(const ShapeArguments&) { return Types{{DType::kI64, Shape{}}}; }

Result<Types> non_zero(const ShapeArguments& arguments) {
  Shape shape = unknown_extents(2);
  if (arguments.shape(0) != nullptr && !arguments.shape(0)->empty()) {
    shape[0] = static_cast<int64_t>(arguments.shape(0)->size());
  }
  return Types{{DType::kI64, std::move(shape)}};
}

// Rows of picture, class, box.
Result<Types> non_max_suppression(const ShapeArguments& arguments) {
  TRY(expect_rank(arguments.shape(0), 3, "boxes"));
  TRY(expect_rank(arguments.shape(1), 3, "scores"));
  return Types{{DType::kI64, Shape{kUnknownExtent, 3}}};
}

Result<Types> custom(const ShapeArguments& arguments) {
  return Types(arguments.outputs.begin(), arguments.outputs.end());
}

}  // namespace sixtops::shape_rules
