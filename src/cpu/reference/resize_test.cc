// Expected values: the formulas of ONNX operator Resize, worked out by hand or taken from its published examples.
#include <limits>

#include "cpu/reference/kernel_testing.h"

namespace sixtops::cpu::reference {
namespace {

using I = int64_t;
using Text = std::string;

AttributeList with(AttributeList attributes, const AttributeList& more) {
  attributes.insert(attributes.end(), more.begin(), more.end());
  return attributes;
}

// One row resized along its only axis.
Result<Outputs> row(const std::vector<float>& values, const AttributeList& attributes) {
  return run(Op::kResize, {floats({static_cast<I>(values.size())}, values)}, attributes);
}

const Tensor kSquare = floats({1, 1, 2, 2}, {1, 2, 3, 4});

TEST(ResizeNearest, TakesScalesOrSizesFromAttributesOrOperands) {
  const Tensor doubled = floats({1, 1, 2, 4}, {1, 1, 2, 2, 3, 3, 4, 4});
  EXPECT_OUTPUT(run(Op::kResize, {kSquare}, {{"scales", Floats{1, 1, 1, 2}}}), doubled);
  EXPECT_OUTPUT(run(Op::kResize, {kSquare}, {{"sizes", Ints{1, 1, 2, 4}}}), doubled);
  EXPECT_OUTPUT(run(Op::kResize, {kSquare, std::nullopt, floats({4}, {1, 1, 1, 2})}), doubled);
  EXPECT_OUTPUT(run(Op::kResize, {kSquare, std::nullopt, std::nullopt, int64s({4}, {1, 1, 2, 4})}), doubled);
  EXPECT_OUTPUT(run(Op::kResize, {kSquare}, {{"sizes", Ints{4}}, {"axes", Ints{-1}}}), doubled);
}

TEST(ResizeNearest, MovesAnyElementType) {
  const AttributeList twice = {{"scales", Floats{2}}};
  EXPECT_OUTPUT(run(Op::kResize, {int8s({2}, {-1, 5})}, twice), int8s({4}, {-1, -1, 5, 5}));
  EXPECT_OUTPUT(run(Op::kResize, {bools({2}, {true, false})}, twice), bools({4}, {true, true, false, false}));
  EXPECT_OUTPUT(run(Op::kResize, {halves({2}, {0.1F, 2})}, twice), halves({4}, {0.1F, 0.1F, 2, 2}));
  EXPECT_OUTPUT(run(Op::kResize, {int64s({2}, {INT64_MAX, 1})}, twice), int64s({4}, {INT64_MAX, INT64_MAX, 1, 1}));
}

TEST(ResizeNearest, RoundsByItsMode) {
  // Coordinates 0.5, 2.5, 4.5.
  const auto rounded = [](const char* mode) {
    return row({0, 1, 2, 3, 4, 5}, {{"scales", Floats{0.5F}}, {"nearest_mode", Text(mode)}});
  };
  EXPECT_OUTPUT(rounded("floor"), floats({3}, {0, 2, 4}));
  EXPECT_OUTPUT(rounded("ceil"), floats({3}, {1, 3, 5}));
  EXPECT_OUTPUT(rounded("round_prefer_floor"), floats({3}, {0, 2, 4}));
  EXPECT_OUTPUT(rounded("round_prefer_ceil"), floats({3}, {1, 3, 5}));
}

TEST(ResizeLinear, FollowsItsCoordinates) {
  const auto linear = [](const char* coordinates, const AttributeList& extent) {
    return row({1, 2, 3, 4},
               with(extent, {{"mode", Text("linear")}, {"coordinate_transformation_mode", Text(coordinates)}}));
  };
  const AttributeList eight = {{"sizes", Ints{8}}};
  EXPECT_OUTPUT_NEAR(linear("half_pixel", eight), floats({8}, {1, 1.25F, 1.75F, 2.25F, 2.75F, 3.25F, 3.75F, 4}), 1e-6);
  EXPECT_OUTPUT_NEAR(linear("asymmetric", eight), floats({8}, {1, 1.5F, 2, 2.5F, 3, 3.5F, 4, 4}), 1e-6);
  EXPECT_OUTPUT_NEAR(linear("align_corners", {{"sizes", Ints{7}}}), floats({7}, {1, 1.5F, 2, 2.5F, 3, 3.5F, 4}), 1e-6);
  EXPECT_OUTPUT_NEAR(linear("align_corners", {{"scales", Floats{0.6F}}}), floats({2}, {1, 3.142857F}), 1e-5);
  EXPECT_OUTPUT_NEAR(linear("half_pixel", {{"scales", Floats{0.6F}}}), floats({2}, {1.3333333F, 3}), 1e-6);
  EXPECT_OUTPUT_NEAR(linear("half_pixel_symmetric", {{"scales", Floats{0.6F}}}), floats({2}, {1.6666667F, 3.3333333F}),
                     1e-6);
  EXPECT_OUTPUT_NEAR(linear("pytorch_half_pixel", {{"sizes", Ints{1}}}), floats({1}, {1}), 1e-6);
  EXPECT_OUTPUT_NEAR(linear("tf_half_pixel_for_nn", {{"sizes", Ints{2}}}), floats({2}, {2, 4}), 1e-6);
}

TEST(ResizeLinear, ShrinksAndGrowsAxesTogether) {
  const Tensor x = floats({2, 4}, {1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_OUTPUT_NEAR(run(Op::kResize, {x}, {{"sizes", Ints{3, 2}}, {"mode", Text("linear")}}),
                     floats({3, 2}, {1.5F, 3.5F, 3.5F, 5.5F, 5.5F, 7.5F}), 1e-6);
  EXPECT_OUTPUT_NEAR(
      run(Op::kResize, {cast(x, DType::kF64).value()}, {{"sizes", Ints{2, 4}}, {"mode", Text("linear")}}),
      cast(x, DType::kF64).value(), 0);
}

TEST(ResizeLinear, RoundsIntegers) {
  EXPECT_OUTPUT(run(Op::kResize, {tensor<uint8_t>({2}, {0, 255})}, {{"sizes", Ints{4}}, {"mode", Text("linear")}}),
                tensor<uint8_t>({4}, {0, 64, 191, 255}));
  EXPECT_ERROR(run(Op::kResize, {bools({2}, {true, false})}, {{"sizes", Ints{4}}, {"mode", Text("linear")}}),
               StatusCode::kInvalidData, "bool");
}

const std::vector<float> kSixteen = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

TEST(ResizeCubic, MatchesThePublishedExamples) {
  const Tensor x = floats({1, 1, 4, 4}, kSixteen);
  EXPECT_OUTPUT_NEAR(run(Op::kResize, {x}, {{"scales", Floats{1, 1, 0.8F, 0.8F}}, {"mode", Text("cubic")}}),
                     floats({1, 1, 3, 3}, {1.47119141F, 2.78125F, 4.08251953F, 6.71142578F, 8.02148438F, 9.32275391F,
                                           11.91650391F, 13.2265625F, 14.52783203F}),
                     1e-4);
  EXPECT_OUTPUT_NEAR(run(Op::kResize, {x},
                         {{"scales", Floats{1, 1, 0.8F, 0.8F}},
                          {"mode", Text("cubic")},
                          {"exclude_outside", I{1}},
                          {"cubic_coeff_a", -0.5F}}),
                     floats({1, 1, 3, 3}, {1.36812675F, 2.6695014F, 4.0133367F, 6.57362535F, 7.875F, 9.2188353F,
                                           11.94896657F, 13.25034122F, 14.59417652F}),
                     1e-4);
}

TEST(ResizeAntialias, WidensTheKernelWhereThePictureShrinks) {
  const Tensor x = floats({1, 1, 4, 4}, kSixteen);
  const AttributeList shrink = {{"scales", Floats{1, 1, 0.6F, 0.6F}}, {"antialias", I{1}}};
  EXPECT_OUTPUT_NEAR(run(Op::kResize, {x}, with(shrink, {{"mode", Text("linear")}})),
                     floats({1, 1, 2, 2}, {2.875F, 4.5F, 9.375F, 11.0F}), 1e-4);
  EXPECT_OUTPUT_NEAR(run(Op::kResize, {x}, with(shrink, {{"mode", Text("cubic")}})),
                     floats({1, 1, 2, 2}, {2.5180721F, 4.2858863F, 9.589329F, 11.357142F}), 1e-4);
  EXPECT_OUTPUT_NEAR(row({1, 2, 3, 4}, {{"scales", Floats{2}}, {"antialias", I{1}}, {"mode", Text("linear")}}),
                     floats({8}, {1, 1.25F, 1.75F, 2.25F, 2.75F, 3.25F, 3.75F, 4}), 1e-6);
}

TEST(ResizeCrop, FillsWhatLiesOutside) {
  const AttributeList crop = {{"coordinate_transformation_mode", Text("tf_crop_and_resize")},
                              {"extrapolation_value", 10.0F},
                              {"sizes", Ints{3}}};
  const auto cropped = [&](Floats roi, const char* mode) {
    return row({1, 2, 3, 4}, with(crop, {{"roi", roi}, {"mode", Text(mode)}}));
  };
  EXPECT_OUTPUT_NEAR(cropped({0, 0.5F}, "linear"), floats({3}, {1, 1.75F, 2.5F}), 1e-6);
  EXPECT_OUTPUT_NEAR(cropped({0.5F, 1.5F}, "linear"), floats({3}, {2.5F, 4, 10}), 1e-6);
  EXPECT_OUTPUT_NEAR(cropped({-1, 1}, "nearest"), floats({3}, {10, 1, 4}), 1e-6);
  EXPECT_OUTPUT_NEAR(cropped({std::numeric_limits<float>::quiet_NaN(), 1}, "linear"), floats({3}, {10, 10, 10}), 0);
  EXPECT_ERROR(row({1, 2}, with(crop, {{"roi", Floats{0, 1}}, {"antialias", I{1}}, {"mode", Text("linear")}})),
               StatusCode::kUnsupported, "antialias");
  EXPECT_ERROR(row({1, 2}, crop), StatusCode::kInvalidData, "roi");
}

TEST(ResizeAspect, KeepsItWithinOrAroundTheSizes) {
  const auto resized = [](const char* policy) {
    return run(Op::kResize, {floats({2, 4}, {1, 2, 3, 4, 5, 6, 7, 8})},
               {{"sizes", Ints{3, 2}}, {"keep_aspect_ratio_policy", Text(policy)}});
  };
  EXPECT_OUTPUT(resized("not_larger"), floats({1, 2}, {1, 3}));
  const Result<Outputs> around = resized("not_smaller");
  ASSERT_TRUE(around.ok());
  EXPECT_EQ(shape_text(around->front().shape()), "3x6");
}

TEST(Resize, RefusesHostileParameters) {
  EXPECT_ERROR(row({1, 2}, {}), StatusCode::kInvalidData, "neither scales nor sizes");
  EXPECT_ERROR(row({}, {{"sizes", Ints{3}}}), StatusCode::kInvalidData, "no element");
  EXPECT_OUTPUT(row({1, 2}, {{"sizes", Ints{0}}}), floats({0}, {}));
  const std::vector<Operand> x = {floats({2}, {1, 2})};
  EXPECT_ERROR(run(make_node(Op::kResize, x, {{"sizes", Ints{I{1} << 40}}}), x, 1 << 20), StatusCode::kResource,
               "limit");
  EXPECT_ERROR(run(Op::kResize, {x[0], std::nullopt, floats({1}, {std::numeric_limits<float>::infinity()})}),
               StatusCode::kInvalidData, "");
}

}  // namespace
}  // namespace sixtops::cpu::reference
