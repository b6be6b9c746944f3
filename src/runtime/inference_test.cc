#include "runtime/inference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/model.h"
#include "testing/text_graph.h"

namespace sixtops::runtime {
namespace {

using ::testing::HasSubstr;

constexpr const char* kTwoOutputs = R"(graph "g"
  input %a: i8[1x20x3x5] q(0.5, 3)
  input %b: i8[1x20x3x5] q(0.5, 3)
  %y: i8[1x20x3x5] q(0.5, 3) = Identity(%a) : int8
  %z: i8[1x20x3x5] q(0.5, 3) = Identity(%b) : int8
  output %y
  output %z)";

std::unique_ptr<Inference> open(const char* text, const InferenceOptions& options = {}) {
  const auto bytes = model::write_model({{testing::graph_of(text)}, "", ""}).value();
  return Inference::open(SharedBytes::own(bytes), options).value();
}

std::vector<std::byte> bytes_of(size_t count, int first) {
  std::vector<std::byte> bytes(count);
  for (size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::byte>(first + static_cast<int>(i));
  return bytes;
}

TEST(Inference, BoundMemoryIsReadAndWrittenOnceARunAndGivesTheSameBytes) {
  const auto bound = open(kTwoOutputs);
  const auto copied = open(kTwoOutputs);
  const MemoryLayout blocks = native_layout(bound->inputs()[0]);
  ASSERT_EQ(blocks.order, AxisOrder::kNc1hwc2);
  const auto size = static_cast<size_t>(layout_bytes(bound->inputs()[0], blocks).value());
  EXPECT_EQ(size, 2U * 3 * 5 * 16);
  std::vector<std::byte> in[2] = {bytes_of(size, 1), bytes_of(size, 50)};
  std::vector<std::byte> out[2] = {bytes_of(size, 0), bytes_of(size, 0)};
  for (size_t i = 0; i < 2; ++i) {
    ASSERT_TRUE(bound->bind_input(i, blocks, Coding::kNetwork, {nullptr, in[i]}).ok());
    ASSERT_TRUE(bound->bind_output(i, blocks, {nullptr, out[i]}).ok());
    ASSERT_TRUE(copied->set_input(i, blocks, Coding::kNetwork, in[i]).ok());
  }
  EXPECT_EQ(bound->bound_accesses(), 0);
  for (int run = 1; run <= 3; ++run) {
    ASSERT_TRUE(bound->run().ok());
    EXPECT_EQ(bound->bound_accesses(), 4 * run);
  }
  ASSERT_TRUE(copied->run().ok());
  EXPECT_EQ(copied->bound_accesses(), 0);
  for (size_t i = 0; i < 2; ++i) {
    std::vector<std::byte> expected = bytes_of(size, 0);  // unused channels keep what they held
    ASSERT_TRUE(copied->get_output(i, blocks, expected).ok());
    EXPECT_EQ(out[i], expected);
  }
}

TEST(Inference, EveryOrderOfAxesComesBack) {
  const auto inference = open(kTwoOutputs);
  const BorderTensor& tensor = inference->inputs()[0];
  for (const AxisOrder order : {AxisOrder::kNchw, AxisOrder::kNhwc, AxisOrder::kNc1hwc2}) {
    for (const int64_t gap : {0, 3}) {
      const MemoryLayout layout{DType::kI8, order, tensor.width + gap, tensor.height + gap};
      const auto size = static_cast<size_t>(layout_bytes(tensor, layout).value());
      const std::vector<std::byte> in = bytes_of(size, 7);
      for (size_t i = 0; i < 2; ++i) ASSERT_TRUE(inference->set_input(i, layout, Coding::kNetwork, in).ok());
      ASSERT_TRUE(inference->run().ok());
      std::vector<std::byte> out = in;
      ASSERT_TRUE(inference->get_output(0, layout, out).ok());
      EXPECT_EQ(out, in);
    }
  }
}

TEST(Inference, InputsOfARunInTheBackgroundMayBeReplaced) {
  const auto inference = open(kTwoOutputs);
  const MemoryLayout layout = logical_layout(inference->outputs()[0]);
  for (int round = 0; round < 50; ++round) {
    const std::vector<std::byte> in(300, static_cast<std::byte>(round));
    for (size_t i = 0; i < 2; ++i) ASSERT_TRUE(inference->set_input(i, layout, Coding::kNetwork, in).ok());
    ASSERT_TRUE(inference->start().ok());
    const std::vector<std::byte> next(300, std::byte{99});
    for (size_t i = 0; i < 2; ++i) ASSERT_TRUE(inference->set_input(i, layout, Coding::kNetwork, next).ok());
    std::vector<std::byte> out(300);
    ASSERT_TRUE(inference->get_output(1, layout, out).ok());
    EXPECT_EQ(out, in);
  }
}

TEST(Inference, SaysWhatIsMissing) {
  const auto inference = open(kTwoOutputs);
  EXPECT_EQ(inference->output_run().status().code(), StatusCode::kUsage);
  EXPECT_THAT(inference->run().status().message(), HasSubstr("nothing was set for input 'a'"));
  const MemoryLayout layout = logical_layout(inference->inputs()[0]);
  std::vector<std::byte> small(299);
  EXPECT_THAT(inference->set_input(0, layout, Coding::kNetwork, small).message(), HasSubstr("needs 300 bytes"));
  EXPECT_THAT(inference->bind_input(0, layout, Coding::kNetwork, {nullptr, small}).message(), HasSubstr("300 bytes"));
  const MemoryLayout as_is{DType::kI8, AxisOrder::kAsIs};
  EXPECT_THAT(inference->set_input(0, as_is, Coding::kNetwork, small).message(), HasSubstr("NCHW, NHWC or NC1HWC2"));
}

TEST(Inference, AnOutputWhoseSizeDependsOnData) {
  const auto inference = open(R"(graph "g"
    input %x: f32[4]
    %y: i64[1x?] = NonZero(%x)
    output %y)");
  EXPECT_FALSE(inference->outputs()[0].is_static());
  const std::vector<float> values = {0, 1, 0, 2};
  const MemoryLayout floats{DType::kF32, AxisOrder::kAsIs};
  ASSERT_TRUE(inference->set_input(0, floats, Coding::kReal, std::as_bytes(std::span(values))).ok());
  ASSERT_TRUE(inference->run().ok());
  EXPECT_EQ(inference->output_elements(0).value(), 2);
  std::vector<int64_t> out(2);
  const MemoryLayout integers{DType::kI64, AxisOrder::kAsIs};
  ASSERT_TRUE(inference->get_output(0, integers, std::as_writable_bytes(std::span(out))).ok());
  EXPECT_THAT(out, ::testing::ElementsAre(1, 3));
}

}  // namespace
}  // namespace sixtops::runtime
