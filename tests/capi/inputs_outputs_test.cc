// rknn_inputs_set, rknn_outputs_get, rknn_outputs_release.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "capi/open_context.h"
#include "graph/dtype.h"

namespace sixtops::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAreArray;
using ::testing::FloatEq;
using ::testing::FloatNear;

// Runs, and gives the one output in the network's own type, or as floats.
template <typename T>
std::vector<T> run_and_get(rknn_context context) {
  EXPECT_EQ(rknn_run(context, nullptr), RKNN_SUCC);
  rknn_output output = {};
  output.want_float = std::is_same_v<T, float> ? 1 : 0;
  EXPECT_EQ(rknn_outputs_get(context, 1, &output, nullptr), RKNN_SUCC);
  std::vector<T> values(output.size / sizeof(T));
  std::memcpy(values.data(), output.buf, output.size);
  EXPECT_EQ(rknn_outputs_release(context, 1, &output), RKNN_SUCC);
  return values;
}

template <typename T>
std::vector<T> counting_values(rknn_tensor_format format) {
  const std::vector<uint8_t> bytes = counting_picture();
  std::vector<T> values(bytes.size());
  for (size_t c = 0; c < kChannels; ++c) {
    for (size_t pixel = 0; pixel < kRows * kColumns; ++pixel) {
      const size_t nhwc = pixel * kChannels + c;
      values[format == RKNN_TENSOR_NHWC ? nhwc : c * kRows * kColumns + pixel] = static_cast<T>(bytes[nhwc] / 2);
    }
  }
  return values;
}

// Every type and format that a picture may come in gives the same codes.
template <typename T>
void expect_half_codes(rknn_tensor_type type) {
  const OpenContext context(code_model());
  for (const rknn_tensor_format format : {RKNN_TENSOR_NHWC, RKNN_TENSOR_NCHW}) {
    const std::vector<T> values = counting_values<T>(format);
    rknn_input input = input_of(values.data(), values.size() * sizeof(T), type, format);
    ASSERT_EQ(rknn_inputs_set(context, 1, &input), RKNN_SUCC);
    std::vector<int8_t> expected = counting_codes();
    for (int8_t& code : expected) code = static_cast<int8_t>((code + 128) / 2 - 128);
    EXPECT_EQ(run_and_get<int8_t>(context), expected) << get_type_string(type) << get_format_string(format);
  }
}

TEST(InputsSet, EveryTypeAndFormat) {
  expect_half_codes<uint8_t>(RKNN_TENSOR_UINT8);
  expect_half_codes<int8_t>(RKNN_TENSOR_INT8);
  expect_half_codes<int16_t>(RKNN_TENSOR_INT16);
  expect_half_codes<float>(RKNN_TENSOR_FLOAT32);
  expect_half_codes<float>(RKNN_TENSOR_FLOAT32);
  const std::vector<uint8_t> bytes = counting_picture();
  std::vector<Half> halves;
  for (const uint8_t byte : bytes) halves.emplace_back(static_cast<float>(byte));
  const OpenContext context(code_model());
  rknn_input input = input_of(halves.data(), halves.size() * 2, RKNN_TENSOR_FLOAT16, RKNN_TENSOR_NHWC);
  ASSERT_EQ(rknn_inputs_set(context, 1, &input), RKNN_SUCC);
  EXPECT_EQ(run_and_get<int8_t>(context), counting_codes());
}

TEST(InputsSet, PassThroughTakesTheNetworksCodes) {
  const OpenContext context(many_channels_model());
  const rknn_tensor_attr native = attributes(context, RKNN_QUERY_NATIVE_INPUT_ATTR);
  ASSERT_EQ(native.fmt, RKNN_TENSOR_NC1HWC2);
  std::vector<int8_t> blocks(native.size, 99);
  std::vector<int8_t> expected;
  for (size_t c = 0; c < 20; ++c) {
    for (size_t p = 0; p < 12; ++p) {
      const auto code = static_cast<int8_t>(c * 5 - p);
      blocks[(c / 16 * 12 + p) * 16 + c % 16] = code;
      expected.push_back(code);
    }
  }
  rknn_input input = input_of(blocks.data(), blocks.size(), RKNN_TENSOR_INT8, RKNN_TENSOR_NC1HWC2);
  input.pass_through = 1;
  ASSERT_EQ(rknn_inputs_set(context, 1, &input), RKNN_SUCC);
  EXPECT_EQ(run_and_get<int8_t>(context), expected);
}

