#include <array>

#include "base/error.h"
#include "importer/tflite/translators.h"

namespace sixtops::importer::tflite {
namespace {

namespace wire = sixtops::wire::tflite;
using wire::Operation;

template <Op kOp>
Status unary(Translation& op) {
  TRY(op.expect(1, 1));
  return op.write(TRY(op.step(kOp, {TRY(op.input(0))})));
}

// The activation that Add, Sub, Mul and Div may carry.
wire::Activation fused_activation(const Translation& op) {
  const wire::Operator& wire = op.wire();
  if (const auto* add = wire.options_as_AddOptions()) return add->activation();
  if (const auto* sub = wire.options_as_SubOptions()) return sub->activation();
  if (const auto* mul = wire.options_as_MulOptions()) return mul->activation();
  if (const auto* div = wire.options_as_DivOptions()) return div->activation();
  return wire::Activation::NONE;
}

template <Op kOp>
Status binary(Translation& op) {
  TRY(op.expect(2, 2));
  const ValueId result = TRY(op.step(kOp, TRY(op.aligned_inputs())));
  return op.write(TRY(op.activate(result, fused_activation(op))));
}

template <wire::Activation kActivation>
Status activation(Translation& op) {
  TRY(op.expect(1, 1));
  return op.write(TRY(op.activate(TRY(op.input(0)), kActivation)));
}

Status relu_0_to_1(Translation& op) {
  TRY(op.expect(1, 1));
  Attributes limits;
  limits.set("min", 0.0F);
  limits.set("max", 1.0F);
  return op.write(TRY(op.step(Op::kClip, {TRY(op.input(0))}, std::move(limits))));
}

Status leaky_relu(Translation& op) {
  TRY(op.expect(1, 1));
  Attributes attributes;
  attributes.set("alpha", TRY(op.options<wire::LeakyReluOptions>())->alpha());
  return op.write(TRY(op.step(Op::kLeakyRelu, {TRY(op.input(0))}, std::move(attributes))));
}

Status gelu(Translation& op) {
  TRY(op.expect(1, 1));
  const auto* options = op.maybe_options<wire::GeluOptions>();
  Attributes attributes;
  attributes.set("approximate", std::string(options != nullptr && options->approximate() ? "tanh" : "none"));
  return op.write(TRY(op.step(Op::kGelu, {TRY(op.input(0))}, std::move(attributes))));
}

Status reciprocal_root(Translation& op) {
  TRY(op.expect(1, 1));
  return op.write(TRY(op.step(Op::kReciprocal, {TRY(op.step(Op::kSqrt, {TRY(op.input(0))}))})));
}

Status square(Translation& op) {
  TRY(op.expect(1, 1));
  const ValueId x = TRY(op.input(0));
  return op.write(TRY(op.step(Op::kMul, {x, x})));
}

Status squared_difference(Translation& op) {
  TRY(op.expect(2, 2));
  const ValueId difference = TRY(op.step(Op::kSub, TRY(op.aligned_inputs())));
  return op.write(TRY(op.step(Op::kMul, {difference, difference})));
}

Status not_equal(Translation& op) {
  TRY(op.expect(2, 2));
  return op.write(TRY(op.step(Op::kNot, {TRY(op.step(Op::kEqual, TRY(op.aligned_inputs())))})));
}

Status floor_division(Translation& op) {
  TRY(op.expect(2, 2));
  return op.write(TRY(op.step(Op::kFloor, {TRY(op.step(Op::kDiv, TRY(op.aligned_inputs())))})));
}

Status select(Translation& op) {
  TRY(op.expect(3, 3));
  return op.write(TRY(op.step(Op::kWhere, TRY(op.aligned_inputs()))));
}

Status sum_of_all(Translation& op) {
  TRY(op.expect(1, kAnyCount));
  const std::vector<ValueId> parts = TRY(op.aligned_inputs());
  ValueId sum = parts[0];
  for (size_t i = 1; i < parts.size(); ++i) sum = TRY(op.step(Op::kAdd, {sum, parts[i]}));
  return op.write(sum);
}

// Types and codes change at every operator's ends anyhow: nothing is left to do here.
Status pass_on(Translation& op) {
  TRY(op.expect(1, 1));
  const ValueId x = TRY(op.input(0));
  return op.write(x);
}

Status cast(Translation& op) {
  TRY(op.expect(1, 1));
  Attributes attributes;
  attributes.set("to", std::string(dtype_name(TRY(op.output_dtype()))));
  return op.write(TRY(op.step(Op::kCast, {TRY(op.input(0))}, std::move(attributes))));
}

constexpr TranslatorRow kRows[] = {
    {Operation::ABS, unary<Op::kAbs>},
    {Operation::ADD, binary<Op::kAdd>},
    {Operation::ADD_N, sum_of_all},
    {Operation::CAST, cast},
    {Operation::CEIL, unary<Op::kCeil>},
    {Operation::COS, unary<Op::kCos>},
    {Operation::DEQUANTIZE, pass_on},
    {Operation::DIV, binary<Op::kDiv>},
    {Operation::ELU, unary<Op::kElu>},
    {Operation::EQUAL, binary<Op::kEqual>},
    {Operation::EXP, unary<Op::kExp>},
    {Operation::FAKE_QUANT, pass_on},
    {Operation::FLOOR, unary<Op::kFloor>},
    {Operation::FLOOR_DIV, floor_division},
    {Operation::FLOOR_MOD, binary<Op::kMod>},
    {Operation::GELU, gelu},
    {Operation::GREATER, binary<Op::kGreater>},
    {Operation::GREATER_EQUAL, binary<Op::kGreaterOrEqual>},
    {Operation::HARD_SWISH, unary<Op::kHardSwish>},
    {Operation::LEAKY_RELU, leaky_relu},
    {Operation::LESS, binary<Op::kLess>},
    {Operation::LESS_EQUAL, binary<Op::kLessOrEqual>},
    {Operation::LOG, unary<Op::kLog>},
    {Operation::LOGICAL_AND, binary<Op::kAnd>},
    {Operation::LOGICAL_NOT, unary<Op::kNot>},
    {Operation::LOGICAL_OR, binary<Op::kOr>},
    {Operation::LOGISTIC, unary<Op::kSigmoid>},
    {Operation::MAXIMUM, binary<Op::kMax>},
    {Operation::MINIMUM, binary<Op::kMin>},
    {Operation::MUL, binary<Op::kMul>},
    {Operation::NEG, unary<Op::kNeg>},
    {Operation::NOT_EQUAL, not_equal},
    {Operation::POW, binary<Op::kPow>},
    {Operation::PRELU, binary<Op::kPRelu>},
    {Operation::QUANTIZE, pass_on},
    {Operation::RELU, activation<wire::Activation::RELU>},
    {Operation::RELU6, activation<wire::Activation::RELU6>},
    {Operation::RELU_0_TO_1, relu_0_to_1},
    {Operation::RELU_N1_TO_1, activation<wire::Activation::RELU_N1_TO_1>},
    {Operation::ROUND, unary<Op::kRound>},
    {Operation::RSQRT, reciprocal_root},
    {Operation::SELECT, select},
    {Operation::SELECT_V2, select},
    {Operation::SIGN, unary<Op::kSign>},
    {Operation::SIN, unary<Op::kSin>},
    {Operation::SQRT, unary<Op::kSqrt>},
    {Operation::SQUARE, square},
    {Operation::SQUARED_DIFFERENCE, squared_difference},
    {Operation::SUB, binary<Op::kSub>},
    {Operation::TANH, activation<wire::Activation::TANH>},
};

}  // namespace

std::span<const TranslatorRow> elementwise_translators() { return kRows; }

}  // namespace sixtops::importer::tflite
