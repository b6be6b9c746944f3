#include "base/error.h"
#include "importer/onnx/element_type.h"
#include "importer/onnx/translators.h"

namespace sixtops::importer::onnx {
namespace {

Attributes cast_to(DType dtype) {
  Attributes attributes;
  attributes.set("to", std::string(dtype_name(dtype)));
  return attributes;
}

Status cast(Translation& node) {
  const int64_t to = TRY(node.get_int("to", 0));
  return node.write(Op::kCast, node.inputs(), cast_to(TRY(element_type(to))));
}

Status cast_like(Translation& node) {
  TRY(node.expect_inputs(2, 2));
  return node.write(Op::kCast, {node.input(0)}, cast_to(node.dtype(node.input(1))));
}

// The sum of all operands but the last, and the last: what remains of Sum and Mean is one Add. With one operand there
// is nothing to add.
Result<ValueId> sum_of_all_but_last(Translation& node) {
  ValueId sum = node.input(0);
  for (size_t i = 1; i + 1 < node.inputs().size(); ++i) sum = TRY(node.step(Op::kAdd, {sum, node.input(i)}));
  return sum;
}

Status sum(Translation& node) {
  const size_t count = node.inputs().size();
  TRY(node.expect_inputs(1, count));
  if (count == 1) return node.write(Op::kIdentity, {node.input(0)});
  return node.write(Op::kAdd, {TRY(sum_of_all_but_last(node)), node.input(count - 1)});
}

Status mean(Translation& node) {
  const size_t count = node.inputs().size();
  TRY(node.expect_inputs(1, count));
  if (count == 1) return node.write(Op::kIdentity, {node.input(0)});
  const ValueId sum = TRY(node.step(Op::kAdd, {TRY(sum_of_all_but_last(node)), node.input(count - 1)}));
  const Tensor divisor = TRY(sixtops::cast(Tensor::scalar(static_cast<float>(count)), node.dtype(node.input(0))));
  return node.write(Op::kDiv, {sum, node.add_constant(divisor)});
}

// Dropout does nothing in inference. Its training mode is an operand since opset 12 and has to be a constant `false`,
// unless nothing is dropped anyway. The mask that it may write is all true.
Status dropout(Translation& node) {
  const float ratio_attribute = TRY(node.get_float("ratio", 0.5F));
  const Tensor* ratio = node.constant(1);
  const Tensor* training = node.constant(2);
  const bool nothing_dropped =
      node.has_input(1) ? ratio != nullptr && values_as<float>(*ratio) == std::vector{0.0F} : ratio_attribute == 0.0F;
  const bool inference =
      !node.has_input(2) || (training != nullptr && values_as<int64_t>(*training) == std::vector<int64_t>{0});
  if (!inference && !nothing_dropped) {
    return unsupported("training mode; export the model for inference (model.eval())");
  }
  TRY(node.write_output(0, Op::kIdentity, {node.input(0)}));
  if (!node.has_output(1)) return {};
  Attributes all_true;
  all_true.set("dtype", std::string(dtype_name(DType::kBool)));
  all_true.set("value_int", int64_t{1});
  return node.write_output(1, Op::kConstantOfShape, {TRY(node.shape_operand(node.input(0)))}, std::move(all_true));
}

constexpr TranslatorRow kRows[] = {
    {"Identity", 1, kLatest, direct},
    {"Abs", 1, kLatest, direct, "consumed_inputs"},
    {"Acos", 7, kLatest, direct},
    {"Acosh", 9, kLatest, direct},
    {"Asin", 7, kLatest, direct},
    {"Asinh", 9, kLatest, direct},
    {"Atan", 7, kLatest, direct},
    {"Atanh", 9, kLatest, direct},
    {"BitwiseNot", 18, kLatest, direct},
    {"Ceil", 1, kLatest, direct, "consumed_inputs"},
    {"Celu", 12, kLatest, direct},
    {"Cos", 7, kLatest, direct},
    {"Cosh", 9, kLatest, direct},
    {"Elu", 1, kLatest, direct, "consumed_inputs"},
    {"Erf", 9, kLatest, direct},
    {"Exp", 1, kLatest, direct, "consumed_inputs"},
    {"Floor", 1, kLatest, direct, "consumed_inputs"},
    {"Gelu", 20, kLatest, direct},
    {"HardSigmoid", 1, kLatest, direct, "consumed_inputs"},
    {"HardSwish", 14, kLatest, direct},
    {"IsInf", 10, kLatest, direct},
    {"IsNaN", 9, kLatest, direct},
    {"LeakyRelu", 1, kLatest, direct, "consumed_inputs"},
    {"Log", 1, kLatest, direct, "consumed_inputs"},
    {"Mish", 18, kLatest, direct},
    {"Neg", 1, kLatest, direct, "consumed_inputs"},
    {"Not", 1, kLatest, direct},
    {"Reciprocal", 1, kLatest, direct, "consumed_inputs"},
    {"Relu", 1, kLatest, direct, "consumed_inputs"},
    {"Round", 11, kLatest, direct},
    {"Selu", 6, kLatest, direct},
    {"Shrink", 9, kLatest, direct},
    {"Sigmoid", 1, kLatest, direct, "consumed_inputs"},
    {"Sign", 9, kLatest, direct},
    {"Sin", 7, kLatest, direct},
    {"Sinh", 9, kLatest, direct},
    {"Softplus", 1, kLatest, direct},
    {"Softsign", 1, kLatest, direct},
    {"Sqrt", 1, kLatest, direct, "consumed_inputs"},
    {"Swish", 23, kLatest, direct},  // came with opset 24, whose other elementwise operators are those of 23
    {"Tan", 7, kLatest, direct},
    {"Tanh", 1, kLatest, direct, "consumed_inputs"},
    {"ThresholdedRelu", 10, kLatest, direct},
    // Bounds: attributes up to opset 10, operands since.
    {"Clip", 1, kLatest, direct, "consumed_inputs"},
    // saturate concerns float8 targets alone, which we refuse.
    {"Cast", 6, kLatest, cast, "saturate|round_mode"},
    {"CastLike", 15, kLatest, cast_like, "saturate|round_mode"},
    {"Dropout", 7, kLatest, dropout, "seed"},
    // Before opset 7 broadcasting was another one (attributes axis and broadcast).
    {"Add", 7, kLatest, direct},
    {"And", 7, kLatest, direct},
    {"BitShift", 11, kLatest, direct},
    {"BitwiseAnd", 18, kLatest, direct},
    {"BitwiseOr", 18, kLatest, direct},
    {"BitwiseXor", 18, kLatest, direct},
    {"Div", 7, kLatest, direct},
    {"Equal", 7, kLatest, direct},
    {"Greater", 7, kLatest, direct},
    {"GreaterOrEqual", 12, kLatest, direct},
    {"Less", 7, kLatest, direct},
    {"LessOrEqual", 12, kLatest, direct},
    {"Max", 6, kLatest, direct},
    {"Mean", 6, kLatest, mean},
    {"Min", 6, kLatest, direct},
    {"Mod", 10, kLatest, direct},
    {"Mul", 7, kLatest, direct},
    {"Or", 7, kLatest, direct},
    {"Pow", 7, kLatest, direct},
    {"PRelu", 7, kLatest, direct},
    {"Sub", 7, kLatest, direct},
    {"Sum", 6, kLatest, sum},
    {"Where", 9, kLatest, direct},
    {"Xor", 7, kLatest, direct},
};

}  // namespace

std::span<const TranslatorRow> elementwise_translators() { return kRows; }

}  // namespace sixtops::importer::onnx
