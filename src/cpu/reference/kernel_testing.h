// For tests of kernels: makes a node around operands, runs it, and compares what comes out.
//
//   EXPECT_OUTPUT(run(Op::kAdd, {floats({2}, {1, 2}), floats({}, {3})}), floats({2}, {4, 5}));
//   EXPECT_ERROR(run(Op::kConcat, {...}, {{"axis", int64_t{7}}}), StatusCode::kInvalidData, "axis 7");
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cpu/reference/kernel.h"

namespace sixtops::cpu::reference {

using Operand = std::optional<Tensor>;  // nullopt: left out
using AttributeList = std::vector<std::pair<std::string, Attribute>>;

inline Node make_node(Op op, const std::vector<Operand>& operands, const AttributeList& attributes = {},
                      int output_count = 1) {
  Node node;
  node.op = op;
  node.name = "tested";
  ValueId id = 0;
  for (const Operand& operand : operands) node.inputs.push_back(operand ? id++ : kNoValue);
  for (int i = 0; i < output_count; ++i) node.outputs.push_back(id++);
  for (const auto& [name, value] : attributes) node.attributes.set(name, value);
  return node;
}

inline Result<Outputs> run(const Node& node, const std::vector<Operand>& operands,
                           int64_t max_output_bytes = INT64_MAX) {
  std::vector<Tensor> inputs;
  for (const Operand& operand : operands) inputs.push_back(operand.value_or(Tensor()));
  return run_node(node, inputs, max_output_bytes);
}

inline Result<Outputs> run(Op op, const std::vector<Operand>& operands, const AttributeList& attributes = {},
                           int output_count = 1) {
  return run(make_node(op, operands, attributes, output_count), operands);
}

template <typename T>
Tensor tensor(Shape shape, const std::vector<T>& values) {
  return Tensor::from_values<T>(std::move(shape), values);
}
inline Tensor floats(Shape shape, const std::vector<float>& values) { return tensor(std::move(shape), values); }
inline Tensor int64s(Shape shape, const std::vector<int64_t>& values) { return tensor(std::move(shape), values); }
inline Tensor int32s(Shape shape, const std::vector<int32_t>& values) { return tensor(std::move(shape), values); }
inline Tensor int8s(Shape shape, const std::vector<int8_t>& values) { return tensor(std::move(shape), values); }
inline Tensor bools(Shape shape, const std::vector<bool>& values) { return tensor(std::move(shape), values); }

// Values that need not be exact in half precision are rounded.
inline Tensor halves(Shape shape, const std::vector<float>& values) {
  return cast(floats(std::move(shape), values), DType::kF16).value();
}

// The same dtype and shape, and every element within `tolerance` (NaN equals NaN, infinities equal themselves).
inline void expect_equal(const Tensor& actual, const Tensor& expected, double tolerance = 0) {
  EXPECT_EQ(dtype_name(actual.dtype()), dtype_name(expected.dtype()));
  ASSERT_EQ(shape_text(actual.shape()), shape_text(expected.shape()));
  const std::vector<double> a = values_as<double>(actual);
  const std::vector<double> e = values_as<double>(expected);
  for (size_t i = 0; i < e.size(); ++i) {
    if (a[i] == e[i] || (a[i] != a[i] && e[i] != e[i])) continue;
    EXPECT_NEAR(a[i], e[i], tolerance) << "at element " << i;
  }
}

}  // namespace sixtops::cpu::reference

#define EXPECT_OUTPUT_NEAR(result, expected, tolerance)                           \
  do {                                                                            \
    const auto result_ = (result);                                                \
    ASSERT_TRUE(result_.ok()) << result_.status().message();                      \
    ASSERT_EQ(result_->size(), 1u);                                               \
    sixtops::cpu::reference::expect_equal(result_->front(), expected, tolerance); \
  } while (false)
#define EXPECT_OUTPUT(result, expected) EXPECT_OUTPUT_NEAR(result, expected, 0)

#define EXPECT_ERROR(result, status_code, part)                                          \
  do {                                                                                   \
    const auto result_ = (result);                                                       \
    ASSERT_FALSE(result_.ok());                                                          \
    EXPECT_EQ(static_cast<int>(result_.status().code()), static_cast<int>(status_code)); \
    EXPECT_THAT(result_.status().message(), ::testing::HasSubstr(part));                 \
  } while (false)
