// Pools and their inverses.
#include "graph/shape/rule.h"
#include "graph/window.h"

namespace sixtops::shape_rules {
namespace {

Shape with_windows(const Shape& data, const std::vector<Window>& windows) {
  Shape shape = {data[0], data[1]};
  for (const Window& window : windows) shape.push_back(window.output);
  return shape;
}

}  // namespace

Result<Types> pool(const ShapeArguments& arguments) {
  std::optional<Shape> shape;
  if (const Shape* data = arguments.shape(0)) {
    shape = with_windows(*data, TRY(resolve_windows(arguments.node, *data, {})));
  }
  return Types{{arguments.input(0).dtype, shape}, {DType::kI64, shape}};
}

Result<Types> global_pool(const ShapeArguments& arguments) {
  ValueType type = arguments.input(0);
  if (type.shape) {
    if (type.shape->size() < 3) return invalid_data("data of shape {} has no spatial axis", shape_text(*type.shape));
    std::fill(type.shape->begin() + 2, type.shape->end(), 1);
  }
  return Types{type};
}

// x, indices, output shape
Result<Types> max_unpool(const ShapeArguments& arguments) {
  ValueType type{arguments.input(0).dtype, std::nullopt};
  const Shape* data = arguments.shape(0);
  if (data != nullptr && arguments.shape(1) != nullptr) {
    TRY(expect_rank(arguments.shape(1), data->size(), "indices"));
    for (size_t i = 0; i < data->size(); ++i) TRY(agree((*data)[i], (*arguments.shape(1))[i], "an extent of the data"));
  }
  if (data != nullptr) type.shape = with_windows(*data, TRY(resolve_transposed_windows(arguments.node, *data, {})));
  if (arguments.has(2)) {
    const std::optional<Ints> given = arguments.parameter_ints("", 2);
    if (given) {
      if (std::any_of(given->begin(), given->end(), [](int64_t extent) { return extent < 0; }) ||
          (data != nullptr && given->size() != data->size())) {
        return invalid_data("output shape {}", shape_text(*given));
      }
      type.shape = *given;
    } else if (type.shape) {
      type.shape = unknown_extents(type.shape->size());
    }
  }
  return Types{type};
}

// Columns [batch, channels · block, blocks], the picture's extents, the block's extents.
Result<Types> col2im(const ShapeArguments& arguments) {
  const Shape* columns = arguments.shape(0);
  TRY(expect_rank(columns, 3, "columns"));
  const std::optional<Ints> picture = arguments.parameter_ints("", 1);
  const std::optional<Ints> block = arguments.parameter_ints("", 2);
  if (picture && block && picture->size() != block->size()) {
    return invalid_data("picture {} and block {} of different rank", shape_text(*picture), shape_text(*block));
  }
  if (!picture && !block) return Types{{arguments.input(0).dtype, std::nullopt}};
  Shape shape = unknown_extents(2);
  if (columns != nullptr) {
    shape[0] = (*columns)[0];
    const int64_t elements = block ? TRY(extent_product(*block)) : kUnknownExtent;
    if (block && elements < 1) return invalid_data("block {}", shape_text(*block));
    if (elements > 0 && (*columns)[1] >= 0) {
      if ((*columns)[1] % elements != 0) return invalid_data("{} rows for blocks of {}", (*columns)[1], elements);
      shape[1] = (*columns)[1] / elements;
    }
  }
  const Shape spatial = picture ? *picture : unknown_extents(block->size());
  if (picture && !is_static(spatial)) return invalid_data("picture {}", shape_text(spatial));
  shape.insert(shape.end(), spatial.begin(), spatial.end());
  return Types{{arguments.input(0).dtype, std::move(shape)}};
}

}  // namespace sixtops::shape_rules
