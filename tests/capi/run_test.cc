// rknn_run, rknn_wait, cores, dynamic shapes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <thread>

#include "capi/open_context.h"

namespace sixtops::testing {
namespace {

std::vector<int8_t> outputs_of(rknn_context context, uint64_t* frame = nullptr) {
  std::vector<int8_t> codes(kElements);
  rknn_output output = {};
  output.is_prealloc = 1;
  output.buf = codes.data();
  output.size = kElements;
  rknn_output_extend extend = {};
  EXPECT_EQ(rknn_outputs_get(context, 1, &output, &extend), RKNN_SUCC);
  if (frame != nullptr) *frame = extend.frame_id;
  return codes;
}

// A picture of one byte, and its codes.
std::vector<uint8_t> plain_picture(uint8_t byte) { return std::vector<uint8_t>(kElements, byte); }
std::vector<int8_t> plain_codes(uint8_t byte) {
  return std::vector<int8_t>(kElements, static_cast<int8_t>(byte - 128));
}

TEST(Run, NeedsItsInputs) {
  const OpenContext context(code_model());
  EXPECT_EQ(rknn_run(context, nullptr), RKNN_ERR_INPUT_INVALID);
  rknn_output output = {};
  EXPECT_EQ(rknn_outputs_get(context, 1, &output, nullptr), RKNN_ERR_FAIL);
  ASSERT_EQ(set_picture(context, counting_picture()), RKNN_SUCC);
  rknn_run_extend extend = {};
  EXPECT_EQ(rknn_run(context, &extend), RKNN_SUCC);
  EXPECT_EQ(extend.frame_id, 1U);
  EXPECT_EQ(rknn_run(context, &extend), RKNN_SUCC);
  EXPECT_EQ(extend.frame_id, 2U);
}

TEST(Run, InTheBackground) {
  const OpenContext context(code_model());
  for (const uint8_t byte : {uint8_t{3}, uint8_t{200}, uint8_t{7}}) {
    ASSERT_EQ(set_picture(context, plain_picture(byte)), RKNN_SUCC);
    rknn_run_extend extend = {};
    extend.non_block = 1;
    ASSERT_EQ(rknn_run(context, &extend), RKNN_SUCC);
    // The next input may come while the run goes on.
    ASSERT_EQ(set_picture(context, plain_picture(99)), RKNN_SUCC);
    extend.timeout_ms = 10000;
    EXPECT_EQ(rknn_wait(context, &extend), RKNN_SUCC);
    EXPECT_EQ(outputs_of(context), plain_codes(byte));
  }
}

TEST(Wait, BeforeAnyRunThereIsNothingToWaitFor) {
  const OpenContext context(code_model());
  EXPECT_EQ(rknn_wait(context, nullptr), RKNN_SUCC);
}

TEST(Run, AheadHandsOutTheFrameBefore) {
  const OpenContext context(code_model(), RKNN_FLAG_ASYNC_MASK);
  for (uint8_t frame = 1; frame < 20; ++frame) {
    ASSERT_EQ(set_picture(context, plain_picture(frame)), RKNN_SUCC);
    ASSERT_EQ(rknn_run(context, nullptr), RKNN_SUCC);
    const uint8_t expected = frame == 1 ? uint8_t{1} : static_cast<uint8_t>(frame - 1);
    uint64_t id = 0;
    EXPECT_EQ(outputs_of(context, &id), plain_codes(expected));
    EXPECT_EQ(id, expected);
  }
}

TEST(Run, CoreMasks) {
  const OpenContext context(code_model());
  for (const rknn_core_mask mask : {RKNN_NPU_CORE_AUTO, RKNN_NPU_CORE_0, RKNN_NPU_CORE_1, RKNN_NPU_CORE_2,
                                    RKNN_NPU_CORE_0_1, RKNN_NPU_CORE_0_1_2, RKNN_NPU_CORE_ALL}) {
    EXPECT_EQ(rknn_set_core_mask(context, mask), RKNN_SUCC);
  }
  EXPECT_EQ(rknn_set_core_mask(context, RKNN_NPU_CORE_UNDEFINED), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_set_core_mask(context, static_cast<rknn_core_mask>(5)), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_set_batch_core_num(context, 3), RKNN_SUCC);
  EXPECT_EQ(rknn_set_batch_core_num(context, 4), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_set_batch_core_num(context, -1), RKNN_ERR_PARAM_INVALID);
}

std::vector<float> relu_of(rknn_context context, std::vector<float> values) {
  rknn_input input = input_of(values.data(), values.size() * 4, RKNN_TENSOR_FLOAT32, RKNN_TENSOR_UNDEFINED);
  EXPECT_EQ(rknn_inputs_set(context, 1, &input), RKNN_SUCC);
  EXPECT_EQ(rknn_run(context, nullptr), RKNN_SUCC);
  rknn_output output = {};
  output.want_float = 1;
  EXPECT_EQ(rknn_outputs_get(context, 1, &output, nullptr), RKNN_SUCC);
  values.resize(output.size / 4);
  std::memcpy(values.data(), output.buf, output.size);
  EXPECT_EQ(rknn_outputs_release(context, 1, &output), RKNN_SUCC);
  return values;
}

TEST(InputShapes, ChooseOneOfTheModels) {
  const OpenContext context(two_shapes_model());
  rknn_tensor_attr attr = attributes(context, RKNN_QUERY_INPUT_ATTR);
  EXPECT_EQ(attr.dims[1], 8U);  // the largest, before any choice
  rknn_input_range range = {};
  ASSERT_EQ(rknn_query(context, RKNN_QUERY_INPUT_DYNAMIC_RANGE, &range, sizeof(range)), RKNN_SUCC);
  EXPECT_EQ(range.shape_number, 2U);
  EXPECT_EQ(range.dyn_range[0][1], 4U);
  EXPECT_EQ(range.dyn_range[1][1], 8U);
  EXPECT_EQ(relu_of(context, {1, -1, 2, -2, 3, -3, 4, -4}), (std::vector<float>{1, 0, 2, 0, 3, 0, 4, 0}));
  attr.dims[1] = 4;
  ASSERT_EQ(rknn_set_input_shapes(context, 1, &attr), RKNN_SUCC);
  EXPECT_EQ(attributes(context, RKNN_QUERY_CURRENT_INPUT_ATTR).dims[1], 4U);
  EXPECT_EQ(attributes(context, RKNN_QUERY_CURRENT_OUTPUT_ATTR).dims[1], 4U);
  EXPECT_EQ(rknn_run(context, nullptr), RKNN_ERR_INPUT_INVALID);  // the inputs of the other shape are forgotten
  EXPECT_EQ(relu_of(context, {1, -1, 2, -2}), (std::vector<float>{1, 0, 2, 0}));
  attr.dims[1] = 8;
  EXPECT_EQ(rknn_set_input_shape(context, &attr), RKNN_SUCC);
}

TEST(InputShapes, RefusesOthers) {
  const OpenContext context(two_shapes_model());
  rknn_tensor_attr attr = attributes(context, RKNN_QUERY_INPUT_ATTR);
  attr.dims[1] = 5;
  EXPECT_EQ(rknn_set_input_shapes(context, 1, &attr), RKNN_ERR_PARAM_INVALID);
  attr.dims[1] = 4;
  attr.n_dims = 17;
  EXPECT_EQ(rknn_set_input_shapes(context, 1, &attr), RKNN_ERR_PARAM_INVALID);
  attr.n_dims = 3;
  EXPECT_EQ(rknn_set_input_shapes(context, 1, &attr), RKNN_ERR_PARAM_INVALID);
  attr.n_dims = 2;
  attr.index = 1;
  EXPECT_EQ(rknn_set_input_shapes(context, 1, &attr), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_set_input_shapes(context, 2, &attr), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_set_input_shapes(context, 1, nullptr), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_set_input_shape(context, nullptr), RKNN_ERR_PARAM_INVALID);
  const OpenContext one_shape(code_model());
  attr = attributes(one_shape, RKNN_QUERY_INPUT_ATTR);
  EXPECT_EQ(rknn_set_input_shapes(one_shape, 1, &attr), RKNN_SUCC);
  attr.dims[1] = 6;
  EXPECT_EQ(rknn_set_input_shapes(one_shape, 1, &attr), RKNN_ERR_PARAM_INVALID);
}

TEST(Threads, OneContextIsLocked) {
  const OpenContext context(code_model());
  const auto work = [&] {
    for (int i = 0; i < 200; ++i) {
      ASSERT_EQ(set_picture(context, plain_picture(42)), RKNN_SUCC);
      ASSERT_EQ(rknn_run(context, nullptr), RKNN_SUCC);
      ASSERT_EQ(outputs_of(context), plain_codes(42));
    }
  };
  std::thread other(work);
  work();
  other.join();
}

TEST(Threads, DuplicatesRunSideBySide) {
  const ModelBytes model = code_model();
  rknn_context first = 0;
  ASSERT_EQ(init(&first, model), RKNN_SUCC);
  std::vector<std::thread> threads;
  for (uint8_t t = 0; t < 4; ++t) {
    threads.emplace_back([&first, t] {
      rknn_context own = 0;
      ASSERT_EQ(rknn_dup_context(&first, &own), RKNN_SUCC);
      for (int i = 0; i < 100; ++i) {
        const auto byte = static_cast<uint8_t>(i + t);
        ASSERT_EQ(set_picture(own, plain_picture(byte)), RKNN_SUCC);
        ASSERT_EQ(rknn_run(own, nullptr), RKNN_SUCC);
        ASSERT_EQ(outputs_of(own), plain_codes(byte));
      }
      ASSERT_EQ(rknn_destroy(own), RKNN_SUCC);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(rknn_destroy(first), RKNN_SUCC);
}

TEST(Threads, DestroyWhileAnotherThreadCalls) {
  for (int round = 0; round < 20; ++round) {
    rknn_context context = 0;
    ASSERT_EQ(init(&context, code_model()), RKNN_SUCC);
    std::thread caller([context] {
      int code = RKNN_SUCC;
      while (code != RKNN_ERR_CTX_INVALID) {
        code = set_picture(context, plain_picture(1));
        if (code == RKNN_SUCC) code = rknn_run(context, nullptr);
      }
    });
    std::this_thread::yield();
    EXPECT_EQ(rknn_destroy(context), RKNN_SUCC);
    caller.join();
  }
}

}  // namespace
}  // namespace sixtops::testing
