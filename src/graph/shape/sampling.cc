// Ops that read a picture at computed places: resize, regions of interest, grids.
#include "graph/resize_geometry.h"
#include "graph/shape/rule.h"

namespace sixtops::shape_rules {
namespace {

// Regions and channels, then the region's own grid.
ValueType region_type(const ShapeArguments& arguments, int64_t height, int64_t width) {
  Shape shape = {kUnknownExtent, kUnknownExtent, height, width};
  if (const Shape* regions = arguments.shape(1)) shape[0] = regions->front();
  if (const Shape* data = arguments.shape(0)) shape[1] = (*data)[1];
  return {arguments.input(0).dtype, std::move(shape)};
}

// A resize whose parameters are not known yet changes the listed axes alone.
Result<std::optional<Shape>> unknown_resize(const ShapeArguments& arguments) {
  if (arguments.shape(0) == nullptr) return std::optional<Shape>();
  const Shape& data = *arguments.shape(0);
  const Ints& axes = arguments.node.get_ints("axes");
  const std::vector<bool> resized = TRY(mark_axes(axes, data.size()));
  Shape shape = data;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (axes.empty() || resized[i]) shape[i] = kUnknownExtent;
  }
  return std::optional(shape);
}

}  // namespace

// x, roi, scales, sizes
Result<Types> resize(const ShapeArguments& arguments) {
  const DType dtype = arguments.input(0).dtype;
  const std::optional<Floats> scales = arguments.parameter_floats("scales", 2);
  const std::optional<Ints> sizes = arguments.parameter_ints("sizes", 3);
  const std::optional<Floats> roi = arguments.parameter_floats("roi", 1);
  const bool crops = arguments.node.get_text("coordinate_transformation_mode") == "tf_crop_and_resize";
  const bool known = (scales || !arguments.has_parameter("scales", 2)) &&
                     (sizes || !arguments.has_parameter("sizes", 3)) && (roi || !crops);
  if (arguments.shape(0) == nullptr || !known) return Types{{dtype, TRY(unknown_resize(arguments))}};
  Shape shape;
  for (const ResizedAxis& axis : TRY(resolve_resize(arguments.node, *arguments.shape(0), roi.value_or(Floats{}),
                                                    scales.value_or(Floats{}), sizes.value_or(Ints{})))) {
    shape.push_back(axis.output);
  }
  return Types{{dtype, std::move(shape)}};
}

Result<Types> max_roi_pool(const ShapeArguments& arguments) {
  TRY(expect_rank(arguments.shape(0), 4, "data"));
  TRY(expect_rank(arguments.shape(1), 2, "regions"));
  const Ints& pooled = arguments.node.get_ints("pooled_shape");
  if (pooled.size() != 2) return invalid_data("pooled_shape has {} entries, expected 2", pooled.size());
  return Types{region_type(arguments, pooled[0], pooled[1])};
}

// x, regions, the picture that each region lies in
Result<Types> roi_align(const ShapeArguments& arguments) {
  TRY(expect_rank(arguments.shape(0), 4, "data"));
  TRY(expect_rank(arguments.shape(1), 2, "regions"));
  TRY(expect_rank(arguments.shape(2), 1, "picture numbers"));
  if (arguments.shape(1) != nullptr && arguments.shape(2) != nullptr) {
    TRY(agree(arguments.shape(1)->front(), arguments.shape(2)->front(), "the number of regions"));
  }
  return Types{region_type(arguments, arguments.node.get_int("output_height"), arguments.node.get_int("output_width"))};
}

// x [batch, channels, ...], grid [batch, ..., axes]
Result<Types> grid_sample(const ShapeArguments& arguments) {
  const Shape* data = arguments.shape(0);
  const Shape* grid = arguments.shape(1);
  for (const Shape* shape : {data, grid}) {
    if (shape != nullptr && shape->size() < 3) return invalid_data("operand of shape {}", shape_text(*shape));
  }
  if (data != nullptr) TRY(expect_rank(grid, data->size(), "the grid"));
  if (data == nullptr && grid == nullptr) return Types{{arguments.input(0).dtype, std::nullopt}};
  Shape shape = unknown_extents((data != nullptr ? data : grid)->size());
  if (data != nullptr) std::copy_n(data->begin(), 2, shape.begin());
  if (grid != nullptr) {
    shape[0] = TRY(agree(shape[0], grid->front(), "the batch size"));
    TRY(agree(grid->back(), static_cast<int64_t>(shape.size()) - 2, "the number of coordinates"));
    std::copy(grid->begin() + 1, grid->end() - 1, shape.begin() + 2);
  }
  return Types{{arguments.input(0).dtype, std::move(shape)}};
}

// theta [batch, axes, axes + 1], size [batch, channels, ...]
Result<Types> affine_grid(const ShapeArguments& arguments) {
  TRY(expect_rank(arguments.shape(0), 3, "theta"));
  const std::optional<Ints> size = arguments.parameter_ints("", 1);
  if (!size) return Types{{arguments.input(0).dtype, std::nullopt}};
  if ((size->size() != 4 && size->size() != 5) || !is_static(*size)) return invalid_data("size {}", shape_text(*size));
  const auto axes = static_cast<int64_t>(size->size()) - 2;
  Shape shape = {size->front()};
  shape.insert(shape.end(), size->begin() + 2, size->end());
  shape.push_back(axes);
  if (const Shape* theta = arguments.shape(0)) {
    TRY(agree((*theta)[0], shape[0], "the batch size"));
    TRY(agree((*theta)[1], axes, "the number of coordinates"));
    TRY(agree((*theta)[2], axes + 1, "the width of theta"));
  }
  return Types{{arguments.input(0).dtype, std::move(shape)}};
}

}  // namespace sixtops::shape_rules
