// rknn_query.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "capi/open_context.h"

namespace sixtops::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<uint32_t> dims_of(const rknn_tensor_attr& attr) { return {attr.dims, attr.dims + attr.n_dims}; }

TEST(Query, CountsInputsAndOutputs) {
  const OpenContext context(two_inputs_model());
  rknn_input_output_num count = {};
  ASSERT_EQ(rknn_query(context, RKNN_QUERY_IN_OUT_NUM, &count, sizeof(count)), RKNN_SUCC);
  EXPECT_EQ(count.n_input, 2U);
  EXPECT_EQ(count.n_output, 1U);
}

TEST(Query, AttributesOfACodePicture) {
  const OpenContext context(code_model());
  const rknn_tensor_attr input = attributes(context, RKNN_QUERY_INPUT_ATTR);
  EXPECT_STREQ(input.name, "images");
  EXPECT_THAT(dims_of(input), ElementsAre(1, 5, 7, 3));
  EXPECT_EQ(input.n_elems, 105U);
  EXPECT_EQ(input.size, 105U);
  EXPECT_EQ(input.w_stride, 16U);  // 7 pixels, rounded up
  EXPECT_EQ(input.size_with_stride, 5U * 16 * 3);
  EXPECT_EQ(input.fmt, RKNN_TENSOR_NHWC);
  EXPECT_EQ(input.type, RKNN_TENSOR_INT8);
  EXPECT_EQ(input.qnt_type, RKNN_TENSOR_QNT_AFFINE_ASYMMETRIC);
  EXPECT_EQ(input.zp, -128);
  EXPECT_FLOAT_EQ(input.scale, 1 / 255.0F);
  const rknn_tensor_attr output = attributes(context, RKNN_QUERY_OUTPUT_ATTR);
  EXPECT_STREQ(output.name, "output0");
  EXPECT_THAT(dims_of(output), ElementsAre(1, 3, 5, 7));
  EXPECT_EQ(output.fmt, RKNN_TENSOR_NCHW);
  EXPECT_EQ(output.w_stride, 0U);
  EXPECT_EQ(output.size, 105U);
  EXPECT_EQ(output.size_with_stride, 16U * 5 * 16);
  EXPECT_THAT(dims_of(attributes(context, RKNN_QUERY_NATIVE_INPUT_ATTR)), ElementsAre(1, 5, 7, 3));
  const rknn_tensor_attr native = attributes(context, RKNN_QUERY_NATIVE_OUTPUT_ATTR);
  EXPECT_EQ(native.fmt, RKNN_TENSOR_NC1HWC2);
  EXPECT_THAT(dims_of(native), ElementsAre(1, 1, 5, 7, 16));
  EXPECT_EQ(native.size_with_stride, 5U * 7 * 16);
  EXPECT_THAT(dims_of(attributes(context, RKNN_QUERY_NATIVE_NHWC_OUTPUT_ATTR)), ElementsAre(1, 5, 7, 3));
  EXPECT_THAT(dims_of(attributes(context, RKNN_QUERY_CURRENT_INPUT_ATTR)), ElementsAre(1, 5, 7, 3));
  EXPECT_THAT(dims_of(attributes(context, RKNN_QUERY_CURRENT_NATIVE_OUTPUT_ATTR)), ElementsAre(1, 1, 5, 7, 16));
}

