#include "graph/window.h"

#include <gtest/gtest.h>

namespace sixtops {
namespace {

Node make_pool(Ints kernel, Ints strides = {}, Ints pads = {}, int64_t ceil_mode = 0) {
  Node node;
  node.op = Op::kMaxPool;
  node.attributes.set("kernel_shape", std::move(kernel));
  node.attributes.set("strides", std::move(strides));
  node.attributes.set("pads", std::move(pads));
  node.attributes.set("ceil_mode", ceil_mode);
  return node;
}

std::vector<int64_t> outputs(const Result<std::vector<Window>>& windows) {
  EXPECT_TRUE(windows.ok()) << windows.status().message();
  std::vector<int64_t> result;
  for (const Window& w : *windows) result.push_back(w.output);
  return result;
}

TEST(Window, CountsPlainWindows) {
  EXPECT_EQ(outputs(resolve_windows(make_pool({3, 2}, {2, 1}, {1, 0, 1, 0}), {1, 8, 7, 5}, {})), (Shape{4, 4}));
  EXPECT_EQ(outputs(resolve_windows(make_pool({3}), {1, 8, kUnknownExtent}, {})), (Shape{kUnknownExtent}));
}

TEST(Window, TakesTheKernelFromTheWeights) {
  Node conv;
  conv.op = Op::kConv;
  conv.attributes.set("dilations", Ints{2, 3});
  const Shape kernel = {3, 2};
  const Result<std::vector<Window>> windows = resolve_windows(conv, {1, 8, 9, 9}, kernel);
  EXPECT_EQ(outputs(windows), (Shape{5, 6}));
  EXPECT_EQ(windows.value()[0].reach(), 5);
  EXPECT_EQ(windows.value()[1].tap(2, 1), 5);
}

TEST(Window, CeilModeDropsAWindowThatSeesOnlyPaddingAtTheEnd) {
  // 6 elements, kernel 2, stride 2, one pad each side: starts -1, 1, 3, 5, and 7 would lie beyond the input.
  EXPECT_EQ(outputs(resolve_windows(make_pool({2}, {2}, {1, 1}, 1), {1, 1, 6}, {})), (Shape{4}));
  EXPECT_EQ(outputs(resolve_windows(make_pool({1}, {2}, {0, 1}, 1), {1, 1, 2}, {})), (Shape{1}));
  EXPECT_EQ(outputs(resolve_windows(make_pool({3}, {2}, {0, 0}, 1), {1, 1, 4}, {})), (Shape{2}));
  EXPECT_EQ(outputs(resolve_windows(make_pool({3}, {2}, {0, 0}, 0), {1, 1, 4}, {})), (Shape{1}));
}

TEST(Window, SamePaddingSplitsTheOddElement) {
  Node pool = make_pool({3}, {2});
  pool.attributes.set("auto_pad", std::string("SAME_UPPER"));
  std::vector<Window> upper = *resolve_windows(pool, {1, 1, 8}, {});
  EXPECT_EQ(upper[0].output, 4);
  EXPECT_EQ(upper[0].pad_begin, 0);
  EXPECT_EQ(upper[0].pad_end, 1);
  pool.attributes.set("auto_pad", std::string("SAME_LOWER"));
  std::vector<Window> lower = *resolve_windows(pool, {1, 1, 8}, {});
  EXPECT_EQ(lower[0].pad_begin, 1);
  EXPECT_EQ(lower[0].pad_end, 0);
  pool.attributes.set("auto_pad", std::string("VALID"));
  EXPECT_EQ(outputs(resolve_windows(pool, {1, 1, 8}, {})), (Shape{3}));
}

TEST(Window, RefusesWhatDoesNotFit) {
  EXPECT_FALSE(resolve_windows(make_pool({4}), {1, 1, 3}, {}).ok());
  EXPECT_FALSE(resolve_windows(make_pool({3, 3}), {1, 1, 9}, {}).ok());
  EXPECT_FALSE(resolve_windows(make_pool({3}, {}, {1}), {1, 1, 9}, {}).ok());
  EXPECT_FALSE(resolve_windows(make_pool({3}), {1, 9}, {}).ok());
  EXPECT_FALSE(resolve_windows(make_pool({}), {1, 1, 9}, {}).ok());
  EXPECT_FALSE(resolve_windows(make_pool({3}, {1}, {INT64_MAX, INT64_MAX}), {1, 1, 9}, {}).ok());
  Node conv;
  conv.op = Op::kConv;
  conv.attributes.set("kernel_shape", Ints{3});
  const Shape kernel = {5};
  EXPECT_FALSE(resolve_windows(conv, {1, 1, 9}, kernel).ok());
}

Node make_transposed(Ints strides, Ints output_shape = {}) {
  Node node;
  node.op = Op::kConvTranspose;
  node.attributes.set("strides", std::move(strides));
  node.attributes.set("output_shape", std::move(output_shape));
  return node;
}

TEST(TransposedWindow, CountsTheLargerSide) {
  const Shape kernel = {3};
  Node node = make_transposed({2});
  node.attributes.set("pads", Ints{1, 1});
  EXPECT_EQ(outputs(resolve_transposed_windows(node, {1, 1, 4}, kernel)), (Shape{7}));
  node.attributes.set("output_padding", Ints{1});
  EXPECT_EQ(outputs(resolve_transposed_windows(node, {1, 1, 4}, kernel)), (Shape{8}));
  node.attributes.set("pads", Ints{9, 9});
  EXPECT_FALSE(resolve_transposed_windows(node, {1, 1, 4}, kernel).ok());
}

TEST(TransposedWindow, OutputShapeDecidesThePads) {
  const Shape kernel = {3};
  // Natural extent 9: two elements to cut, one a side; with 10 asked for there is nothing to cut.
  std::vector<Window> cut = *resolve_transposed_windows(make_transposed({2}, {7}), {1, 1, 4}, kernel);
  EXPECT_EQ(cut[0].pad_begin, 1);
  EXPECT_EQ(cut[0].pad_end, 1);
  std::vector<Window> grown = *resolve_transposed_windows(make_transposed({2}, {10}), {1, 1, 4}, kernel);
  EXPECT_EQ(grown[0].pad_begin, 0);
  EXPECT_EQ(grown[0].output, 10);
  Node same = make_transposed({2});
  same.attributes.set("auto_pad", std::string("SAME_UPPER"));
  EXPECT_EQ(outputs(resolve_transposed_windows(same, {1, 1, 4}, kernel)), (Shape{8}));
}

}  // namespace
}  // namespace sixtops
