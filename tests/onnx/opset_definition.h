// Tests of operators whose definition changed between opsets: one graph at each bound of each definition, with numbers
// worked out from the specification by hand.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "graph/tensor.h"
#include "testing/onnx_builder.h"

namespace sixtops::onnx_test {

using namespace sixtops::testing;

// One definition of an operator. The first operand is the graph's input, the others are constants.
struct Definition {
  std::string op;
  std::vector<int64_t> opsets;  // the first and the last that have it, and bounds in between that changed types only
  std::vector<OnnxAttribute> attributes;
  std::vector<Tensor> operands;  // left_out() stands for one that is not given
  std::vector<Tensor> expected;
};

std::ostream& operator<<(std::ostream& out, const Definition& definition);
std::string definition_name(const ::testing::TestParamInfo<Definition>& info);

// Imports the graph of one node at that opset and runs it on the reference kernels.
Result<std::vector<Tensor>> run(const Definition& definition, int64_t opset);
// Fails the test unless all of its opsets give what is expected.
void expect_defined_results(const Definition& definition);

class OpsetBounds : public ::testing::TestWithParam<Definition> {};

// Tensors in few words.
Tensor floats(Shape shape, const std::vector<float>& values);
Tensor vector(const std::vector<float>& values);
Tensor integers(Shape shape, const std::vector<int64_t>& values);
Tensor ints(const std::vector<int64_t>& values);
Tensor bools(Shape shape, const std::vector<bool>& values);
Tensor codes(const std::vector<uint8_t>& values);
Tensor left_out();

}  // namespace sixtops::onnx_test
