// Matrix products.
#include <map>

#include "graph/einsum_equation.h"
#include "graph/shape/rule.h"

namespace sixtops::shape_rules {
namespace {

// NumPy's matmul: vectors get an axis that the result loses again, the axes before the last two broadcast.
Result<std::optional<Shape>> product_shape(const Shape* a_shape, const Shape* b_shape) {
  for (const Shape* shape : {a_shape, b_shape}) {
    if (shape != nullptr && shape->empty()) return invalid_data("a scalar operand");
  }
  if (a_shape == nullptr || b_shape == nullptr) return std::optional<Shape>();
  Shape a = *a_shape;
  Shape b = *b_shape;
  if (a_shape->size() == 1) a.insert(a.begin(), 1);
  if (b_shape->size() == 1) b.push_back(1);
  TRY(agree(a.back(), b[b.size() - 2], "the inner extent"));
  Shape shape = TRY(broadcast(Shape(a.begin(), a.end() - 2), Shape(b.begin(), b.end() - 2)));
  if (a_shape->size() > 1) shape.push_back(a[a.size() - 2]);
  if (b_shape->size() > 1) shape.push_back(b.back());
  return std::optional(shape);
}

}  // namespace

Result<Types> matmul(const ShapeArguments& arguments) {
  std::optional<Shape> shape = TRY(product_shape(arguments.shape(0), arguments.shape(1)));
  if (arguments.node.op == Op::kMatMulInteger) return Types{{DType::kI32, std::move(shape)}};
  if (const Shape* bias = arguments.shape(2)) {
    TRY(expect_rank(bias, 1, "the bias"));
    if (shape && shape->empty()) return invalid_data("a bias for a product without axes");
    if (shape) TRY(agree(shape->back(), bias->front(), "the last extent"));
  }
  return Types{{arguments.input(0).dtype, std::move(shape)}};
}

// a, its scale and zero point, b, its scale and zero point, scale and zero point of y
Result<Types> qlinear_matmul(const ShapeArguments& arguments) {
  return Types{{arguments.input(7).dtype, TRY(product_shape(arguments.shape(0), arguments.shape(3)))}};
}

Result<Types> gemm(const ShapeArguments& arguments) {
  TRY(expect_rank(arguments.shape(0), 2, "the first matrix"));
  TRY(expect_rank(arguments.shape(1), 2, "the second matrix"));
  Shape a = arguments.shape(0) != nullptr ? *arguments.shape(0) : unknown_extents(2);
  Shape b = arguments.shape(1) != nullptr ? *arguments.shape(1) : unknown_extents(2);
  if (arguments.node.get_int("transA") != 0) std::swap(a[0], a[1]);
  if (arguments.node.get_int("transB") != 0) std::swap(b[0], b[1]);
  TRY(agree(a[1], b[0], "the inner extent"));
  const Shape shape = {a[0], b[1]};
  if (const Shape* c = arguments.shape(2)) {
    const Shape sum = TRY(broadcast(shape, *c));
    if (sum.size() != 2) return invalid_data("third matrix of shape {}", shape_text(*c));
    for (size_t i = 0; i < 2; ++i) TRY(agree(shape[i], sum[i], "an extent of the product under the third matrix"));
  }
  return Types{{arguments.input(0).dtype, shape}};
}

Result<Types> einsum(const ShapeArguments& arguments) {
  std::vector<int> ranks;
  for (size_t i = 0; i < arguments.inputs.size(); ++i) {
    if (arguments.shape(i) == nullptr) return Types{{arguments.input(0).dtype, std::nullopt}};
    ranks.push_back(static_cast<int>(arguments.shape(i)->size()));
  }
  const EinsumEquation equation = TRY(parse_einsum(arguments.node.get_text("equation"), ranks));
  std::map<char, Shape> extents;  // of one axis each, so that they broadcast
  for (size_t i = 0; i < ranks.size(); ++i) {
    for (size_t axis = 0; axis < equation.inputs[i].size(); ++axis) {
      const Shape extent = {(*arguments.shape(i))[axis]};
      const auto [it, is_new] = extents.emplace(equation.inputs[i][axis], extent);
      if (!is_new) it->second = TRY(broadcast(it->second, extent));
    }
  }
  Shape shape;
  for (const char label : equation.output) shape.push_back(extents.at(label).front());
  return Types{{arguments.input(0).dtype, std::move(shape)}};
}

// The last two axes are square matrices.
Result<Types> det(const ShapeArguments& arguments) {
  ValueType type = arguments.input(0);
  if (type.shape) {
    if (type.shape->size() < 2) return invalid_data("data of shape {} holds no matrix", shape_text(*type.shape));
    TRY(agree(type.shape->back(), (*type.shape)[type.shape->size() - 2], "the extent of a square matrix"));
    type.shape->resize(type.shape->size() - 2);
  }
  return Types{type};
}

}  // namespace sixtops::shape_rules
