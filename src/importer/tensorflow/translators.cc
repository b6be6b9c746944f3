// The translator table, and the operators that need no more than a few lines.
#include <unordered_map>

#include "base/error.h"
#include "importer/tensorflow/families.h"
#include "importer/tensorflow/tensor.h"

namespace sixtops::importer::tensorflow {
namespace {

template <Op kOp>
Status unary(Translation& node) {
  return node.write(TRY(node.step(kOp, {TRY(node.input(0))})));
}

template <Op kOp>
Status binary(Translation& node) {
  return node.write(TRY(node.step(kOp, TRY(node.aligned_inputs(2)))));
}

Status activation(Translation& node) { return node.write(TRY(node.activate(TRY(node.input(0)), node.type(), 1))); }

Status pass_on(Translation& node) { return node.write(TRY(node.input(0))); }

// Nobody reads the running statistics of a network that only runs.
Status identity_of_all(Translation& node) {
  for (size_t i = 0; i < node.input_count(); ++i) TRY(node.write(TRY(node.input(i)), i));
  return {};
}

Status reciprocal_root(Translation& node) {
  return node.write(TRY(node.step(Op::kReciprocal, {TRY(node.step(Op::kSqrt, {TRY(node.input(0))}))})));
}

Status square(Translation& node) {
  const ValueId x = TRY(node.input(0));
  return node.write(TRY(node.step(Op::kMul, {x, x})));
}

Status squared_difference(Translation& node) {
  const ValueId difference = TRY(node.step(Op::kSub, TRY(node.aligned_inputs(2))));
  return node.write(TRY(node.step(Op::kMul, {difference, difference})));
}

// Integers: the quotient of truncation is the floor where both are positive, as sizes and indices are.
Status floor_division(Translation& node) {
  const ValueId quotient = TRY(node.step(Op::kDiv, TRY(node.aligned_inputs(2))));
  if (!is_float(node.dtype(quotient))) return node.write(quotient);
  return node.write(TRY(node.step(Op::kFloor, {quotient})));
}

Status not_equal(Translation& node) {
  return node.write(TRY(node.step(Op::kNot, {TRY(node.step(Op::kEqual, TRY(node.aligned_inputs(2))))})));
}

Status sum_of_all(Translation& node) {
  const std::vector<ValueId> parts = TRY(node.aligned_inputs(node.input_count()));
  if (parts.empty()) return invalid_data("it reads nothing");
  ValueId sum = parts[0];
  for (size_t i = 1; i < parts.size(); ++i) sum = TRY(node.step(Op::kAdd, {sum, parts[i]}));
  return node.write(sum);
}

Status select(Translation& node) { return node.write(TRY(node.step(Op::kWhere, TRY(node.aligned_inputs(3))))); }

Status cast(Translation& node) {
  const DType dtype = TRY(element_type(node.get_int("DstT", 1)));
  return node.write(TRY(node.step(Op::kCast, {TRY(node.input(0))}, with("to", std::string(dtype_name(dtype))))));
}

constexpr TranslatorRow kRows[] = {
    {"Abs", unary<Op::kAbs>},
    {"Add", binary<Op::kAdd>},
    {"AddN", sum_of_all},
    {"AddV2", binary<Op::kAdd>},
    {"BiasAdd", binary<Op::kAdd>},
    {"Cast", cast},
    {"Ceil", unary<Op::kCeil>},
    {"CheckNumerics", pass_on},
    {"Elu", activation},
    {"Equal", binary<Op::kEqual>},
    {"Erf", unary<Op::kErf>},
    {"Exp", unary<Op::kExp>},
    {"Floor", unary<Op::kFloor>},
    {"FloorDiv", floor_division},
    {"FloorMod", binary<Op::kMod>},
    {"Greater", binary<Op::kGreater>},
    {"GreaterEqual", binary<Op::kGreaterOrEqual>},
    {"Identity", pass_on},
    {"IdentityN", identity_of_all},
    {"LeakyRelu", activation},
    {"Less", binary<Op::kLess>},
    {"LessEqual", binary<Op::kLessOrEqual>},
    {"Log", unary<Op::kLog>},
    {"LogicalAnd", binary<Op::kAnd>},
    {"LogicalNot", unary<Op::kNot>},
    {"LogicalOr", binary<Op::kOr>},
    {"Maximum", binary<Op::kMax>},
    {"Minimum", binary<Op::kMin>},
    {"Mul", binary<Op::kMul>},
    {"Neg", unary<Op::kNeg>},
    {"NotEqual", not_equal},
    {"PlaceholderWithDefault", pass_on},
    {"Pow", binary<Op::kPow>},
    {"PreventGradient", pass_on},
    {"RealDiv", binary<Op::kDiv>},
    {"Relu", activation},
    {"Relu6", activation},
    {"Round", unary<Op::kRound>},
    {"Rsqrt", reciprocal_root},
    {"Select", select},
    {"SelectV2", select},
    {"Selu", unary<Op::kSelu>},
    {"Sigmoid", activation},
    {"Sign", unary<Op::kSign>},
    {"Snapshot", pass_on},
    {"Softplus", unary<Op::kSoftplus>},
    {"Sqrt", unary<Op::kSqrt>},
    {"Square", square},
    {"SquaredDifference", squared_difference},
    {"StopGradient", pass_on},
    {"Sub", binary<Op::kSub>},
    {"Tanh", activation},
};

using Table = std::unordered_map<std::string_view, Translator>;

const Table& table() {
  static const Table by_type = [] {
    Table result;
    for (const TranslatorRow& row : kRows) result.emplace(row.type, row.translate);
    for (const TranslatorRow& row : layer_translators()) result.emplace(row.type, row.translate);
    for (const TranslatorRow& row : movement_translators()) result.emplace(row.type, row.translate);
    return result;
  }();
  return by_type;
}

}  // namespace

Translator find_translator(std::string_view type) {
  const auto found = table().find(type);
  return found == table().end() ? nullptr : found->second;
}

std::vector<std::string> translated_types() {
  std::vector<std::string> types;
  for (const auto& [type, translate] : table()) types.emplace_back(type);
  return types;
}

}  // namespace sixtops::importer::tensorflow
