// Normalizations: the data's shape, with parameters that have to fit it.
#include "graph/shape/rule.h"

namespace sixtops::shape_rules {

Result<Types> channel_normalization(const ShapeArguments& arguments) {
  int64_t channels = kUnknownExtent;
  if (const Shape* data = arguments.shape(0)) {
    if (data->size() < 2) return invalid_data("data of shape {}, expected batch and channels", shape_text(*data));
    channels = (*data)[1];
  }
  for (size_t i = 1; i < arguments.inputs.size(); ++i) {
    const Shape* parameter = arguments.shape(i);
    TRY(expect_rank(parameter, 1, "a parameter"));
    if (parameter != nullptr) channels = TRY(agree(channels, parameter->front(), "the number of channels"));
  }
  if (arguments.node.op == Op::kGroupNormalization && channels >= 0) {
    const int64_t groups = arguments.node.get_int("num_groups");
    if (channels % groups != 0) return invalid_data("{} channels in {} groups", channels, groups);
  }
  return Types{arguments.input(0)};
}

Result<Types> layer_normalization(const ShapeArguments& arguments) {
  ValueType statistics{DType::kF32, arguments.input(0).shape};
  if (const Shape* data = arguments.shape(0)) {
    const size_t axis = TRY(axis_of(arguments, *data));
    const Shape normalized(data->begin() + static_cast<std::ptrdiff_t>(axis), data->end());
    for (size_t i = 1; i < arguments.inputs.size(); ++i) {
      if (arguments.shape(i) == nullptr) continue;
      const Shape shape = TRY(broadcast(normalized, *arguments.shape(i)));
      if (shape.size() > data->size()) {
        return invalid_data("parameter of shape {} for data of shape {}", shape_text(*arguments.shape(i)),
                            shape_text(*data));
      }
    }
    std::fill(statistics.shape->begin() + static_cast<std::ptrdiff_t>(axis), statistics.shape->end(), 1);
  }
  return Types{arguments.input(0), statistics, statistics};
}

}  // namespace sixtops::shape_rules
