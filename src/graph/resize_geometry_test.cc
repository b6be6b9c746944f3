#include "graph/resize_geometry.h"

#include <gtest/gtest.h>

namespace sixtops {
namespace {

Node make_resize() {
  Node node;
  node.op = Op::kResize;
  return node;
}

TEST(ResizedAxis, ScalesAndSizes) {
  const Floats scales = {1, 1, 2, 0.7F};
  std::vector<ResizedAxis> axes = *resolve_resize(make_resize(), {1, 3, 5, 10}, {}, scales, {});
  EXPECT_EQ(axes[2].output, 10);
  EXPECT_EQ(axes[3].output, 7);
  const Ints sizes = {1, 3, 4, 4};
  axes = *resolve_resize(make_resize(), {1, 3, 8, kUnknownExtent}, {}, {}, sizes);
  EXPECT_EQ(axes[2].scale, 0.5);
  EXPECT_EQ(axes[3].output, 4);
}

TEST(ResizedAxis, AspectRatioAndAxes) {
  Node node = make_resize();
  node.attributes.set("axes", Ints{-1, 2});
  node.attributes.set("keep_aspect_ratio_policy", std::string("not_larger"));
  const Ints sizes = {10, 10};  // width, height
  std::vector<ResizedAxis> axes = *resolve_resize(node, {1, 3, 4, 8}, {}, {}, sizes);
  EXPECT_EQ(axes[2].output, 5);
  EXPECT_EQ(axes[3].output, 10);
  node.attributes.set("keep_aspect_ratio_policy", std::string("not_smaller"));
  axes = *resolve_resize(node, {1, 3, 4, 8}, {}, {}, sizes);
  EXPECT_EQ(axes[2].output, 10);
  EXPECT_EQ(axes[3].output, 20);
  axes = *resolve_resize(node, {1, 3, kUnknownExtent, 8}, {}, {}, sizes);
  EXPECT_EQ(axes[3].output, kUnknownExtent);
}

TEST(ResizedAxis, RefusesWhatDoesNotFit) {
  const Floats one = {2};
  const Floats huge = {1e30F};
  EXPECT_FALSE(resolve_resize(make_resize(), {1, 3}, {}, one, {}).ok());
  EXPECT_FALSE(resolve_resize(make_resize(), {3}, {}, {}, {}).ok());
  EXPECT_FALSE(resolve_resize(make_resize(), {3}, {}, huge, {}).ok());
  Node crop = make_resize();
  crop.attributes.set("coordinate_transformation_mode", std::string("tf_crop_and_resize"));
  EXPECT_FALSE(resolve_resize(crop, {3}, {}, one, {}).ok());
}

}  // namespace
}  // namespace sixtops
