#include "app/source_options.h"

#include <gtest/gtest.h>

namespace sixtops::app {
namespace {

TEST(SourceOptions, ShapesOfNamedInputs) {
  const auto sets = parse_shape_sets({"images:1x3x640x640", "a:b:0:7"});
  ASSERT_TRUE(sets.ok()) << sets.status().message();
  ASSERT_EQ(sets->size(), 1U);
  EXPECT_EQ(sets->front().at("images"), (Shape{1, 3, 640, 640}));
  EXPECT_EQ(sets->front().at("a:b:0"), (Shape{7}));
  EXPECT_EQ(parse_shape_sets({})->size(), 1U);
}

TEST(SourceOptions, SeveralSetsOfShapes) {
  const auto sets = parse_shape_sets({"a:1x8,1x4,1x2", "b:3"});
  ASSERT_TRUE(sets.ok()) << sets.status().message();
  ASSERT_EQ(sets->size(), 3U);
  EXPECT_EQ((*sets)[1].at("a"), (Shape{1, 4}));
  EXPECT_EQ((*sets)[2].at("b"), (Shape{3}));
  EXPECT_EQ(parse_shape_sets({"a:1,2", "b:1,2,3"}).status().code(), StatusCode::kUsage);
}

TEST(SourceOptions, NumbersForAllInputsAndForSingleOnes) {
  SourceOptions source;
  source.mean = {"1,2,3", "left:4", "a:b:5,6"};
  source.std = {"x:2"};
  source.constant_inputs = {"scale:0.5"};
  const auto options = conversion_options(source);
  ASSERT_TRUE(options.ok()) << options.status().message();
  EXPECT_EQ(options->mean, (std::vector<float>{1, 2, 3}));
  EXPECT_EQ(options->input_mean.at("left"), (std::vector<float>{4}));
  EXPECT_EQ(options->input_mean.at("a:b"), (std::vector<float>{5, 6}));
  EXPECT_FALSE(options->std.has_value());
  EXPECT_EQ(options->input_std.at("x"), (std::vector<float>{2}));
  EXPECT_EQ(values_as<float>(options->constant_inputs.at("scale")), (std::vector<float>{0.5F}));
  for (const char* wrong : {"1,,2", "x:", "x:one", "1;2", ""}) {
    SourceOptions other;
    other.mean = {wrong};
    EXPECT_EQ(conversion_options(other).status().code(), StatusCode::kUsage) << wrong;
  }
  source.constant_inputs = {"0.5"};
  EXPECT_EQ(conversion_options(source).status().code(), StatusCode::kUsage);
}

TEST(SourceOptions, WrongShapesAreWrongUsage) {
  for (const char* word : {"images", ":1x3", "images:", "images:1x", "images:x3", "images:1x-3", "images:1x0",
                           "images:1x3,", "images:1x99999999999999999999", "x:1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1"}) {
    EXPECT_EQ(parse_shape_sets({word}).status().code(), StatusCode::kUsage) << word;
  }
  EXPECT_EQ(parse_shape_sets({"a:1", "a:2"}).status().code(), StatusCode::kUsage);
}

TEST(SourceOptions, OnlyWhatIsGivenIsStated) {
  SourceOptions source;
  EXPECT_FALSE(any_given(source));
  EXPECT_FALSE(conversion_options(source)->mean.has_value());
  source.mean = {"1"};
  source.color = "bgr";
  source.pad_color = 0;
  EXPECT_TRUE(any_given(source));
  const auto options = conversion_options(source);
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->color, ColorOrder::kBgr);
  EXPECT_EQ(options->pad_color, 0);
  EXPECT_FALSE(options->resize.has_value());
  source.labels_file = "/nowhere/labels.txt";
  EXPECT_EQ(conversion_options(source).status().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace sixtops::app
