#include <limits>
#include <unordered_map>

#include "graph/op.h"
#include "graph/shape.h"

namespace sixtops {
namespace {

// Bounds that keep products of a few of them inside 64 bits.
constexpr double kMaxExtent = 1 << 24;
constexpr double kMaxCount = 1LL << 40;
constexpr double kAny = std::numeric_limits<double>::infinity();
constexpr double kAnyInt = 0x1p63;
constexpr double kMinInt32 = std::numeric_limits<int32_t>::min();
constexpr double kMaxInt32 = std::numeric_limits<int32_t>::max();
constexpr std::string_view kDTypeNames = "|f32|f64|f16|bf16|i8|u8|i16|u16|i32|u32|i64|u64|bool";

Field Int(std::string_view name, int64_t value, double min, double max) {
  return {name, FieldType::kInt, value, min, max, {}};
}
Field Float(std::string_view name, float value, double min, double max) {
  return {name, FieldType::kFloat, value, min, max, {}};
}
Field Text(std::string_view name, std::string value, std::string_view choices) {
  return {name, FieldType::kText, std::move(value), 0, 0, choices};
}
Field Ints(std::string_view name, sixtops::Ints value, double min, double max) {
  return {name, FieldType::kInts, std::move(value), min, max, {}};
}
Field MaybeInt(std::string_view name, double min, double max) { return {name, FieldType::kInt, {}, min, max, {}}; }
Field MaybeFloat(std::string_view name, double min, double max) { return {name, FieldType::kFloat, {}, min, max, {}}; }
Field MaybeInts(std::string_view name, double min, double max) { return {name, FieldType::kInts, {}, min, max, {}}; }
Field MaybeFloats(std::string_view name, double min, double max) {
  return {name, FieldType::kFloats, {}, min, max, {}};
}
Field required(Field field) {
  field.required = true;
  return field;
}
Field RequiredInt(std::string_view name, double min, double max) { return required(MaybeInt(name, min, max)); }
Field RequiredInts(std::string_view name, double min, double max) { return required(MaybeInts(name, min, max)); }
Field RequiredText(std::string_view name) { return required({name, FieldType::kText, {}, 0, 0, {}}); }

Arity Inputs(int min, int max) { return {min, max}; }
Arity Inputs(int count) { return {count, count}; }
Arity Outputs(int min, int max) { return {min, max}; }
Arity Outputs(int count) { return {count, count}; }

// Spatial windows. Empty lists mean 1 (strides, dilations) or 0 (pads) an axis; kernel_shape empty: from the weights.
// clang-format off
#define kWindowFields \
  Text("auto_pad", "NOTSET", "NOTSET|SAME_UPPER|SAME_LOWER|VALID"), Ints("kernel_shape", {}, 1, kMaxExtent), \
  Ints("strides", {}, 1, kMaxExtent), Ints("pads", {}, 0, kMaxExtent), Ints("dilations", {}, 1, kMaxExtent)
// C[c] (one or one a channel), s, and the zero point added last; an empty multiplier says that the node is float.
#define kRequantizeFields \
  Ints("multiplier", {}, -32768, 32767), Int("shift", 0, 0, 31), Int("output_zero_point", 0, -128, 127)
#define kWeightedFields \
  Ints("weight_offset", {}, -255, 255), Int("pad_code", 0, -128, 127), kRequantizeFields
#define kReduceFields \
  MaybeInts("axes", -kMaxRank, kMaxRank), Int("keepdims", 1, 0, 1), Int("noop_with_empty_axes", 0, 0, 1)
// clang-format on

const std::vector<OpInfo>& catalogue() {
  static const std::vector<OpInfo> rows = {
#define OP(NAME, INPUTS, OUTPUTS, SHAPE_RULE, MOVES_DATA, QUANT_RULE, ...) \
  {Op::k##NAME, #NAME, INPUTS, OUTPUTS, MOVES_DATA, QuantRule::QUANT_RULE, {__VA_ARGS__}},
#include "graph/ops.def"
#undef OP
  };
  return rows;
}

}  // namespace

const Field* OpInfo::find_field(std::string_view field) const {
  for (const Field& candidate : fields) {
    if (candidate.name == field) return &candidate;
  }
  return nullptr;
}

const OpInfo& op_info(Op op) { return catalogue()[static_cast<size_t>(op)]; }

std::optional<Op> parse_op(std::string_view name) {
  static const auto index = [] {
    std::unordered_map<std::string_view, Op> map;
    for (const OpInfo& row : catalogue()) map.emplace(row.name, row.op);
    return map;
  }();
  const auto it = index.find(name);
  return it == index.end() ? std::nullopt : std::optional(it->second);
}

}  // namespace sixtops
