#include <cmath>

#include "base/error.h"
#include "importer/torchscript/operators.h"

namespace sixtops::importer::torchscript {
namespace {

using Kind = Value::Kind;

template <Op kOp>
Result<Value> unary(Call& call) {
  return call.write(kOp, {TRY(call.tensor(0))});
}

template <Op kOp>
Result<Value> binary(Call& call) {
  return call.write(kOp, {TRY(call.tensor(0)), TRY(call.tensor(1))});
}

bool are_numbers(const Call& call) { return call.value(0).is_number() && call.value(1).is_number(); }

// Numbers stay numbers: sizes are computed while the code is followed.
template <typename OnInts, typename OnFloats>
Result<Value> compute(const Call& call, OnInts on_ints, OnFloats on_floats) {
  const Value& a = call.value(0);
  const Value& b = call.value(1);
  if (a.is(Kind::kFloat) || b.is(Kind::kFloat)) return Value::of_float(on_floats(a.as_double(), b.as_double()));
  int64_t result = 0;
  if (!on_ints(a.integer, b.integer, result)) return invalid_data("{} of {} and {}", call.op(), a.integer, b.integer);
  return Value::of_int(result);
}

int64_t floor_quotient(int64_t a, int64_t b) { return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0); }

bool divides(int64_t a, int64_t b) { return b != 0 && !(a == INT64_MIN && b == -1); }

// The operand types that torch would promote to. Integer tensors beside a float become floats.
Status promote(Call& call, ValueId& a, ValueId& b) {
  for (auto [to, from] : {std::pair{&a, b}, std::pair{&b, a}}) {
    const DType own = call.dtype(*to);
    const DType other = call.dtype(from);
    if (own == other || is_float(own)) continue;
    if (is_float(other) || own == DType::kBool || (own == DType::kI32 && other == DType::kI64)) {
      *to = TRY(call.step(Op::kCast, {*to}, with("to", std::string(dtype_name(other)))));
    }
  }
  // A Python number does not widen a tensor.
  for (auto [to, from] : {std::pair{&a, b}, std::pair{&b, a}}) {
    if (call.dtype(*to) == call.dtype(from) || call.constant(*to) == nullptr) continue;
    *to = call.add_constant(TRY(cast(*call.constant(*to), call.dtype(from))));
  }
  return {};
}

template <Op kOp>
Result<Value> arithmetic(Call& call) {
  ValueId a = TRY(call.tensor(0));
  ValueId b = TRY(call.tensor(1));
  TRY(promote(call, a, b));
  return call.write(kOp, {a, b});
}

// alpha · b, where there is such an argument.
Result<ValueId> scaled_operand(Call& call, ValueId b) {
  const double alpha = TRY(call.number_or(2, 1, "alpha"));
  if (alpha == 1) return b;
  const ValueId factor = call.add_constant(TRY(cast(Tensor::scalar(static_cast<float>(alpha)), call.dtype(b))));
  return call.step(Op::kMul, {b, factor});
}

Result<Value> add(Call& call) {
  if (are_numbers(call)) {
    return compute(
        call, [](int64_t a, int64_t b, int64_t& r) { return !__builtin_add_overflow(a, b, &r); },
        [](double a, double b) { return a + b; });
  }
  ValueId a = TRY(call.tensor(0));
  ValueId b = TRY(scaled_operand(call, TRY(call.tensor(1))));
  TRY(promote(call, a, b));
  return call.write(Op::kAdd, {a, b});
}

Result<Value> subtract(Call& call) {
  if (are_numbers(call)) {
    return compute(
        call, [](int64_t a, int64_t b, int64_t& r) { return !__builtin_sub_overflow(a, b, &r); },
        [](double a, double b) { return a - b; });
  }
  ValueId a = TRY(call.tensor(0));
  ValueId b = TRY(scaled_operand(call, TRY(call.tensor(1))));
  TRY(promote(call, a, b));
  return call.op() == "rsub" ? call.write(Op::kSub, {b, a}) : call.write(Op::kSub, {a, b});
}

Result<Value> multiply(Call& call) {
  if (are_numbers(call)) {
    return compute(
        call, [](int64_t a, int64_t b, int64_t& r) { return !__builtin_mul_overflow(a, b, &r); },
        [](double a, double b) { return a * b; });
  }
  return arithmetic<Op::kMul>(call);
}

Result<Value> floor_divide(Call& call) {
  if (are_numbers(call)) {
    return compute(
        call,
        [](int64_t a, int64_t b, int64_t& r) {
          if (!divides(a, b)) return false;
          r = floor_quotient(a, b);
          return true;
        },
        [](double a, double b) { return std::floor(a / b); });
  }
  const Value quotient = TRY(arithmetic<Op::kDiv>(call));
  if (!is_float(call.dtype(quotient.tensor))) return quotient;
  return call.write(Op::kFloor, {quotient.tensor});
}

Result<Value> divide(Call& call) {
  const std::string rounding = TRY(call.text_or(2, "", "rounding_mode"));
  if (rounding == "floor" || (rounding == "trunc" && are_numbers(call))) return floor_divide(call);
  if (!rounding.empty()) return unsupported("rounding mode '{}'", rounding);
  if (are_numbers(call)) return Value::of_float(call.value(0).as_double() / call.value(1).as_double());
  return arithmetic<Op::kDiv>(call);
}

Result<Value> remainder(Call& call) {
  if (are_numbers(call)) {
    return compute(
        call,
        [](int64_t a, int64_t b, int64_t& r) {
          if (!divides(a, b)) return false;
          r = a - floor_quotient(a, b) * b;
          return true;
        },
        [](double a, double b) { return a - std::floor(a / b) * b; });
  }
  return arithmetic<Op::kMod>(call);
}

Result<Value> negate(Call& call) {
  if (call.value(0).is(Kind::kInt)) return Value::of_int(-call.value(0).integer);
  return unary<Op::kNeg>(call);
}

Result<Value> not_equal(Call& call) { return call.write(Op::kNot, {TRY(arithmetic<Op::kEqual>(call)).tensor}); }

Result<Value> reciprocal_root(Call& call) {
  return call.write(Op::kReciprocal, {TRY(call.step(Op::kSqrt, {TRY(call.tensor(0))}))});
}

Result<Value> square(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  return call.write(Op::kMul, {x, x});
}

Result<Value> clip(Call& call, bool has_least, double least, bool has_most, double most) {
  Attributes limits;
  if (has_least) limits.set("min", static_cast<float>(least));
  if (has_most) limits.set("max", static_cast<float>(most));
  return call.write(Op::kClip, {TRY(call.tensor(0))}, std::move(limits));
}

Result<Value> clamp(Call& call) {
  return clip(call, call.has(1, "min"), TRY(call.number_or(1, 0, "min")), call.has(2, "max"),
              TRY(call.number_or(2, 0, "max")));
}
Result<Value> clamp_min(Call& call) { return clip(call, true, TRY(call.number(1)), false, 0); }
Result<Value> clamp_max(Call& call) { return clip(call, false, 0, true, TRY(call.number(1))); }
Result<Value> relu6(Call& call) { return clip(call, true, 0, true, 6); }
Result<Value> hardtanh(Call& call) {
  return clip(call, true, TRY(call.number_or(1, -1)), true, TRY(call.number_or(2, 1)));
}

Result<Value> leaky_relu(Call& call) {
  const auto slope = static_cast<float>(TRY(call.number_or(1, 0.01)));
  return call.write(Op::kLeakyRelu, {TRY(call.tensor(0))}, with("alpha", slope));
}

Result<Value> elu(Call& call) {
  if (TRY(call.number_or(2, 1)) != 1 || TRY(call.number_or(3, 1)) != 1) return unsupported("an ELU with scales");
  return call.write(Op::kElu, {TRY(call.tensor(0))}, with("alpha", static_cast<float>(TRY(call.number_or(1, 1)))));
}

Result<Value> celu(Call& call) {
  return call.write(Op::kCelu, {TRY(call.tensor(0))}, with("alpha", static_cast<float>(TRY(call.number_or(1, 1)))));
}

Result<Value> gelu(Call& call) {
  const std::string form = TRY(call.text_or(1, "none", "approximate"));
  return call.write(Op::kGelu, {TRY(call.tensor(0))}, with("approximate", form));
}

Result<Value> hardsigmoid(Call& call) {
  return call.write(Op::kHardSigmoid, {TRY(call.tensor(0))}, with("alpha", 1.0F / 6));
}

Result<Value> softplus(Call& call) {
  const auto beta = static_cast<float>(TRY(call.number_or(1, 1)));
  if (beta == 1) return unary<Op::kSoftplus>(call);
  const ValueId factor = call.add_constant(Tensor::scalar(beta));
  const ValueId stretched = TRY(call.step(Op::kMul, {TRY(call.tensor(0)), factor}));
  return call.write(Op::kDiv, {TRY(call.step(Op::kSoftplus, {stretched})), factor});
}

// One slope, or one a channel.
Result<Value> prelu(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  ValueId slope = TRY(call.tensor(1));
  const Shape own = TRY(call.shape(slope));
  const size_t rank = TRY(call.shape(x)).size();
  if (own.size() == 1 && own[0] != 1 && rank > 2) {
    Shape shape(rank - 1, 1);
    shape[0] = own[0];
    slope = TRY(call.reshape(slope, std::move(shape)));
  }
  return call.write(Op::kPRelu, {x, slope});
}

Result<Value> where(Call& call) {
  ValueId a = TRY(call.tensor(1));
  ValueId b = TRY(call.tensor(2));
  TRY(promote(call, a, b));
  return call.write(Op::kWhere, {TRY(call.tensor(0)), a, b});
}

Result<Value> masked_fill(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const ValueId value =
      call.add_constant(TRY(cast(Tensor::scalar(static_cast<float>(TRY(call.number(2)))), call.dtype(x))));
  return call.write(Op::kWhere, {TRY(call.tensor(1)), value, x});
}

// input + value · a · b, or a / b
Result<Value> add_product(Call& call) {
  const Op op = call.op() == "addcmul" ? Op::kMul : Op::kDiv;
  ValueId product = TRY(call.step(op, {TRY(call.tensor(1)), TRY(call.tensor(2))}));
  const double factor = TRY(call.number_or(3, 1, "value"));
  if (factor != 1) {
    product = TRY(call.step(Op::kMul, {product, call.add_constant(Tensor::scalar(static_cast<float>(factor)))}));
  }
  return call.write(Op::kAdd, {TRY(call.tensor(0)), product});
}

constexpr OperatorRow kRows[] = {
    {"abs", unary<Op::kAbs>},
    {"add", add},
    {"addcdiv", add_product},
    {"addcmul", add_product},
    {"atan", unary<Op::kAtan>},
    {"ceil", unary<Op::kCeil>},
    {"celu", celu},
    {"clamp", clamp},
    {"clamp_max", clamp_max},
    {"clamp_min", clamp_min},
    {"clip", clamp},
    {"cos", unary<Op::kCos>},
    {"div", divide},
    {"divide", divide},
    {"elu", elu},
    {"eq", arithmetic<Op::kEqual>},
    {"erf", unary<Op::kErf>},
    {"exp", unary<Op::kExp>},
    {"floor", unary<Op::kFloor>},
    {"floor_divide", floor_divide},
    {"floordiv", floor_divide},
    {"ge", arithmetic<Op::kGreaterOrEqual>},
    {"gelu", gelu},
    {"gt", arithmetic<Op::kGreater>},
    {"hardsigmoid", hardsigmoid},
    {"hardswish", unary<Op::kHardSwish>},
    {"hardtanh", hardtanh},
    {"le", arithmetic<Op::kLessOrEqual>},
    {"leaky_relu", leaky_relu},
    {"log", unary<Op::kLog>},
    {"logical_and", binary<Op::kAnd>},
    {"logical_not", unary<Op::kNot>},
    {"logical_or", binary<Op::kOr>},
    {"lt", arithmetic<Op::kLess>},
    {"masked_fill", masked_fill},
    {"maximum", arithmetic<Op::kMax>},
    {"minimum", arithmetic<Op::kMin>},
    {"mish", unary<Op::kMish>},
    {"mul", multiply},
    {"multiply", multiply},
    {"ne", not_equal},
    {"neg", negate},
    {"pow", arithmetic<Op::kPow>},
    {"prelu", prelu},
    {"reciprocal", unary<Op::kReciprocal>},
    {"relu", unary<Op::kRelu>},
    {"relu6", relu6},
    {"remainder", remainder},
    {"round", unary<Op::kRound>},
    {"rsqrt", reciprocal_root},
    {"rsub", subtract},
    {"selu", unary<Op::kSelu>},
    {"sigmoid", unary<Op::kSigmoid>},
    {"sign", unary<Op::kSign>},
    {"silu", unary<Op::kSilu>},
    {"sin", unary<Op::kSin>},
    {"softplus", softplus},
    {"softsign", unary<Op::kSoftsign>},
    {"sqrt", unary<Op::kSqrt>},
    {"square", square},
    {"sub", subtract},
    {"tanh", unary<Op::kTanh>},
    {"where", where},
};

}  // namespace

std::span<const OperatorRow> elementwise_operators() { return kRows; }

}  // namespace sixtops::importer::torchscript
