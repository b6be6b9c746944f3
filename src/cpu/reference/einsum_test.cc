#include "cpu/reference/kernel_testing.h"
#include "testing/random_tensor.h"

namespace sixtops::cpu::reference {
namespace {

const Tensor kMatrix = floats({2, 3}, {1, 2, 3, 4, 5, 6});
const Tensor kSquare = floats({2, 2}, {1, 2, 3, 4});

Result<Outputs> einsum(const std::string& equation, const std::vector<Operand>& operands) {
  return run(Op::kEinsum, operands, {{"equation", equation}});
}

TEST(Einsum, TransposesSumsAndTakesDiagonals) {
  EXPECT_OUTPUT(einsum("ij->ji", {kMatrix}), floats({3, 2}, {1, 4, 2, 5, 3, 6}));
  EXPECT_OUTPUT(einsum("ij->i", {kMatrix}), floats({2}, {6, 15}));
  EXPECT_OUTPUT(einsum("ii->i", {kSquare}), floats({2}, {1, 4}));
  EXPECT_OUTPUT(einsum("ii", {kSquare}), floats({}, {5}));
  EXPECT_OUTPUT(einsum("ba", {kMatrix}), floats({3, 2}, {1, 4, 2, 5, 3, 6}));
}

TEST(Einsum, EqualsMatMulWithBatches) {
  std::mt19937 random(1);
  const Tensor a = sixtops::testing::random_floats(random, {2, 3, 4, 5});
  const Tensor b = sixtops::testing::random_floats(random, {3, 5, 2});
  const Tensor expected = run(Op::kMatMul, {a, b}).value().front();
  EXPECT_OUTPUT_NEAR(einsum("...ij,...jk->...ik", {a, b}), expected, 1e-5);
  EXPECT_OUTPUT_NEAR(einsum("b h i j, hjk -> bhik", {a, b}), expected, 1e-5);
}

TEST(Einsum, TakesThreeOperandsAndIntegers) {
  EXPECT_OUTPUT(einsum("i,j,ij->", {int64s({2}, {1, 2}), int64s({2}, {10, 100}), int64s({2, 2}, {1, 0, 3, 4})}),
                int64s({}, {10 + 60 + 800}));
}

TEST(Einsum, RefusesWhatIsNoEquation) {
  EXPECT_ERROR(einsum("i1->i", {kMatrix}), StatusCode::kInvalidData, "other than letters");
  EXPECT_ERROR(einsum("ij,jk->ik", {kMatrix}), StatusCode::kInvalidData, "for 1 operands");
  EXPECT_ERROR(einsum("ijk->i", {kMatrix}), StatusCode::kInvalidData, "rank 2");
  EXPECT_ERROR(einsum("ii->i", {kMatrix}), StatusCode::kInvalidData, "extents 2 and 3");
  EXPECT_ERROR(einsum("ij->iz", {kMatrix}), StatusCode::kInvalidData, "in no operand");
  EXPECT_ERROR(einsum("ij->ii", {kMatrix}), StatusCode::kInvalidData, "twice");
}

}  // namespace
}  // namespace sixtops::cpu::reference
