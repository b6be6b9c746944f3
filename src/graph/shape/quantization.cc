// Quantization: the data's shape, and parameters for the whole tensor or one an index of `axis`.
#include "graph/shape/rule.h"

namespace sixtops::shape_rules {
namespace {

Status check_parameters(const ShapeArguments& arguments) {
  int64_t count = kUnknownExtent;
  if (arguments.node.has("scale")) count = static_cast<int64_t>(arguments.node.get_floats("scale").size());
  if (const Shape* scale = arguments.shape(1)) {
    if (scale->size() > 1) return invalid_data("scales of shape {}, expected one or a list", shape_text(*scale));
    count = scale->empty() ? 1 : scale->front();
  }
  if (!arguments.has_parameter("scale", 1)) return invalid_data("the scale is given neither as attribute nor as input");
  if (arguments.node.has("zero_point")) {
    TRY(agree(static_cast<int64_t>(arguments.node.get_ints("zero_point").size()), count, "the number of scales"));
  }
  if (count == 0) return invalid_data("an empty list of scales");
  if (count < 2 || arguments.shape(0) == nullptr) return {};
  const Shape& data = *arguments.shape(0);
  TRY(agree(data[TRY(axis_of(arguments, data))], count, "the number of scales"));
  return {};
}

}  // namespace

Result<Types> quantize_linear(const ShapeArguments& arguments) {
  TRY(check_parameters(arguments));
  const DType codes = arguments.has(2) ? arguments.input(2).dtype : DType::kU8;
  return Types{{dtype_attribute(arguments, "to", codes), arguments.input(0).shape}};
}

Result<Types> dequantize_linear(const ShapeArguments& arguments) {
  TRY(check_parameters(arguments));
  const DType real = arguments.has(1) ? arguments.input(1).dtype : DType::kF32;
  return Types{{real, arguments.input(0).shape}};
}

// Codes, scale, zero point.
Result<Types> dynamic_quantize_linear(const ShapeArguments& arguments) {
  return Types{{DType::kU8, arguments.input(0).shape}, {DType::kF32, Shape{}}, {DType::kU8, Shape{}}};
}

}  // namespace sixtops::shape_rules