// The sizes that the vendor's runtime prints for a YOLOv5 of 640 x 640 pixels.
TEST(Query, SizesOfTheReferenceRun) {
  const OpenContext context(model_of({R"(graph "heads"
    input %images: i8[1x3x640x640] q(0.003921569, -128) {picture=1 std=[255.0]}
    input %h: i8[1x255x80x80] q(0.003921569, -128)
    input %m: i8[1x255x40x40] q(0.003921569, -128)
    input %l: i8[1x255x20x20] q(0.003921569, -128)
    %output0: i8[1x255x80x80] q(0.003921569, -128) = Identity(%h) : int8
    %"286": i8[1x255x40x40] q(0.003921569, -128) = Identity(%m) : int8
    %"288": i8[1x255x20x20] q(0.003921569, -128) = Identity(%l) : int8
    output %output0
    output %"286"
    output %"288")"}));
  const rknn_tensor_attr input = attributes(context, RKNN_QUERY_INPUT_ATTR);
  EXPECT_EQ(input.w_stride, 640U);
  EXPECT_EQ(input.size_with_stride, 1228800U);
  const uint32_t sizes[] = {1632000, 408000, 102000};
  const uint32_t padded[] = {1638400, 491520, 163840};
  for (uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(attributes(context, RKNN_QUERY_OUTPUT_ATTR, i).size, sizes[i]);
    EXPECT_EQ(attributes(context, RKNN_QUERY_OUTPUT_ATTR, i).size_with_stride, padded[i]);
  }
}

TEST(Query, NetworksThatAreNotQuantizedAreHalves) {
  const OpenContext context(float_model());
  const rknn_tensor_attr input = attributes(context, RKNN_QUERY_INPUT_ATTR);
  EXPECT_THAT(dims_of(input), ElementsAre(1, 3, 4, 2));
  EXPECT_EQ(input.type, RKNN_TENSOR_FLOAT16);
  EXPECT_EQ(input.qnt_type, RKNN_TENSOR_QNT_AFFINE_ASYMMETRIC);
  EXPECT_EQ(input.zp, 0);
  EXPECT_EQ(input.scale, 1);
  EXPECT_EQ(input.size, 48U);
  EXPECT_THAT(dims_of(attributes(context, RKNN_QUERY_NATIVE_INPUT_ATTR)), ElementsAre(1, 1, 3, 4, 8));
  const OpenContext matrix(two_inputs_model());
  const rknn_tensor_attr second = attributes(matrix, RKNN_QUERY_INPUT_ATTR, 1);
  EXPECT_STREQ(second.name, "b");
  EXPECT_EQ(second.fmt, RKNN_TENSOR_UNDEFINED);
  EXPECT_THAT(dims_of(second), ElementsAre(2, 3));
}

TEST(Query, IndicesAndSizesAreChecked) {
  const OpenContext context(code_model());
  rknn_tensor_attr attr = {};
  attr.index = 1;
  EXPECT_EQ(rknn_query(context, RKNN_QUERY_INPUT_ATTR, &attr, sizeof(attr)), RKNN_ERR_PARAM_INVALID);
  attr.index = UINT32_MAX;
  EXPECT_EQ(rknn_query(context, RKNN_QUERY_OUTPUT_ATTR, &attr, sizeof(attr)), RKNN_ERR_PARAM_INVALID);
  std::vector<std::byte> room(sizeof(rknn_input_range) + 1);
  for (int command = 0; command < RKNN_QUERY_CMD_MAX; ++command) {
    const auto query = static_cast<rknn_query_cmd>(command);
    EXPECT_EQ(rknn_query(context, query, nullptr, 8), RKNN_ERR_PARAM_INVALID) << command;
    EXPECT_EQ(rknn_query(context, query, room.data(), 3), RKNN_ERR_PARAM_INVALID) << command;
    EXPECT_EQ(rknn_query(context, query, room.data(), static_cast<uint32_t>(room.size())), RKNN_ERR_PARAM_INVALID)
        << command;
  }
  EXPECT_EQ(rknn_query(context, RKNN_QUERY_CMD_MAX, room.data(), 8), RKNN_ERR_PARAM_INVALID);
  rknn_tensor_mem mem = {};
  EXPECT_EQ(rknn_query(context, RKNN_QUERY_DEVICE_MEM_INFO, &mem, sizeof(mem)), RKNN_ERR_PARAM_INVALID);
}

TEST(Query, VersionMemoryAndText) {
  const OpenContext context(code_model());
  rknn_sdk_version version = {};
  ASSERT_EQ(rknn_query(context, RKNN_QUERY_SDK_VERSION, &version, sizeof(version)), RKNN_SUCC);
  EXPECT_THAT(version.api_version, HasSubstr("2.3.2 (sixtops"));
  EXPECT_STRNE(version.drv_version, "");
  rknn_custom_string text = {};
  ASSERT_EQ(rknn_query(context, RKNN_QUERY_CUSTOM_STRING, &text, sizeof(text)), RKNN_SUCC);
  EXPECT_STREQ(text.string, "RGB");
  const OpenContext without(float_model());
  ASSERT_EQ(rknn_query(without, RKNN_QUERY_CUSTOM_STRING, &text, sizeof(text)), RKNN_SUCC);
  EXPECT_STREQ(text.string, "");
  rknn_mem_size memory = {};
  ASSERT_EQ(rknn_query(context, RKNN_QUERY_MEM_SIZE, &memory, sizeof(memory)), RKNN_SUCC);
  EXPECT_EQ(memory.total_weight_size, 0U);
  EXPECT_GE(memory.total_dma_allocated_size, 2U * kElements);
}

TEST(Query, ALightContextTellsItsMemoryOnly) {
  const OpenContext context(code_model(), RKNN_FLAG_COLLECT_MODEL_INFO_ONLY);
  rknn_mem_size memory = {};
  EXPECT_EQ(rknn_query(context, RKNN_QUERY_MEM_SIZE, &memory, sizeof(memory)), RKNN_SUCC);
  rknn_input_output_num count = {};
  EXPECT_EQ(rknn_query(context, RKNN_QUERY_IN_OUT_NUM, &count, sizeof(count)), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(set_picture(context, counting_picture()), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_run(context, nullptr), RKNN_ERR_PARAM_INVALID);
}

TEST(Query, TimeOfTheRunAndOfEachLayer) {
  const OpenContext plain(code_model());
  rknn_perf_detail detail = {};
  ASSERT_EQ(rknn_query(plain, RKNN_QUERY_PERF_DETAIL, &detail, sizeof(detail)), RKNN_SUCC);
  EXPECT_THAT(detail.perf_data, HasSubstr("RKNN_FLAG_COLLECT_PERF_MASK"));
  const OpenContext measured(code_model(), RKNN_FLAG_COLLECT_PERF_MASK);
  ASSERT_EQ(set_picture(measured, counting_picture()), RKNN_SUCC);
  ASSERT_EQ(rknn_run(measured, nullptr), RKNN_SUCC);
  ASSERT_EQ(rknn_query(measured, RKNN_QUERY_PERF_DETAIL, &detail, sizeof(detail)), RKNN_SUCC);
  EXPECT_EQ(detail.data_len, std::string(detail.perf_data).size());
  EXPECT_THAT(detail.perf_data, HasSubstr("OpType"));
  rknn_perf_run run = {};
  run.run_duration = -1;
  ASSERT_EQ(rknn_query(measured, RKNN_QUERY_PERF_RUN, &run, sizeof(run)), RKNN_SUCC);
  EXPECT_GE(run.run_duration, 0);
}

TEST(Query, OneShapeIsARangeOfOne) {
  const OpenContext context(code_model());
  rknn_input_range range = {};
  ASSERT_EQ(rknn_query(context, RKNN_QUERY_INPUT_DYNAMIC_RANGE, &range, sizeof(range)), RKNN_SUCC);
  EXPECT_EQ(range.shape_number, 1U);
  EXPECT_EQ(range.fmt, RKNN_TENSOR_NHWC);
  EXPECT_EQ(range.n_dims, 4U);
  EXPECT_STREQ(range.name, "images");
  EXPECT_EQ(range.dyn_range[0][2], 7U);
}

}  // namespace
}  // namespace sixtops::testing
