#include "base/error.h"
#include "importer/torchscript/operators.h"

namespace sixtops::importer::torchscript {
namespace {

using Kind = Value::Kind;

// input, axes, keep
template <Op kOp>
Result<Value> reduce(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  Attributes attributes;
  // Without axes the second argument is an element type.
  const bool has_axes = call.has(1, "dim") && (!call.value(1).is(Kind::kInt) || call.count() >= 3);
  Ints axes = has_axes ? TRY(call.ints(1, "dim")) : Ints{};
  const bool keeps = has_axes && TRY(call.boolean_or(2, false, "keepdim"));
  if (kOp == Op::kReduceMean && TRY(call.shape(x)).size() == 4 && keeps &&
      (axes == Ints{2, 3} || axes == Ints{-2, -1} || axes == Ints{-1, -2})) {
    return call.write(Op::kGlobalAveragePool, {x});
  }
  if (!axes.empty()) attributes.set("axes", std::move(axes));
  attributes.set("keepdims", int64_t{keeps});
  return call.write(kOp, {x}, std::move(attributes));
}

// Of all, of two tensors, or along an axis: values and their places.
template <Op kReduce, Op kArg, Op kBinary>
Result<Value> extreme(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  if (!call.has(1)) return call.write(kReduce, {x}, with("keepdims", int64_t{0}));
  if (call.value(1).is(Kind::kTensor)) return call.write(kBinary, {x, TRY(call.tensor(1))});
  const int64_t axis = TRY(call.axis(1, x));
  const int64_t keeps = TRY(call.boolean_or(2, false)) ? 1 : 0;
  Attributes of_values = with("axes", Ints{axis});
  of_values.set("keepdims", keeps);
  Attributes of_places = with("axis", axis);
  of_places.set("keepdims", keeps);
  return Value::of_items(Kind::kTuple, {TRY(call.write(kReduce, {x}, std::move(of_values))),
                                        TRY(call.write(kArg, {x}, std::move(of_places)))});
}

template <Op kOp>
Result<Value> find_extreme(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  if (!call.has(1)) return unsupported("the place of the extreme of a whole tensor");
  Attributes attributes = with("axis", TRY(call.axis(1, x)));
  attributes.set("keepdims", int64_t{TRY(call.boolean_or(2, false))});
  return call.write(kOp, {x}, std::move(attributes));
}

template <Op kOp>
Result<Value> along_axis(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  return call.write(kOp, {x}, with("axis", TRY(call.axis(1, x))));
}

// input, k, axis, largest, sorted
Result<Value> topk(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  Attributes attributes = with("k", TRY(call.integer(1)));
  attributes.set("axis", TRY(call.integer_or(2, -1)));
  attributes.set("largest", int64_t{TRY(call.boolean_or(3, true))});
  const std::vector<ValueId> found = TRY(call.step_with_outputs(Op::kTopK, {x}, std::move(attributes), 2));
  return Value::of_items(Kind::kTuple, {Value::of_tensor(found[0]), Value::of_tensor(found[1])});
}

// input, order, axes, keep
Result<Value> norm(Call& call) {
  const double order = TRY(call.number_or(1, 2));
  if (order != 1 && order != 2) return unsupported("a norm of order {}", order);
  Attributes attributes;
  if (call.has(2)) attributes.set("axes", TRY(call.ints(2)));
  attributes.set("keepdims", int64_t{TRY(call.boolean_or(3, false))});
  return call.write(order == 1 ? Op::kReduceL1 : Op::kReduceL2, {TRY(call.tensor(0))}, std::move(attributes));
}

Result<Value> cumulative_sum(Call& call) {
  const ValueId x = TRY(call.tensor(0));
  return call.write(Op::kCumSum, {x}, with("axis", TRY(call.axis(1, x))));
}

constexpr OperatorRow kRows[] = {
    {"amax", reduce<Op::kReduceMax>},
    {"amin", reduce<Op::kReduceMin>},
    {"argmax", find_extreme<Op::kArgMax>},
    {"argmin", find_extreme<Op::kArgMin>},
    {"cumsum", cumulative_sum},
    {"linalg_vector_norm", norm},
    {"log_softmax", along_axis<Op::kLogSoftmax>},
    {"max", extreme<Op::kReduceMax, Op::kArgMax, Op::kMax>},
    {"mean", reduce<Op::kReduceMean>},
    {"min", extreme<Op::kReduceMin, Op::kArgMin, Op::kMin>},
    {"norm", norm},
    {"softmax", along_axis<Op::kSoftmax>},
    {"sum", reduce<Op::kReduceSum>},
    {"topk", topk},
};

}  // namespace

std::span<const OperatorRow> reduction_operators() { return kRows; }

}  // namespace sixtops::importer::torchscript
