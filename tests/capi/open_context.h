// An rknn_context for a test, destroyed with the scope.
#pragma once

#include <gtest/gtest.h>
#include <rknn_api.h>

#include "capi/test_models.h"

namespace sixtops::testing {

inline int init(rknn_context* context, ModelBytes model, uint32_t flags = 0, rknn_init_extend* extend = nullptr) {
  return rknn_init(context, model.data(), static_cast<uint32_t>(model.size()), flags, extend);
}

class OpenContext {
 public:
  explicit OpenContext(const ModelBytes& model, uint32_t flags = 0) {
    EXPECT_EQ(init(&context_, model, flags), RKNN_SUCC);
    EXPECT_NE(context_, 0U);
  }
  ~OpenContext() { rknn_destroy(context_); }
  OpenContext(const OpenContext&) = delete;
  OpenContext& operator=(const OpenContext&) = delete;

  operator rknn_context() const { return context_; }  // NOLINT: it stands for the context

 private:
  rknn_context context_ = 0;
};

inline rknn_tensor_attr attributes(rknn_context context, rknn_query_cmd command, uint32_t index = 0) {
  rknn_tensor_attr attr = {};
  attr.index = index;
  EXPECT_EQ(rknn_query(context, command, &attr, sizeof(attr)), RKNN_SUCC);
  return attr;
}

inline rknn_input input_of(const void* data, size_t size, rknn_tensor_type type, rknn_tensor_format format,
                           uint32_t index = 0) {
  rknn_input input = {};
  input.index = index;
  input.buf = const_cast<void*>(data);
  input.size = static_cast<uint32_t>(size);
  input.type = type;
  input.fmt = format;
  return input;
}

// The bytes 0, 1, 2, ... of a picture of code_model().
inline std::vector<uint8_t> counting_picture() {
  std::vector<uint8_t> bytes(kElements);
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(2 * i);
  return bytes;
}

// That picture, NHWC bytes, as codes in NCHW.
inline std::vector<int8_t> counting_codes() {
  const std::vector<uint8_t> bytes = counting_picture();
  std::vector<int8_t> codes;
  for (int c = 0; c < kChannels; ++c) {
    for (int pixel = 0; pixel < kRows * kColumns; ++pixel) {
      codes.push_back(static_cast<int8_t>(bytes[static_cast<size_t>(pixel * kChannels + c)] - 128));
    }
  }
  return codes;
}

inline int set_picture(rknn_context context, const std::vector<uint8_t>& bytes) {
  rknn_input input = input_of(bytes.data(), bytes.size(), RKNN_TENSOR_UINT8, RKNN_TENSOR_NHWC);
  return rknn_inputs_set(context, 1, &input);
}

}  // namespace sixtops::testing
