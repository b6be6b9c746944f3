// Functions of torch that are several operators here: logarithms of other bases, shrinkages, statistics, and others.
#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "importer/torchscript/operators.h"

namespace sixtops::importer::torchscript {
namespace {

using Kind = Value::Kind;

Result<Value> as_value(Result<ValueId> id) {
  if (!id.ok()) return id.status();
  return Value::of_tensor(*id);
}

ValueId number(Call& call, double value) { return call.add_constant(Tensor::scalar(static_cast<float>(value))); }

template <Op kOp>
Result<Value> unary(Call& call) {
  return call.write(kOp, {TRY(call.tensor(0))});
}

// log2, log10: log(x) / log(base)
Result<Value> logarithm(Call& call) {
  const double base = call.op() == "log2" ? 2 : 10;
  return call.write(Op::kMul, {TRY(call.step(Op::kLog, {TRY(call.tensor(0))})), number(call, 1 / std::log(base))});
}

Result<Value> log1p(Call& call) {
  return call.write(Op::kLog, {TRY(call.step(Op::kAdd, {TRY(call.tensor(0)), number(call, 1)}))});
}

Result<Value> expm1(Call& call) {
  return call.write(Op::kSub, {TRY(call.step(Op::kExp, {TRY(call.tensor(0))})), number(call, 1)});
}

Result<Value> erfc(Call& call) {
  return call.write(Op::kSub, {number(call, 1), TRY(call.step(Op::kErf, {TRY(call.tensor(0))}))});
}

Result<Value> log_sigmoid(Call& call) {
  const ValueId negative = TRY(call.step(Op::kNeg, {TRY(call.tensor(0))}));
  return call.write(Op::kNeg, {TRY(call.step(Op::kSoftplus, {negative}))});
}

Result<Value> logit(Call& call) {
  ValueId x = TRY(call.tensor(0));
  if (call.has(1, "eps")) {
    const auto margin = static_cast<float>(TRY(call.number(1, "eps")));
    Attributes limits = with("min", margin);
    limits.set("max", 1 - margin);
    x = TRY(call.step(Op::kClip, {x}, std::move(limits)));
  }
  const ValueId rest = TRY(call.step(Op::kSub, {number(call, 1), x}));
  return call.write(Op::kLog, {TRY(call.step(Op::kDiv, {x, rest}))});
}

Result<Value> shrink(Call& call) {
  const auto limit = static_cast<float>(TRY(call.number_or(1, 0.5)));
  Attributes attributes = with("lambd", limit);
  attributes.set("bias", call.op() == "softshrink" ? limit : 0.0F);
  return call.write(Op::kShrink, {TRY(call.tensor(0))}, std::move(attributes));
}

// input, threshold, value
Result<Value> threshold(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const ValueId above = TRY(call.step(Op::kGreater, {x, number(call, TRY(call.number(1)))}));
  return call.write(Op::kWhere, {above, x, number(call, TRY(call.number(2)))});
}

Result<Value> truncate(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const ValueId size = TRY(call.step(Op::kFloor, {TRY(call.step(Op::kAbs, {x}))}));
  return call.write(Op::kMul, {TRY(call.step(Op::kSign, {x})), size});
}

Result<Value> fmod(Call& call) {
  return call.write(Op::kMod, {TRY(call.tensor(0)), TRY(call.tensor(1))}, with("fmod", int64_t{1}));
}

// start, end, weight
Result<Value> interpolate(Call& call) {
  const ValueId start = TRY(call.tensor(0));
  const ValueId way = TRY(call.step(Op::kSub, {TRY(call.tensor(1)), start}));
  return call.write(Op::kAdd, {start, TRY(call.step(Op::kMul, {way, TRY(call.tensor(2))}))});
}

Result<Value> gated_linear_unit(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const int64_t axis = call.has(1) ? TRY(call.axis(1, x)) : static_cast<int64_t>(TRY(call.shape(x)).size()) - 1;
  const std::vector<ValueId> halves = TRY(call.step_with_outputs(Op::kSplit, {x}, with("axis", axis), 2));
  return call.write(Op::kMul, {halves[0], TRY(call.step(Op::kSigmoid, {halves[1]}))});
}

// Of truth values only: bits of numbers are nothing that networks look at.
template <Op kOp>
Result<Value> logical(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  if (call.dtype(x) != DType::kBool) return unsupported("bits of {}", dtype_name(call.dtype(x)));
  if (kOp == Op::kNot) return call.write(kOp, {x});
  return call.write(kOp, {x, TRY(call.tensor(1))});
}

// input, axes, unbiased, keep; or input, unbiased
Result<Value> variance(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const Shape shape = TRY(call.shape(x));
  const bool has_axes = call.has(1, "dim") && !call.value(1, "dim").is(Kind::kBool);
  Ints axes = has_axes ? TRY(call.ints(1, "dim")) : Ints{};
  if (axes.empty()) {
    for (size_t axis = 0; axis < shape.size(); ++axis) axes.push_back(static_cast<int64_t>(axis));
  }
  const bool unbiased = TRY(call.boolean_or(has_axes ? 2 : 1, true));
  const bool keeps = has_axes && TRY(call.boolean_or(3, false, "keepdim"));
  int64_t count = 1;
  for (const int64_t axis : axes) {
    count *= shape[static_cast<size_t>(TRY(normalize_axis(axis, static_cast<int>(shape.size()))))];
  }
  Attributes kept = with("axes", axes);
  kept.set("keepdims", int64_t{1});
  const ValueId distance = TRY(call.step(Op::kSub, {x, TRY(call.step(Op::kReduceMean, {x}, kept))}));
  kept.set("keepdims", int64_t{keeps});
  const ValueId sum = TRY(call.step(Op::kReduceSumSquare, {distance}, kept));
  const auto divisor = static_cast<double>(unbiased ? std::max<int64_t>(count - 1, 1) : count);
  const ValueId result = TRY(call.step(Op::kMul, {sum, number(call, 1 / divisor)}));
  return call.op() == "std" ? call.write(Op::kSqrt, {result}) : Value::of_tensor(result);
}

// input, axis, keep; or of all
template <Op kOp>
Result<Value> reduce(Call& call) {
  Attributes attributes;
  const bool has_axes = call.has(1) && (call.value(1).is(Kind::kList) || call.count() >= 3);
  if (has_axes) attributes.set("axes", TRY(call.ints(1)));
  attributes.set("keepdims", int64_t{has_axes && TRY(call.boolean_or(2, false))});
  return call.write(kOp, {TRY(call.tensor(0))}, std::move(attributes));
}

// any, all: the largest and the least of 0 and 1.
template <Op kOp>
Result<Value> quantifier(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const ValueId bits = TRY(call.step(Op::kCast, {x}, with("to", std::string("i32"))));
  Attributes attributes;
  if (call.has(1)) attributes.set("axes", TRY(call.ints(1)));
  attributes.set("keepdims", int64_t{call.has(1) && TRY(call.boolean_or(2, false))});
  const ValueId found = TRY(call.step(kOp, {bits}, std::move(attributes)));
  return call.write(Op::kCast, {found}, with("to", std::string("bool")));
}

// input, axis, descending
Result<Value> sort(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const Shape shape = TRY(call.shape(x));
  if (shape.empty()) return unsupported("a tensor without axes");
  const int64_t axis = call.has(1, "dim") ? TRY(call.axis(1, x, "dim")) : static_cast<int64_t>(shape.size()) - 1;
  Attributes attributes = with("k", shape[static_cast<size_t>(axis)]);
  attributes.set("axis", axis);
  attributes.set("largest", int64_t{TRY(call.boolean_or(2, false, "descending"))});
  const std::vector<ValueId> sorted = TRY(call.step_with_outputs(Op::kTopK, {x}, std::move(attributes), 2));
  return Value::of_items(Kind::kTuple, {Value::of_tensor(sorted[0]), Value::of_tensor(sorted[1])});
}

Result<Value> triangle(Call& call) {
  Attributes attributes = with("upper", int64_t{call.op() == "triu"});
  attributes.set("k", TRY(call.integer_or(1, 0)));
  return call.write(Op::kTrilu, {TRY(call.tensor(0))}, std::move(attributes));
}

Result<Value> outer(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const Shape shape = TRY(call.shape(x));
  if (shape.size() != 1) return unsupported("an outer product of shape {}", shape_text(shape));
  return call.write(Op::kMul, {TRY(call.reshape(x, {shape[0], 1})), TRY(call.tensor(1))});
}

// input, a, b, beta, alpha: beta · input + alpha · a · b
Result<Value> batched_product(Call& call) {
  ValueId added = TRY(call.tensor(0));
  ValueId product = TRY(call.step(Op::kMatMul, {TRY(call.tensor(1)), TRY(call.tensor(2))}));
  const double beta = TRY(call.number_or(3, 1, "beta"));
  const double alpha = TRY(call.number_or(4, 1, "alpha"));
  if (beta != 1) added = TRY(call.step(Op::kMul, {added, number(call, beta)}));
  if (alpha != 1) product = TRY(call.step(Op::kMul, {product, number(call, alpha)}));
  return call.write(Op::kAdd, {added, product});
}

// a, b, axis, epsilon: Σ a·b / (max(|a|, ε) · max(|b|, ε))
Result<Value> cosine_similarity(Call& call) {
  const ValueId a = TRY(call.tensor(0));
  const ValueId b = TRY(call.tensor(1));
  const auto epsilon = static_cast<float>(TRY(call.number_or(3, 1e-8)));
  Attributes axes = with("axes", Ints{TRY(call.integer_or(2, 1))});
  axes.set("keepdims", int64_t{0});
  const auto length = [&](ValueId x) -> Result<ValueId> {
    return call.step(Op::kClip, {TRY(call.step(Op::kReduceL2, {x}, axes))}, with("min", epsilon));
  };
  const ValueId dot = TRY(call.step(Op::kReduceSum, {TRY(call.step(Op::kMul, {a, b}))}, axes));
  return call.write(Op::kDiv, {dot, TRY(call.step(Op::kMul, {TRY(length(a)), TRY(length(b))}))});
}

// input, axis, sizes
Result<Value> unflatten(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  Shape shape = TRY(call.shape(x));
  const int64_t axis = TRY(call.axis(1, x));
  Ints sizes = TRY(call.ints(2));
  if (shape.empty()) return unsupported("a tensor without axes");
  const auto at = shape.begin() + axis;
  int64_t known = 1;
  for (const int64_t size : sizes) known *= size > 0 ? size : 1;
  for (int64_t& size : sizes) {
    if (size < 0 && known > 0) size = *at / known;
  }
  const auto place = shape.erase(at);
  shape.insert(place, sizes.begin(), sizes.end());
  return as_value(call.reshape(x, std::move(shape)));
}

// Axes of one place to another.
Result<Value> move_axes(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  const auto rank = static_cast<int>(TRY(call.shape(x)).size());
  const Ints from = TRY(call.ints(1));
  const Ints to = TRY(call.ints(2));
  if (from.size() != to.size()) return invalid_data("{} axes to {} places", from.size(), to.size());
  Ints perm(static_cast<size_t>(rank), -1);
  std::vector<bool> used(static_cast<size_t>(rank), false);
  for (size_t i = 0; i < from.size(); ++i) {
    const auto source = static_cast<size_t>(TRY(normalize_axis(from[i], rank)));
    perm[static_cast<size_t>(TRY(normalize_axis(to[i], rank)))] = static_cast<int64_t>(source);
    used[source] = true;
  }
  size_t next = 0;
  for (int64_t& axis : perm) {
    if (axis >= 0) continue;
    while (next < used.size() && used[next]) ++next;
    if (next == used.size()) return invalid_data("an axis is named twice");
    axis = static_cast<int64_t>(next++);
  }
  return as_value(call.transpose(x, std::move(perm)));
}

constexpr OperatorRow kRows[] = {
    {"__and__", logical<Op::kAnd>},
    {"__or__", logical<Op::kOr>},
    {"acos", unary<Op::kAcos>},
    {"acosh", unary<Op::kAcosh>},
    {"all", quantifier<Op::kReduceMin>},
    {"any", quantifier<Op::kReduceMax>},
    {"asin", unary<Op::kAsin>},
    {"asinh", unary<Op::kAsinh>},
    {"atanh", unary<Op::kAtanh>},
    {"baddbmm", batched_product},
    {"bitwise_and", logical<Op::kAnd>},
    {"bitwise_not", logical<Op::kNot>},
    {"bitwise_or", logical<Op::kOr>},
    {"cosh", unary<Op::kCosh>},
    {"cosine_similarity", cosine_similarity},
    {"erfc", erfc},
    {"expm1", expm1},
    {"fmod", fmod},
    {"frobenius_norm", reduce<Op::kReduceL2>},
    {"glu", gated_linear_unit},
    {"hardshrink", shrink},
    {"lerp", interpolate},
    {"log10", logarithm},
    {"log1p", log1p},
    {"log2", logarithm},
    {"log_sigmoid", log_sigmoid},
    {"logit", logit},
    {"logsumexp", reduce<Op::kReduceLogSumExp>},
    {"movedim", move_axes},
    {"outer", outer},
    {"prod", reduce<Op::kReduceProd>},
    {"sinh", unary<Op::kSinh>},
    {"softshrink", shrink},
    {"sort", sort},
    {"std", variance},
    {"tan", unary<Op::kTan>},
    {"threshold", threshold},
    {"tril", triangle},
    {"triu", triangle},
    {"trunc", truncate},
    {"unflatten", unflatten},
    {"var", variance},
};

}  // namespace

std::span<const OperatorRow> special_functions() { return kRows; }

}  // namespace sixtops::importer::torchscript
