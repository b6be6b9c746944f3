#include <limits>

#include "cpu/reference/kernel_testing.h"
#include "testing/random_tensor.h"

namespace sixtops::cpu::reference {
namespace {

using sixtops::testing::random_floats;

TEST(DeformConv, WithoutOffsetsIsAConvolution) {
  std::mt19937 random(1);
  const Tensor x = random_floats(random, {2, 4, 5, 6});
  const Tensor w = random_floats(random, {6, 2, 3, 2});
  const Tensor bias = random_floats(random, {6});
  const AttributeList attributes = {
      {"group", int64_t{2}}, {"strides", Ints{2, 1}}, {"pads", Ints{1, 0, 1, 1}}, {"dilations", Ints{1, 2}}};
  const Tensor expected = run(Op::kConv, {x, w, bias}, attributes).value().front();
  AttributeList deform = attributes;
  deform.emplace_back("offset_group", int64_t{2});
  const Tensor offsets =
      Tensor::allocate(DType::kF32, {2, 2 * 3 * 2 * 2, expected.shape()[2], expected.shape()[3]}).value();
  EXPECT_OUTPUT_NEAR(run(Op::kDeformConv, {x, w, offsets, bias}, deform), expected, 1e-5);
}

TEST(DeformConv, MovesTapsAndMasksThem) {
  const Tensor x = floats({1, 1, 2, 3}, {0, 1, 2, 10, 11, 12});
  const Tensor w = floats({1, 1, 1, 1}, {1});
  // Row and column offsets of each of the six positions.
  const Tensor offsets = floats({1, 2, 2, 3}, {0, 0.5F, 1, 0, 5, -0.5F, 1, 0, 0, 0.25F, 0, 0});
  EXPECT_OUTPUT_NEAR(run(Op::kDeformConv, {x, w, offsets}), floats({1, 1, 2, 3}, {1, 6, 12, 10.25F, 0, 7}), 1e-5);
  const Tensor mask = floats({1, 1, 2, 3}, {2, 0, 1, 1, 1, -1});
  EXPECT_OUTPUT_NEAR(run(Op::kDeformConv, {x, w, offsets, std::nullopt, mask}),
                     floats({1, 1, 2, 3}, {2, 0, 12, 10.25F, 0, -7}), 1e-5);
}

TEST(DeformConv, SurvivesHostileOffsets) {
  const Tensor x = floats({1, 1, 1, 1}, {1});
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_OUTPUT(run(Op::kDeformConv, {x, x, floats({1, 2, 1, 1}, {infinity, -1e30F})}), floats({1, 1, 1, 1}, {0}));
  EXPECT_OUTPUT(run(Op::kDeformConv, {x, x, floats({1, 2, 1, 1}, {nan, 0})}), floats({1, 1, 1, 1}, {nan}));
  EXPECT_ERROR(run(Op::kDeformConv, {x, x, floats({1, 1, 1, 1}, {0})}), StatusCode::kInvalidData, "1x2x1x1");
}

}  // namespace
}  // namespace sixtops::cpu::reference
