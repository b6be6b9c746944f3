#include "app/source_options.h"

#include <gtest/gtest.h>

namespace sixtops::app {
namespace {

TEST(SourceOptions, ShapesOfNamedInputs) {
  const auto shapes = parse_input_shapes({"images:1x3x640x640", "a:b:0:7"});
  ASSERT_TRUE(shapes.ok()) << shapes.status().message();
  EXPECT_EQ(shapes->at("images"), (Shape{1, 3, 640, 640}));
  EXPECT_EQ(shapes->at("a:b:0"), (Shape{7}));
}

TEST(SourceOptions, WrongShapesAreWrongUsage) {
  for (const char* word : {"images", ":1x3", "images:", "images:1x", "images:x3", "images:1x-3", "images:1x0",
                           "images:1,3", "images:1x99999999999999999999", "x:1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1"}) {
    EXPECT_EQ(parse_input_shapes({word}).status().code(), StatusCode::kUsage) << word;
  }
  EXPECT_EQ(parse_input_shapes({"a:1", "a:2"}).status().code(), StatusCode::kUsage);
}

TEST(SourceOptions, OnlyWhatIsGivenIsStated) {
  SourceOptions source;
  EXPECT_FALSE(any_given(source));
  EXPECT_FALSE(conversion_options(source)->mean.has_value());
  source.mean = {1};
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
