// The op catalogue: everything that is known of an op in one row of graph/ops.def.
//
// From a row follow: the enumerator Op::kName, the text form, the file form, range checks (verifier), the operator
// table in the docs, the declaration of its shape rule (graph/shape_rules.h) and of its reference kernel
// (cpu/reference/kernels.h). Semantics are those of the newest ONNX opset under the same name unless the row says
// otherwise.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "graph/attribute.h"

namespace sixtops {

enum class Op : uint8_t {
#define OP(NAME, ...) k##NAME,
#include "graph/ops.def"
#undef OP
};
inline constexpr int kOpCount = 0
#define OP(...) +1
#include "graph/ops.def"
#undef OP
    ;

enum class FieldType : uint8_t { kInt, kFloat, kText, kInts, kFloats };

// One attribute that an op knows.
struct Field {
  std::string_view name;
  FieldType type;
  // Used where a node does not carry the attribute; without one the attribute may be absent, or has to be there
  // (required).
  std::optional<Attribute> default_value;
  double min = 0;  // every number of the attribute lies in [min, max]
  double max = 0;
  std::string_view choices;  // text fields: the allowed words, separated by '|'; empty: any
  bool required = false;
};

struct Arity {
  int min = 0;
  int max = 0;  // kAnyCount: no upper limit
};
inline constexpr int kAnyCount = 1 << 16;

// How the quantizer treats an op (quantize/ has one file a rule).
enum class QuantRule : uint8_t {
  kFloat,     // stays in the float region
  kWeighted,  // sum of products with constant weights, then the two-step requantization
  kAdd,       // weighted sum of two activations
  kMultiply,  // product of two activations
  kAverage,   // a convolution with weights 1
  kTable,     // a function of one value: 256-entry table on codes
  kShared,    // codes move or are chosen among: output and first input share their parameters
  kConcat,    // codes move; the parts share parameters, or keep their own where every reader can absorb them
};

struct OpInfo {
  Op op;
  std::string_view name;
  Arity inputs;
  Arity outputs;
  bool moves_data;  // the output holds input elements unchanged, so any element type goes
  QuantRule quant_rule;
  std::vector<Field> fields;

  const Field* find_field(std::string_view field) const;
};

const OpInfo& op_info(Op op);
std::optional<Op> parse_op(std::string_view name);

}  // namespace sixtops