TEST(InputsSet, RealNetworksAreNormalized) {
  const OpenContext context(float_model());
  std::vector<uint8_t> bytes(24, 7);
  rknn_input input = input_of(bytes.data(), bytes.size(), RKNN_TENSOR_UINT8, RKNN_TENSOR_NHWC);
  ASSERT_EQ(rknn_inputs_set(context, 1, &input), RKNN_SUCC);
  EXPECT_THAT(run_and_get<float>(context), Each(FloatEq(3)));  // (7 - 1) / 2
  const std::vector<Half> halves(3 * 4 * 8, Half(2.5F));
  input = input_of(halves.data(), halves.size() * 2, RKNN_TENSOR_FLOAT16, RKNN_TENSOR_NC1HWC2);
  input.pass_through = 1;
  ASSERT_EQ(rknn_inputs_set(context, 1, &input), RKNN_SUCC);
  EXPECT_THAT(run_and_get<float>(context), Each(FloatEq(2.5F)));
  for (const Half value : run_and_get<Half>(context)) EXPECT_EQ(static_cast<float>(value), 2.5F);
}

TEST(InputsSet, SomeInputsAtATimeAndValuesPersist) {
  const OpenContext context(two_inputs_model());
  std::vector<float> a(6, 1);
  std::vector<float> b(6, 10);
  rknn_input inputs[] = {input_of(a.data(), 24, RKNN_TENSOR_FLOAT32, RKNN_TENSOR_UNDEFINED, 0),
                         input_of(b.data(), 24, RKNN_TENSOR_FLOAT32, RKNN_TENSOR_NHWC, 1)};
  ASSERT_EQ(rknn_inputs_set(context, 1, &inputs[1]), RKNN_SUCC);
  EXPECT_EQ(rknn_run(context, nullptr), RKNN_ERR_INPUT_INVALID);  // nothing was set for a
  ASSERT_EQ(rknn_inputs_set(context, 2, inputs), RKNN_SUCC);
  b.assign(6, -1);  // the data was copied
  EXPECT_THAT(run_and_get<float>(context), Each(FloatEq(11)));
  a.assign(6, 5);
  ASSERT_EQ(rknn_inputs_set(context, 1, &inputs[0]), RKNN_SUCC);
  EXPECT_THAT(run_and_get<float>(context), Each(FloatEq(15)));
  EXPECT_THAT(run_and_get<float>(context), Each(FloatEq(15)));
}

TEST(InputsSet, RefusesWhatDoesNotFit) {
  const OpenContext context(code_model());
  std::vector<float> values(kElements, 1);
  const rknn_input good = input_of(values.data(), kElements, RKNN_TENSOR_UINT8, RKNN_TENSOR_NHWC);
  const auto set = [&](auto change) {
    rknn_input input = good;
    change(input);
    return rknn_inputs_set(context, 1, &input);
  };
  EXPECT_EQ(set([](rknn_input&) {}), RKNN_SUCC);
  EXPECT_EQ(set([](rknn_input& i) { i.size = 4 * kElements; }), RKNN_SUCC);  // larger is accepted
  EXPECT_EQ(set([](rknn_input& i) { i.index = 1; }), RKNN_ERR_INPUT_INVALID);
  EXPECT_EQ(set([](rknn_input& i) { i.buf = nullptr; }), RKNN_ERR_INPUT_INVALID);
  EXPECT_EQ(set([](rknn_input& i) { i.size = kElements - 1; }), RKNN_ERR_INPUT_INVALID);
  EXPECT_EQ(set([](rknn_input& i) { i.type = RKNN_TENSOR_FLOAT32; }), RKNN_ERR_INPUT_INVALID);
  EXPECT_EQ(set([](rknn_input& i) { i.type = RKNN_TENSOR_INT64; }), RKNN_ERR_INPUT_INVALID);
  EXPECT_EQ(set([](rknn_input& i) { i.type = RKNN_TENSOR_INT4; }), RKNN_ERR_INPUT_INVALID);
  EXPECT_EQ(set([](rknn_input& i) { i.type = static_cast<rknn_tensor_type>(12); }), RKNN_ERR_INPUT_INVALID);
  EXPECT_EQ(set([](rknn_input& i) { i.fmt = RKNN_TENSOR_UNDEFINED; }), RKNN_ERR_INPUT_INVALID);
  EXPECT_EQ(set([](rknn_input& i) { i.fmt = RKNN_TENSOR_FORMAT_MAX; }), RKNN_ERR_INPUT_INVALID);
  rknn_input input = good;
  EXPECT_EQ(rknn_inputs_set(context, 0, &input), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_inputs_set(context, 2, &input), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_inputs_set(context, 1, nullptr), RKNN_ERR_PARAM_INVALID);
  const OpenContext unflushed(code_model(), RKNN_FLAG_DISABLE_FLUSH_INPUT_MEM_CACHE);
  EXPECT_EQ(rknn_inputs_set(unflushed, 1, &input), RKNN_ERR_PARAM_INVALID);
}

