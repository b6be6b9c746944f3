// rknn_register_custom_ops, rknn_custom_op_get_op_attr.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rknn_custom_op.h>

#include <cstring>

#include "capi/open_context.h"

namespace sixtops::testing {
namespace {

struct Calls {
  int init = 0;
  int prepare = 0;
  int compute = 0;
  int destroy = 0;
  std::string node;
  std::string mode;
  int64_t steps = 0;
  uint32_t unknown = 99;
  int answer = 0;
};
Calls calls;

int scale_init(rknn_custom_op_context* op, rknn_custom_op_tensor* in, uint32_t n_in, rknn_custom_op_tensor*, uint32_t) {
  ++calls.init;
  op->priv_data = new int(5);
  EXPECT_EQ(n_in, 1U);
  EXPECT_EQ(in[0].attr.n_elems, 8U);
  EXPECT_EQ(in[0].mem.virt_addr, nullptr);
  return calls.answer;
}

int scale_prepare(rknn_custom_op_context*, rknn_custom_op_tensor*, uint32_t, rknn_custom_op_tensor*, uint32_t) {
  ++calls.prepare;
  return 0;
}

std::string text_attribute(rknn_custom_op_context* op, const char* name) {
  rknn_custom_op_attr attr = {};
  rknn_custom_op_get_op_attr(op, name, &attr);
  EXPECT_EQ(attr.dtype, RKNN_TENSOR_UINT8);
  return {static_cast<const char*>(attr.data), attr.n_elems};
}

int scale_compute(rknn_custom_op_context* op, rknn_custom_op_tensor* in, uint32_t n_in, rknn_custom_op_tensor* out,
                  uint32_t n_out) {
  ++calls.compute;
  EXPECT_EQ(n_in, 1U);
  EXPECT_EQ(n_out, 1U);
  EXPECT_EQ(in[0].attr.type, RKNN_TENSOR_FLOAT32);
  EXPECT_EQ(in[0].attr.fmt, RKNN_TENSOR_NCHW);
  EXPECT_STREQ(out[0].attr.name, "y");
  EXPECT_EQ(*static_cast<int*>(op->priv_data), 5);
  calls.node = text_attribute(op, "name");
  calls.mode = text_attribute(op, "mode");
  rknn_custom_op_attr attr = {};
  rknn_custom_op_get_op_attr(op, "steps", &attr);
  EXPECT_EQ(attr.dtype, RKNN_TENSOR_INT64);
  EXPECT_EQ(attr.n_elems, 2U);
  calls.steps = static_cast<const int64_t*>(attr.data)[1];
  rknn_custom_op_get_op_attr(op, "no such", &attr);
  calls.unknown = attr.n_elems;
  rknn_custom_op_get_op_attr(op, "factor", &attr);
  EXPECT_EQ(attr.dtype, RKNN_TENSOR_FLOAT32);
  const float factor = *static_cast<const float*>(attr.data);
  const auto* x = reinterpret_cast<const float*>(static_cast<const char*>(in[0].mem.virt_addr) + in[0].mem.offset);
  auto* y = reinterpret_cast<float*>(static_cast<char*>(out[0].mem.virt_addr) + out[0].mem.offset);
  for (uint32_t i = 0; i < in[0].attr.n_elems; ++i) y[i] = factor * x[i];
  return calls.answer;
}

int scale_destroy(rknn_custom_op_context* op) {
  ++calls.destroy;
  delete static_cast<int*>(op->priv_data);
  return 0;
}

rknn_custom_op scale_op() {
  rknn_custom_op op = {};
  op.version = 1;
  op.target = RKNN_TARGET_TYPE_CPU;
  std::strcpy(op.op_type, "cstScale");
  op.init = scale_init;
  op.prepare = scale_prepare;
  op.compute = scale_compute;
  op.destroy = scale_destroy;
  return op;
}

int run_on_threes(rknn_context context, float* first = nullptr) {
  const std::vector<float> values(8, 3);
  rknn_input input = input_of(values.data(), 32, RKNN_TENSOR_FLOAT32, RKNN_TENSOR_NHWC);
  EXPECT_EQ(rknn_inputs_set(context, 1, &input), RKNN_SUCC);
  const int code = rknn_run(context, nullptr);
  if (code != RKNN_SUCC || first == nullptr) return code;
  rknn_output output = {};
  output.want_float = 1;
  EXPECT_EQ(rknn_outputs_get(context, 1, &output, nullptr), RKNN_SUCC);
  *first = *static_cast<float*>(output.buf);
  EXPECT_EQ(rknn_outputs_release(context, 1, &output), RKNN_SUCC);
  return code;
}

TEST(CustomOperator, RunsItsCallbacks) {
  calls = {};
  {
    const OpenContext context(custom_model());
    EXPECT_EQ(run_on_threes(context), RKNN_ERR_FAIL);  // nothing is registered
    rknn_custom_op op = scale_op();
    ASSERT_EQ(rknn_register_custom_ops(context, &op, 1), RKNN_SUCC);
    std::memset(&op, 0, sizeof(op));  // the structure was copied
    float first = 0;
    ASSERT_EQ(run_on_threes(context, &first), RKNN_SUCC);
    EXPECT_EQ(first, 9);
    ASSERT_EQ(run_on_threes(context), RKNN_SUCC);
    calls.answer = -5;
    EXPECT_EQ(run_on_threes(context), RKNN_ERR_FAIL);
    calls.answer = 0;
  }
  EXPECT_EQ(calls.init, 1);
  EXPECT_EQ(calls.prepare, 3);
  EXPECT_EQ(calls.compute, 3);
  EXPECT_EQ(calls.destroy, 1);
  EXPECT_EQ(calls.node, "scale_node");
  EXPECT_EQ(calls.mode, "up");
  EXPECT_EQ(calls.steps, 5);
  EXPECT_EQ(calls.unknown, 0U);
}

TEST(CustomOperator, RefusesWhatCannotRun) {
  calls = {};
  const OpenContext context(custom_model());
  rknn_custom_op op = scale_op();
  EXPECT_EQ(rknn_register_custom_ops(context, nullptr, 1), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_register_custom_ops(context, &op, 0), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_register_custom_ops(0, &op, 1), RKNN_ERR_CTX_INVALID);
  op.target = RKNN_TARGET_TYPE_GPU;
  EXPECT_EQ(rknn_register_custom_ops(context, &op, 1), RKNN_ERR_PARAM_INVALID);
  op = scale_op();
  op.compute = nullptr;
  EXPECT_EQ(rknn_register_custom_ops(context, &op, 1), RKNN_ERR_PARAM_INVALID);
  op = scale_op();
  op.op_type[0] = 0;
  EXPECT_EQ(rknn_register_custom_ops(context, &op, 1), RKNN_ERR_PARAM_INVALID);
  std::strcpy(op.op_type, "cstOther");  // the model has none: a plug-in of more than one model's operators
  EXPECT_EQ(rknn_register_custom_ops(context, &op, 1), RKNN_SUCC);
  const OpenContext relu(float_model());
  std::strcpy(op.op_type, "Relu");
  EXPECT_EQ(rknn_register_custom_ops(relu, &op, 1), RKNN_ERR_FAIL);
  EXPECT_EQ(calls.destroy, 0);
}

TEST(CustomOperator, AnInitThatSkipsOrFailsLeavesNothingBehind) {
  for (const int answer : {RKNN_WARNING_SKIP_CUSTOM_OP_COMPUTE, -1}) {
    calls = {};
    calls.answer = answer;
    {
      const OpenContext context(custom_model());
      rknn_custom_op op = scale_op();
      op.init = [](rknn_custom_op_context*, rknn_custom_op_tensor*, uint32_t, rknn_custom_op_tensor*, uint32_t) {
        return calls.answer;
      };
      EXPECT_EQ(rknn_register_custom_ops(context, &op, 1), answer == -1 ? RKNN_ERR_FAIL : RKNN_SUCC);
      EXPECT_EQ(run_on_threes(context), RKNN_ERR_FAIL);
    }
    EXPECT_EQ(calls.destroy, 0);
  }
}

TEST(CustomOperator, AttributesOfAForeignContext) {
  rknn_custom_op_context foreign = {};
  foreign.internal_ctx = 42;
  rknn_custom_op_attr attr = {};
  attr.n_elems = 7;
  rknn_custom_op_get_op_attr(&foreign, "name", &attr);
  EXPECT_EQ(attr.n_elems, 0U);
  attr.n_elems = 7;
  rknn_custom_op_get_op_attr(nullptr, "name", &attr);
  EXPECT_EQ(attr.n_elems, 0U);
  rknn_custom_op_get_op_attr(&foreign, nullptr, &attr);
  rknn_custom_op_get_op_attr(&foreign, "name", nullptr);
}

}  // namespace
}  // namespace sixtops::testing
