// rknn_set_io_mem: memory that each run reads and writes in place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "capi/open_context.h"
#include "graph/dtype.h"

namespace sixtops::testing {
namespace {

template <typename T>
T* data_of(rknn_tensor_mem* mem) {
  return reinterpret_cast<T*>(static_cast<char*>(mem->virt_addr) + mem->offset);
}

// Memory bound to an input or output, freed with the scope.
class Bound {
 public:
  Bound(rknn_context context, rknn_tensor_attr attr, uint32_t size) : context_(context) {
    mem = rknn_create_mem(context, size);
    EXPECT_EQ(rknn_set_io_mem(context, mem, &attr), RKNN_SUCC);
  }
  ~Bound() { rknn_destroy_mem(context_, mem); }
  Bound(const Bound&) = delete;
  Bound& operator=(const Bound&) = delete;
  rknn_tensor_mem* mem = nullptr;

 private:
  rknn_context context_;
};

TEST(SetIoMem, BytesWithGapsBetweenRows) {
  const OpenContext context(code_model());
  rknn_tensor_attr input = attributes(context, RKNN_QUERY_INPUT_ATTR);
  input.type = RKNN_TENSOR_UINT8;
  const Bound in(context, input, input.size_with_stride);
  const Bound out(context, attributes(context, RKNN_QUERY_OUTPUT_ATTR), kElements);
  const std::vector<uint8_t> picture = counting_picture();
  std::memset(in.mem->virt_addr, 0xee, in.mem->size);
  for (uint32_t y = 0; y < kRows; ++y) {
    std::memcpy(data_of<uint8_t>(in.mem) + y * input.w_stride * kChannels, picture.data() + y * kColumns * kChannels,
                kColumns * kChannels);
  }
  ASSERT_EQ(rknn_run(context, nullptr), RKNN_SUCC);
  const std::vector<int8_t> codes = counting_codes();
  EXPECT_EQ(std::memcmp(data_of<int8_t>(out.mem), codes.data(), codes.size()), 0);
  std::memset(in.mem->virt_addr, 128, in.mem->size);  // the next run reads the memory again
  ASSERT_EQ(rknn_run(context, nullptr), RKNN_SUCC);
  EXPECT_THAT(std::vector(data_of<int8_t>(out.mem), data_of<int8_t>(out.mem) + kElements), ::testing::Each(0));
}

TEST(SetIoMem, MemoryWithoutRoomForGapsHasNone) {
  const OpenContext context(code_model());
  rknn_tensor_attr input = attributes(context, RKNN_QUERY_INPUT_ATTR);
  input.type = RKNN_TENSOR_UINT8;
  const Bound in(context, input, kElements);
  const Bound out(context, attributes(context, RKNN_QUERY_OUTPUT_ATTR), kElements);
  const std::vector<uint8_t> picture = counting_picture();
  std::memcpy(in.mem->virt_addr, picture.data(), picture.size());
  ASSERT_EQ(rknn_run(context, nullptr), RKNN_SUCC);
  const std::vector<int8_t> codes = counting_codes();
  EXPECT_EQ(std::memcmp(data_of<int8_t>(out.mem), codes.data(), codes.size()), 0);
}

TEST(SetIoMem, EveryOutputFormatHoldsTheSameValues) {
  std::vector<int8_t> codes(20 * 12);
  for (size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<int8_t>(i);
  struct Case {
    rknn_query_cmd command;
    rknn_tensor_format format;
    rknn_tensor_type type;
  };
  for (const Case& want : {Case{RKNN_QUERY_OUTPUT_ATTR, RKNN_TENSOR_NCHW, RKNN_TENSOR_INT8},
                           Case{RKNN_QUERY_OUTPUT_ATTR, RKNN_TENSOR_NCHW, RKNN_TENSOR_FLOAT32},
                           Case{RKNN_QUERY_NATIVE_OUTPUT_ATTR, RKNN_TENSOR_NC1HWC2, RKNN_TENSOR_INT8},
                           Case{RKNN_QUERY_NATIVE_NHWC_OUTPUT_ATTR, RKNN_TENSOR_NHWC, RKNN_TENSOR_INT8},
                           Case{RKNN_QUERY_NATIVE_NHWC_OUTPUT_ATTR, RKNN_TENSOR_NHWC, RKNN_TENSOR_FLOAT16}}) {
    const OpenContext context(many_channels_model());
    rknn_tensor_attr input = attributes(context, RKNN_QUERY_NATIVE_INPUT_ATTR);
    rknn_tensor_attr output = attributes(context, want.command);
    ASSERT_EQ(output.fmt, want.format);
    output.type = want.type;
    const Bound in(context, input, input.size_with_stride);
    const Bound out(context, output, 4 * output.size);
    for (size_t c = 0; c < 20; ++c) {
      for (size_t p = 0; p < 12; ++p) {
        data_of<int8_t>(in.mem)[(c / 16 * 12 + p) * 16 + c % 16] = codes[c * 12 + p];
      }
    }
    ASSERT_EQ(rknn_run(context, nullptr), RKNN_SUCC);
    for (size_t c = 0; c < 20; ++c) {
      for (size_t p = 0; p < 12; ++p) {
        size_t at = c * 12 + p;
        if (want.format == RKNN_TENSOR_NHWC) at = p * 20 + c;
        if (want.format == RKNN_TENSOR_NC1HWC2) at = (c / 16 * 12 + p) * 16 + c % 16;
        const float real = 0.5F * static_cast<float>(codes[c * 12 + p] - 3);
        if (want.type == RKNN_TENSOR_INT8) {
          EXPECT_EQ(data_of<int8_t>(out.mem)[at], codes[c * 12 + p]);
        }
        if (want.type == RKNN_TENSOR_FLOAT32) {
          EXPECT_EQ(data_of<float>(out.mem)[at], real);
        }
        if (want.type == RKNN_TENSOR_FLOAT16) {
          EXPECT_EQ(static_cast<float>(data_of<Half>(out.mem)[at]), real);
        }
      }
    }
  }
}

TEST(SetIoMem, RealNetworks) {
  const OpenContext context(float_model());
  rknn_tensor_attr input = attributes(context, RKNN_QUERY_INPUT_ATTR);
  rknn_tensor_attr output = attributes(context, RKNN_QUERY_OUTPUT_ATTR);
  output.type = RKNN_TENSOR_FLOAT32;  // attr.size stays that of halves, as the vendor's demo leaves it
  const Bound in(context, input, input.n_elems * 2);
  const Bound out(context, output, output.n_elems * 4);
  for (size_t i = 0; i < 24; ++i) data_of<Half>(in.mem)[i] = Half(1.5F);
  ASSERT_EQ(rknn_run(context, nullptr), RKNN_SUCC);
  EXPECT_EQ(data_of<float>(out.mem)[23], 1.5F);
}

TEST(SetIoMem, WithBothWaysInOneContextIsRefused) {
  const OpenContext context(code_model());
  ASSERT_EQ(set_picture(context, counting_picture()), RKNN_SUCC);
  rknn_tensor_attr attr = attributes(context, RKNN_QUERY_INPUT_ATTR);
  rknn_tensor_mem* mem = rknn_create_mem(context, attr.size_with_stride);
  EXPECT_EQ(rknn_set_io_mem(context, mem, &attr), RKNN_ERR_PARAM_INVALID);
  const OpenContext other(code_model());
  EXPECT_EQ(rknn_set_io_mem(other, mem, &attr), RKNN_SUCC);
  EXPECT_EQ(set_picture(other, counting_picture()), RKNN_ERR_PARAM_INVALID);
  rknn_output output = {};
  EXPECT_EQ(rknn_outputs_get(other, 1, &output, nullptr), RKNN_ERR_PARAM_INVALID);
  rknn_destroy_mem(context, mem);
}

TEST(SetIoMem, RefusesWhatDoesNotFit) {
  const OpenContext context(code_model());
  const rknn_tensor_attr input = attributes(context, RKNN_QUERY_INPUT_ATTR);
  const rknn_tensor_attr output = attributes(context, RKNN_QUERY_OUTPUT_ATTR);
  rknn_tensor_mem* mem = rknn_create_mem(context, 4 * kElements);
  rknn_tensor_mem* small = rknn_create_mem(context, kElements - 1);
  const auto bind = [&](rknn_tensor_mem* to, rknn_tensor_attr attr, auto change) {
    change(attr);
    return rknn_set_io_mem(context, to, &attr);
  };
  const auto as_it_is = [](rknn_tensor_attr&) {};
  EXPECT_EQ(bind(nullptr, input, as_it_is), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(rknn_set_io_mem(context, mem, nullptr), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(bind(small, input, as_it_is), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(bind(small, output, as_it_is), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(bind(mem, input, [](rknn_tensor_attr& a) { a.type = RKNN_TENSOR_INT64; }), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(bind(mem, input, [](rknn_tensor_attr& a) { a.fmt = RKNN_TENSOR_UNDEFINED; }), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(bind(mem, output, [](rknn_tensor_attr& a) { a.type = RKNN_TENSOR_INT16; }), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(bind(mem, output, [](rknn_tensor_attr& a) { a.type = RKNN_TENSOR_INT4; }), RKNN_ERR_PARAM_INVALID);
  // Neither the name nor the index, which both sides have, tells which one is meant.
  EXPECT_EQ(bind(mem, input, [](rknn_tensor_attr& a) { a.name[0] = '?'; }), RKNN_ERR_PARAM_INVALID);
  EXPECT_EQ(bind(mem, output, as_it_is), RKNN_SUCC);
  EXPECT_EQ(rknn_run(context, nullptr), RKNN_ERR_INPUT_INVALID);  // only the output is bound
  EXPECT_EQ(bind(mem, input, as_it_is), RKNN_SUCC);
  rknn_destroy_mem(context, small);
  EXPECT_EQ(rknn_destroy_mem(context, mem), RKNN_SUCC);
  EXPECT_EQ(rknn_run(context, nullptr), RKNN_SUCC);  // what is bound lives on
}

TEST(SetIoMem, AnIndexIsEnoughWhereOneSideHasIt) {
  const OpenContext context(two_inputs_model());
  rknn_tensor_attr attr = attributes(context, RKNN_QUERY_INPUT_ATTR, 1);
  attr.name[0] = 0;
  rknn_tensor_mem* mem = rknn_create_mem(context, 64);
  EXPECT_EQ(rknn_set_io_mem(context, mem, &attr), RKNN_SUCC);
  attr.index = 7;
  EXPECT_EQ(rknn_set_io_mem(context, mem, &attr), RKNN_ERR_PARAM_INVALID);
  rknn_destroy_mem(context, mem);
}

}  // namespace
}  // namespace sixtops::testing
