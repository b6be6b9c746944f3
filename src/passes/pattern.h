// Words of the patterns that fusing passes look for, read backwards from a result.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "passes/graph_editor.h"

namespace sixtops::passes {

// The one number that all elements of a float constant are; nothing for other values and for empty tensors.
std::optional<double> uniform_constant(const Graph& graph, ValueId id);

// Whether both have one element type and one known shape, so that one may stand for a function of the other.
bool has_type_of(const Graph& graph, ValueId id, ValueId other);

// Within the rounding that exporters add to constants like sqrt(2).
bool is_close(double a, double b);

// `id` = x op c with a uniform constant c of one element: x and c. For Add and Mul either operand may be the constant,
// for Sub, Div, Pow, Max and Min the second (Max and Min: either).
std::optional<std::pair<ValueId, double>> with_constant(const GraphEditor& editor, ValueId id, Op op);

// Whether `id` = op(x) of one operand.
bool is_result(const GraphEditor& editor, ValueId id, Op op, ValueId x);

// A product taken apart through Mul and Div by constants, but not through `whole`. Nothing below `depth` nodes is
// looked at.
struct Product {
  std::vector<ValueId> factors;
  double scale = 1;
};
Product take_apart(const GraphEditor& editor, ValueId id, ValueId whole = kNoValue, int depth = 4);

// Whether the product is scale · a · b, in any order.
bool is_product(const Product& product, double scale, ValueId a, ValueId b);

}  // namespace sixtops::passes