TEST(InputsSet, OtherElementTypesComeAsTheyAre) {
  const OpenContext context(model_of({R"(graph "cast"
    input %ids: i64[3]
    input %mask: bool[3]
    %y: f32[3] = Cast(%ids) {to="f32"}
    %m: f32[3] = Cast(%mask) {to="f32"}
    %z: f32[3] = Mul(%y, %m)
    output %z)"}));
  EXPECT_EQ(attributes(context, RKNN_QUERY_INPUT_ATTR, 0).type, RKNN_TENSOR_INT64);
  EXPECT_EQ(attributes(context, RKNN_QUERY_INPUT_ATTR, 1).type, RKNN_TENSOR_BOOL);
  const int64_t ids[] = {3, 4, 5};
  const uint8_t mask[] = {1, 0, 77};
  rknn_input inputs[] = {input_of(ids, sizeof(ids), RKNN_TENSOR_INT64, RKNN_TENSOR_UNDEFINED, 0),
                         input_of(mask, sizeof(mask), RKNN_TENSOR_BOOL, RKNN_TENSOR_UNDEFINED, 1)};
  ASSERT_EQ(rknn_inputs_set(context, 2, inputs), RKNN_SUCC);
  EXPECT_THAT(run_and_get<float>(context), ElementsAreArray({3.0F, 0.0F, 5.0F}));
}

TEST(OutputsGet, FloatsAndPreallocatedBuffers) {
  const OpenContext context(code_model());
  ASSERT_EQ(set_picture(context, counting_picture()), RKNN_SUCC);
  const std::vector<float> values = run_and_get<float>(context);
  const std::vector<int8_t> codes = counting_codes();
  ASSERT_EQ(values.size(), codes.size());
  for (size_t i = 0; i < codes.size(); ++i) {
    EXPECT_THAT(values[i], FloatNear(static_cast<float>(codes[i] + 128) / 255, 1e-6F));
  }
  std::vector<int8_t> room(kElements, 1);
  rknn_output output = {};
  output.is_prealloc = 1;
  output.buf = room.data();
  output.size = kElements;
  rknn_output_extend extend = {};
  ASSERT_EQ(rknn_outputs_get(context, 1, &output, &extend), RKNN_SUCC);
  EXPECT_EQ(room, codes);
  EXPECT_EQ(extend.frame_id, 1U);
  EXPECT_EQ(rknn_outputs_release(context, 1, &output), RKNN_SUCC);  // the buffer stays the caller's
}

TEST(OutputsGet, RefusesWhatDoesNotFit) {
  const OpenContext context(code_model());
  rknn_output output = {};
  EXPECT_EQ(rknn_outputs_get(context, 1, &output, nullptr), RKNN_ERR_FAIL);  // nothing has run
  ASSERT_EQ(set_picture(context, counting_picture()), RKNN_SUCC);
  ASSERT_EQ(rknn_run(context, nullptr), RKNN_SUCC);
  output.index = 1;
  EXPECT_EQ(rknn_outputs_get(context, 1, &output, nullptr), RKNN_ERR_OUTPUT_INVALID);
  output.index = 0;
  output.is_prealloc = 1;
  EXPECT_EQ(rknn_outputs_get(context, 1, &output, nullptr), RKNN_ERR_OUTPUT_INVALID);  // buf is null
  std::vector<std::byte> room(4 * kElements);
  output.buf = room.data();
  output.size = kElements - 1;
  EXPECT_EQ(rknn_outputs_get(context, 1, &output, nullptr), RKNN_ERR_OUTPUT_INVALID);
  output.size = kElements;
  output.want_float = 1;
  EXPECT_EQ(rknn_outputs_get(context, 1, &output, nullptr), RKNN_ERR_OUTPUT_INVALID);
  EXPECT_EQ(rknn_outputs_get(context, 1, nullptr, nullptr), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_outputs_get(context, 0, &output, nullptr), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_outputs_get(context, 2, &output, nullptr), RKNN_ERR_PARAM_INVALID);
  const OpenContext unflushed(code_model(), RKNN_FLAG_DISABLE_FLUSH_OUTPUT_MEM_CACHE);
  EXPECT_EQ(rknn_outputs_get(unflushed, 1, &output, nullptr), RKNN_ERR_PARAM_INVALID);
}

TEST(OutputsRelease, TwiceAndForeignBuffersAreHarmless) {
  const OpenContext context(code_model());
  ASSERT_EQ(set_picture(context, counting_picture()), RKNN_SUCC);
  ASSERT_EQ(rknn_run(context, nullptr), RKNN_SUCC);
  rknn_output output = {};
  ASSERT_EQ(rknn_outputs_get(context, 1, &output, nullptr), RKNN_SUCC);
  EXPECT_EQ(rknn_outputs_release(context, 1, &output), RKNN_SUCC);
  EXPECT_EQ(rknn_outputs_release(context, 1, &output), RKNN_SUCC);
  int foreign = 0;
  output.buf = &foreign;
  EXPECT_EQ(rknn_outputs_release(context, 1, &output), RKNN_SUCC);
  EXPECT_EQ(rknn_outputs_release(context, 1, nullptr), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_outputs_release(context, 2, &output), RKNN_ERR_PARAM_INVALID);
}

}  // namespace
}  // namespace sixtops::testing
