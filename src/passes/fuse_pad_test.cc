#include "passes/pass_testing.h"

namespace sixtops::passes {
namespace {

std::string padded(const std::string& pad, const std::string& window) {
  const std::string text = rewritten(fuse_pad,
                                     "input %x: f32[1x1x6x6]\nconst %w: f32[1x1x3x3] = {1 2 3 4 5 6 7 8 9}\n"
                                     "%r: f32[..] = Relu(%x)\n%p: f32[..] = Pad(" +
                                         pad + "\n%y: f32[..] = " + window + "\noutput %y\n");
  const size_t begin = text.find("%y:");
  return begin == std::string::npos
             ? text
             : text.substr(text.find('=', begin) + 2, text.find('\n', begin) - text.find('=', begin) - 2);
}

const std::string kPads = "%r) {pads=[0 0 1 2 0 0 3 0]}";

TEST(FusePad, IntoAConvolution) {
  EXPECT_EQ(padded(kPads, "Conv(%p, %w)"), "Conv(%r, %w) {pads=[1 2 3 0]}");
  EXPECT_EQ(padded(kPads, "Conv(%p, %w) {pads=[1 1 1 1]}"), "Conv(%r, %w) {pads=[2 3 4 1]}");
  EXPECT_EQ(padded(kPads, "Conv(%p, %w) {auto_pad=\"SAME_UPPER\"}"), "Conv(%p, %w) {auto_pad=\"SAME_UPPER\"}");
  EXPECT_EQ(padded("%r) {pads=[0 0 1 2 0 0 3 0] value=1}", "Conv(%p, %w)"), "Conv(%p, %w)");
  EXPECT_EQ(padded("%r) {pads=[0 0 1 1 0 0 1 1] mode=\"edge\"}", "Conv(%p, %w)"), "Conv(%p, %w)");
  EXPECT_EQ(padded("%r) {pads=[0 0 -1 0 0 0 0 0]}", "Conv(%p, %w)"), "Conv(%p, %w)");
  EXPECT_EQ(padded("%r) {pads=[1 0 1 0 0 0 0 0]}", "Conv(%p, %w)"), "Conv(%p, %w)");
}

TEST(FusePad, IntoAnAverageThatCountsIt) {
  EXPECT_EQ(padded(kPads, "AveragePool(%p) {kernel_shape=[3 3]}"),
            "AveragePool(%r) {count_include_pad=1 kernel_shape=[3 3] pads=[1 2 3 0]}");
  EXPECT_EQ(padded(kPads, "AveragePool(%p) {kernel_shape=[3 3] pads=[1 1 1 1]}"),
            "AveragePool(%p) {kernel_shape=[3 3] pads=[1 1 1 1]}");
  EXPECT_EQ(padded(kPads, "AveragePool(%p) {ceil_mode=1 kernel_shape=[3 3]}"),
            "AveragePool(%p) {ceil_mode=1 kernel_shape=[3 3]}");
}

TEST(FusePad, IntoAMaximumThatCannotSeeIt) {
  const std::string small = "%r) {pads=[0 0 1 1 0 0 1 1]}";
  EXPECT_EQ(padded(small, "MaxPool(%p) {kernel_shape=[3 3]}"), "MaxPool(%r) {kernel_shape=[3 3] pads=[1 1 1 1]}");
  EXPECT_EQ(padded("%r) {pads=[0 0 1 1 0 0 1 1] value=-inf}", "MaxPool(%p) {kernel_shape=[1 1]}"),
            "MaxPool(%r) {kernel_shape=[1 1] pads=[1 1 1 1]}");
  EXPECT_EQ(padded(small, "MaxPool(%p) {kernel_shape=[1 1]}"), "MaxPool(%p) {kernel_shape=[1 1]}");
  EXPECT_EQ(padded("%x) {pads=[0 0 1 1 0 0 1 1]}", "MaxPool(%p) {kernel_shape=[3 3]}"),
            "MaxPool(%p) {kernel_shape=[3 3]}");
}

}  // namespace
}  // namespace sixtops::passes
