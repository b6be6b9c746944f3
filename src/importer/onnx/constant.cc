// Makers of constants, and questions about tensors.
#include "base/error.h"
#include "importer/onnx/element_type.h"
#include "importer/onnx/translators.h"

namespace sixtops::importer::onnx {
namespace {

using wire::onnx::AttributeProto;

Result<Tensor> constant_value(Translation& node) {
  if (const AttributeProto* value = node.attribute("value")) return node.read_tensor(value->t());
  if (const AttributeProto* value = node.attribute("sparse_value")) return node.read_tensor(value->sparse_tensor());
  if (const AttributeProto* value = node.attribute("value_float")) return Tensor::scalar(value->f());
  if (const AttributeProto* value = node.attribute("value_int")) return Tensor::scalar(value->i());
  if (const AttributeProto* value = node.attribute("value_floats")) {
    return Tensor::from_values<float>({value->floats_size()}, {value->floats().begin(), value->floats().end()});
  }
  if (const AttributeProto* value = node.attribute("value_ints")) {
    return Tensor::from_values<int64_t>({value->ints_size()}, {value->ints().begin(), value->ints().end()});
  }
  return unsupported("a constant without a value, or a text");
}

Status constant(Translation& node) { return node.write_constant(TRY(constant_value(node))); }

Status constant_of_shape(Translation& node) {
  Attributes attributes;
  if (const AttributeProto* proto = node.attribute("value")) {
    const Tensor value = TRY(node.read_tensor(proto->t()));
    if (value.element_count() != 1) return invalid_data("value has {} elements, expected 1", value.element_count());
    attributes.set("dtype", std::string(dtype_name(value.dtype())));
    if (is_float(value.dtype())) {
      attributes.set("value", values_as<float>(value)[0]);
    } else {
      attributes.set("value_int", values_as<int64_t>(value)[0]);
    }
  }
  return node.write(Op::kConstantOfShape, node.inputs(), std::move(attributes));
}

Status eye_like(Translation& node) {
  Attributes attributes;
  attributes.set("k", TRY(node.get_int("k", 0)));
  const int64_t type = TRY(node.get_int("dtype", 0));
  if (type != 0) attributes.set("dtype", std::string(dtype_name(TRY(element_type(type)))));
  return node.write(Op::kEyeLike, node.inputs(), std::move(attributes));
}

constexpr TranslatorRow kRows[] = {
    {"Constant", 1, kLatest, constant}, {"ConstantOfShape", 9, kLatest, constant_of_shape},
    {"EyeLike", 9, kLatest, eye_like},  {"NonZero", 9, kLatest, direct},
    {"OneHot", 9, kLatest, direct},     {"Range", 11, kLatest, direct},
    {"Shape", 1, kLatest, direct},      {"Size", 1, kLatest, direct},
    {"Det", 11, kLatest, direct},
};

}  // namespace

std::span<const TranslatorRow> constant_translators() { return kRows; }

}  // namespace sixtops::importer::onnx
