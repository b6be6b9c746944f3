// rknn_init, rknn_dup_context, rknn_destroy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "capi/open_context.h"

namespace sixtops::testing {
namespace {

using ::testing::HasSubstr;

TEST(Init, FromMemoryAndFromAFileOfAnyName) {
  rknn_context context = 0;
  ASSERT_EQ(init(&context, code_model()), RKNN_SUCC);
  EXPECT_NE(context, 0U);
  EXPECT_EQ(rknn_destroy(context), RKNN_SUCC);
  ModelFile file(code_model(), "yolov5s-640-640.rknn");
  ASSERT_EQ(rknn_init(&context, file.path(), 0, 0, nullptr), RKNN_SUCC);
  EXPECT_EQ(rknn_destroy(context), RKNN_SUCC);
}

TEST(Init, TheModelMayGoAfterwards) {
  ModelBytes model = code_model();
  rknn_context context = 0;
  ASSERT_EQ(rknn_init(&context, model.data(), static_cast<uint32_t>(model.size()), 0, nullptr), RKNN_SUCC);
  std::fill(model.begin(), model.end(), std::byte{0});
  ASSERT_EQ(set_picture(context, counting_picture()), RKNN_SUCC);
  EXPECT_EQ(rknn_run(context, nullptr), RKNN_SUCC);
  rknn_destroy(context);
}

TEST(Init, WhatIsNoModelIsRefused) {
  rknn_context context = 1;
  char nowhere[] = "/nowhere/model.rknn";
  EXPECT_EQ(rknn_init(&context, nowhere, 0, 0, nullptr), RKNN_ERR_MODEL_INVALID);
  EXPECT_EQ(context, 0U);
  EXPECT_EQ(rknn_init(nullptr, nowhere, 0, 0, nullptr), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_init(&context, nullptr, 100, 0, nullptr), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_init(&context, nullptr, 0, 0, nullptr), RKNN_ERR_PARAM_INVALID);
  char foreign[64] = "no model at all";
  EXPECT_EQ(rknn_init(&context, foreign, sizeof(foreign), 0, nullptr), RKNN_ERR_MODEL_INVALID);
  ModelBytes model = code_model();
  for (const size_t size : {size_t{1}, size_t{63}, model.size() / 2, model.size() - 1}) {
    EXPECT_EQ(rknn_init(&context, model.data(), static_cast<uint32_t>(size), 0, nullptr), RKNN_ERR_MODEL_INVALID);
  }
}

TEST(Init, AVendorFileIsToldApart) {
  char vendor[64] = "RKNN";
  rknn_context context = 0;
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(rknn_init(&context, vendor, sizeof(vendor), 0, nullptr), RKNN_ERR_MODEL_INVALID);
  const std::string line = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(line, HasSubstr("rknn_init: model: a vendor-compiled .rknn file"));
  EXPECT_THAT(line, HasSubstr("sixtops convert"));
}

TEST(Init, FlagsAreChecked) {
  rknn_context context = 0;
  EXPECT_EQ(init(&context, code_model(), 0x40000), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(init(&context, code_model(), 3), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(init(&context, code_model(), RKNN_FLAG_FENCE_IN_OUTSIDE), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(init(&context, code_model(), RKNN_FLAG_SHARE_WEIGHT_MEM), RKNN_ERR_PARAM_INVALID);
  rknn_init_extend extend = {};
  EXPECT_EQ(init(&context, code_model(), RKNN_FLAG_SHARE_WEIGHT_MEM, &extend), RKNN_ERR_CTX_INVALID);
  const OpenContext other(code_model());
  extend.ctx = other;
  ASSERT_EQ(init(&context, code_model(), RKNN_FLAG_SHARE_WEIGHT_MEM, &extend), RKNN_SUCC);
  rknn_destroy(context);
  for (const int flag : {RKNN_FLAG_PRIOR_MEDIUM, RKNN_FLAG_PRIOR_LOW, RKNN_FLAG_EXECUTE_FALLBACK_PRIOR_DEVICE_GPU,
                         RKNN_FLAG_ENABLE_SRAM, RKNN_FLAG_DISABLE_PROC_HIGH_PRIORITY}) {
    const OpenContext accepted(code_model(), static_cast<uint32_t>(flag));
  }
}

TEST(Init, AModelInsideOfALargerFile) {
  const ModelBytes model = code_model();
  ModelBytes larger(100);
  larger.insert(larger.end(), model.begin(), model.end());
  larger.resize(larger.size() + 50);
  ModelFile file(larger);
  rknn_init_extend extend = {};
  extend.real_model_offset = 100;
  extend.real_model_size = static_cast<uint32_t>(model.size());
  rknn_context context = 0;
  EXPECT_EQ(rknn_init(&context, file.path(), 0, 0, &extend), RKNN_SUCC);
  rknn_destroy(context);
  extend.real_model_offset = -1;
  EXPECT_EQ(rknn_init(&context, file.path(), 0, 0, &extend), RKNN_ERR_PARAM_INVALID);
  extend.real_model_offset = 200;
  EXPECT_EQ(rknn_init(&context, file.path(), 0, 0, &extend), RKNN_ERR_PARAM_INVALID);
}

TEST(Init, AModelUsedInPlaceOutlivesItsMemory) {
  const ModelBytes model = float_model();
  rknn_tensor_mem* mem = rknn_create_mem2(0, model.size(), RKNN_MEM_FLAG_ALLOC_NO_CONTEXT);
  ASSERT_NE(mem, nullptr);
  std::memcpy(mem->virt_addr, model.data(), model.size());
  rknn_init_extend extend = {};
  extend.real_model_size = static_cast<uint32_t>(model.size());
  rknn_context context = 0;
  ASSERT_EQ(rknn_init(&context, mem->virt_addr, static_cast<uint32_t>(model.size()), RKNN_FLAG_MODEL_BUFFER_ZERO_COPY,
                      &extend),
            RKNN_SUCC);
  EXPECT_EQ(rknn_destroy_mem(context, mem), RKNN_SUCC);
  const std::vector<float> values(24, 5);
  rknn_input input = input_of(values.data(), 96, RKNN_TENSOR_FLOAT32, RKNN_TENSOR_NHWC);
  EXPECT_EQ(rknn_inputs_set(context, 1, &input), RKNN_SUCC);
  EXPECT_EQ(rknn_run(context, nullptr), RKNN_SUCC);
  rknn_destroy(context);
  EXPECT_EQ(init(&context, model, RKNN_FLAG_MODEL_BUFFER_ZERO_COPY), RKNN_ERR_PARAM_INVALID);
}

TEST(DupContext, RunsOnItsOwn) {
  rknn_context first = 0;
  ASSERT_EQ(init(&first, code_model()), RKNN_SUCC);
  rknn_context second = 0;
  ASSERT_EQ(rknn_dup_context(&first, &second), RKNN_SUCC);
  EXPECT_NE(first, second);
  EXPECT_EQ(rknn_destroy(first), RKNN_SUCC);
  EXPECT_EQ(set_picture(second, counting_picture()), RKNN_SUCC);
  EXPECT_EQ(rknn_run(second, nullptr), RKNN_SUCC);
  EXPECT_EQ(rknn_dup_context(&first, &second), RKNN_ERR_CTX_INVALID);
  EXPECT_EQ(rknn_dup_context(nullptr, &second), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_dup_context(&second, nullptr), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_destroy(second), RKNN_SUCC);
}

TEST(Destroy, AContextThatIsGoneIsAnErrorEverywhere) {
  rknn_context context = 0;
  ASSERT_EQ(init(&context, code_model()), RKNN_SUCC);
  ASSERT_EQ(rknn_destroy(context), RKNN_SUCC);
  const OpenContext successor(code_model());  // takes the same place
  rknn_tensor_attr attr = {};
  rknn_input input = {};
  rknn_output output = {};
  for (const rknn_context gone : {context, rknn_context{0}, rknn_context{12345}, ~rknn_context{0}}) {
    EXPECT_EQ(rknn_destroy(gone), RKNN_ERR_CTX_INVALID);
    EXPECT_EQ(rknn_query(gone, RKNN_QUERY_INPUT_ATTR, &attr, sizeof(attr)), RKNN_ERR_CTX_INVALID);
    EXPECT_EQ(rknn_inputs_set(gone, 1, &input), RKNN_ERR_CTX_INVALID);
    EXPECT_EQ(rknn_run(gone, nullptr), RKNN_ERR_CTX_INVALID);
    EXPECT_EQ(rknn_wait(gone, nullptr), RKNN_ERR_CTX_INVALID);
    EXPECT_EQ(rknn_outputs_get(gone, 1, &output, nullptr), RKNN_ERR_CTX_INVALID);
    EXPECT_EQ(rknn_outputs_release(gone, 1, &output), RKNN_ERR_CTX_INVALID);
    EXPECT_EQ(rknn_set_core_mask(gone, RKNN_NPU_CORE_AUTO), RKNN_ERR_CTX_INVALID);
    EXPECT_EQ(rknn_set_batch_core_num(gone, 1), RKNN_ERR_CTX_INVALID);
    EXPECT_EQ(rknn_create_mem(gone, 16), nullptr);
    EXPECT_EQ(rknn_set_io_mem(gone, nullptr, &attr), RKNN_ERR_CTX_INVALID);
    EXPECT_EQ(rknn_set_weight_mem(gone, nullptr), RKNN_ERR_CTX_INVALID);
    EXPECT_EQ(rknn_set_internal_mem(gone, nullptr), RKNN_ERR_CTX_INVALID);
    EXPECT_EQ(rknn_set_input_shape(gone, &attr), RKNN_ERR_CTX_INVALID);
    EXPECT_EQ(rknn_set_input_shapes(gone, 1, &attr), RKNN_ERR_CTX_INVALID);
    EXPECT_EQ(rknn_mem_sync(gone, nullptr, RKNN_MEMORY_SYNC_TO_DEVICE), RKNN_ERR_CTX_INVALID);
  }
}

}  // namespace
}  // namespace sixtops::testing
