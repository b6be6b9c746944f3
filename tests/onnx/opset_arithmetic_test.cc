#include <cmath>

#include "onnx/opset_definition.h"

namespace sixtops::onnx_test {
namespace {

INSTANTIATE_TEST_SUITE_P(
    Flattening, OpsetBounds,
    ::testing::Values(
        // Up to opset 12 the matrix that Flatten(axis 1) makes, since 13 one axis.
        Definition{
            "Softmax", {7, 11, 12}, {}, {floats({1, 2, 2}, {0, 0, 0, 0})}, {floats({1, 2, 2}, {.25, .25, .25, .25})}},
        Definition{"Softmax", {13, 21}, {}, {floats({1, 2, 2}, {0, 0, 0, 0})}, {floats({1, 2, 2}, {.5, .5, .5, .5})}},
        Definition{"LogSoftmax",
                   {7, 11, 12},
                   {},
                   {floats({1, 2, 1}, {0, 0})},
                   {floats({1, 2, 1}, {-0.6931472F, -0.6931472F})}},
        Definition{"LogSoftmax", {13, 21}, {}, {floats({1, 2, 1}, {0, 0})}, {floats({1, 2, 1}, {0, 0})}},
        Definition{"Hardmax", {7, 11, 12}, {}, {floats({1, 2, 2}, {1, 2, 4, 3})}, {floats({1, 2, 2}, {0, 0, 1, 0})}},
        Definition{"Hardmax", {13, 21}, {}, {floats({1, 2, 2}, {1, 2, 4, 3})}, {floats({1, 2, 2}, {0, 1, 1, 0})}},
        Definition{
            "Flatten", {7, 9, 10}, {int_attribute("axis", 2)}, {floats({1, 2, 1}, {1, 2})}, {floats({2, 1}, {1, 2})}},
        Definition{"Flatten",
                   {11, 13, 21},
                   {int_attribute("axis", -2)},
                   {floats({2, 1, 1}, {1, 2})},
                   {floats({2, 1}, {1, 2})}}),
    definition_name);

INSTANTIATE_TEST_SUITE_P(
    Arithmetic, OpsetBounds,
    ::testing::Values(
        Definition{"Max", {7}, {}, {vector({1, 5}), vector({3, 2})}, {vector({3, 5})}},
        Definition{
            "Max", {8, 12, 13, 21}, {}, {vector({1, 5}), Tensor::scalar(3.0F), Tensor::scalar(4.0F)}, {vector({4, 5})}},
        Definition{"Min", {7}, {}, {vector({1, 5}), vector({3, 2})}, {vector({1, 2})}},
        Definition{
            "Min", {8, 12, 13, 21}, {}, {vector({1, 5}), Tensor::scalar(3.0F), Tensor::scalar(4.0F)}, {vector({1, 3})}},
        Definition{"Sum", {7}, {}, {vector({1, 5})}, {vector({1, 5})}},
        Definition{
            "Sum", {8, 13, 21}, {}, {vector({1, 5}), Tensor::scalar(3.0F), Tensor::scalar(4.0F)}, {vector({8, 12})}},
        Definition{"Mean", {7}, {}, {vector({1, 5}), vector({3, 2})}, {vector({2, 3.5})}},
        Definition{"Mean",
                   {8, 13, 21},
                   {},
                   {vector({1, 5}), Tensor::scalar(3.0F), Tensor::scalar(5.0F)},
                   {vector({3, 13.0F / 3})}},
        Definition{"Pow", {7, 11}, {}, {vector({2, 3}), vector({2, 2})}, {vector({4, 9})}},
        Definition{"Pow", {12, 13, 15, 21}, {}, {vector({2, 3}), ints({3, 2})}, {vector({8, 9})}},
        Definition{"PRelu",
                   {7, 8, 9, 16, 21},
                   {},
                   {floats({2, 1}, {-2, 3}), floats({2, 1}, {.5, .5})},
                   {floats({2, 1}, {-1, 3})}},
        Definition{"Equal", {7, 10}, {}, {ints({1, 2}), ints({1, 3})}, {bools({2}, {true, false})}},
        Definition{"Equal", {11, 13, 19, 21}, {}, {vector({1, 2}), vector({1, 3})}, {bools({2}, {true, false})}},
        Definition{"Greater", {7, 9, 13, 21}, {}, {vector({1, 4}), vector({1, 3})}, {bools({2}, {false, true})}},
        Definition{"IsInf",
                   {10, 19, 20, 21},
                   {int_attribute("detect_negative", 0)},
                   {vector({INFINITY, -INFINITY, 1})},
                   {bools({3}, {true, false, false})}},
        Definition{"Gemm",
                   {7, 9, 10},
                   {float_attribute("beta", 2)},
                   {floats({1, 2}, {1, 2}), floats({2, 1}, {3, 4}), vector({5})},
                   {floats({1, 1}, {21})}},
        Definition{"Gemm",
                   {11, 13, 21},
                   {float_attribute("alpha", 2)},
                   {floats({1, 2}, {1, 2}), floats({2, 1}, {3, 4})},
                   {floats({1, 1}, {22})}}),
    definition_name);

INSTANTIATE_TEST_SUITE_P(
    Types, OpsetBounds,
    ::testing::Values(
        Definition{"Cast", {7, 9, 13, 18}, {int_attribute("to", 7)}, {vector({-1.5, 2.5})}, {ints({-1, 2})}},
        Definition{"Cast",
                   {19, 21},
                   {int_attribute("to", 7), int_attribute("saturate", 1)},
                   {vector({-1.5, 2.5})},
                   {ints({-1, 2})}},
        Definition{"CastLike", {15, 19, 21}, {}, {vector({-1.5, 2.5}), ints({0})}, {ints({-1, 2})}},
        Definition{"Constant", {7, 11, 21}, {tensor_attribute("value", vector({1, 2}))}, {}, {vector({1, 2})}},
        Definition{"Constant", {12, 13, 21}, {ints_attribute("value_ints", {1, 2})}, {}, {ints({1, 2})}},
        Definition{"ConstantOfShape", {9, 20, 21}, {tensor_attribute("value", ints({7}))}, {ints({2})}, {ints({7, 7})}},
        Definition{"QuantizeLinear",
                   {10, 12},
                   {},
                   {vector({0, 3, 1000}), Tensor::scalar(2.0F), Tensor::scalar<uint8_t>(1)},
                   {codes({1, 3, 255})}},
        Definition{"QuantizeLinear",
                   {13, 18, 19, 20},
                   {int_attribute("axis", 0)},
                   {vector({4, 4}), vector({2, 4}), codes({1, 2})},
                   {codes({3, 3})}},
        Definition{"QuantizeLinear",
                   {21},
                   {int_attribute("output_dtype", 2)},
                   {vector({0, 3, 1000}), Tensor::scalar(2.0F)},
                   {codes({0, 2, 255})}},
        Definition{"DequantizeLinear",
                   {10, 12},
                   {},
                   {codes({1, 3}), Tensor::scalar(2.0F), Tensor::scalar<uint8_t>(1)},
                   {vector({0, 4})}},
        Definition{"DequantizeLinear",
                   {13, 19, 21},
                   {int_attribute("axis", 0)},
                   {codes({3, 3}), vector({2, 4}), codes({1, 2})},
                   {vector({4, 4})}}),
    definition_name);

struct Reduction {
  std::string op;
  std::vector<float> expected;  // of {1 2} and {3 4}
};

class Reductions : public ::testing::TestWithParam<Reduction> {};

TEST_P(Reductions, TakeAxesAsAttributeThenAsOperand) {
  const int64_t operand_since = GetParam().op == "ReduceSum" ? 13 : 18;
  const Tensor x = floats({2, 2}, {1, 2, 3, 4});
  const OnnxAttribute no_keepdims = int_attribute("keepdims", 0);
  const std::vector<Tensor> expected = {vector(GetParam().expected)};
  expect_defined_results(
      {GetParam().op, {7, 11, operand_since - 1}, {no_keepdims, ints_attribute("axes", {1})}, {x}, expected});
  expect_defined_results({GetParam().op, {operand_since, 21}, {no_keepdims}, {x, ints({1})}, expected});
}

INSTANTIATE_TEST_SUITE_P(All, Reductions,
                         ::testing::Values(Reduction{"ReduceL1", {3, 7}}, Reduction{"ReduceL2", {2.236068F, 5}},
                                           Reduction{"ReduceLogSum", {1.0986123F, 1.9459101F}},
                                           Reduction{"ReduceLogSumExp", {2.3132617F, 4.3132617F}},
                                           Reduction{"ReduceMax", {2, 4}}, Reduction{"ReduceMean", {1.5, 3.5}},
                                           Reduction{"ReduceMin", {1, 3}}, Reduction{"ReduceProd", {2, 12}},
                                           Reduction{"ReduceSum", {3, 7}}, Reduction{"ReduceSumSquare", {5, 25}}),
                         [](const auto& info) { return info.param.op; });

// What a later opset made possible is no part of an earlier one, and the error says so.
TEST(OpsetErrors, OperatorsBeforeTheirTime) {
  for (const auto& [op, opset] : {std::pair{"HardSwish", 13}, {"Add", 6}, {"Upsample", 10}, {"Scatter", 8}}) {
    const Definition early{op, {}, {}, {vector({1}), vector({1})}, {vector({1})}};
    const Result<std::vector<Tensor>> results = run(early, opset);
    ASSERT_FALSE(results.ok());
    EXPECT_EQ(results.status().code(), StatusCode::kUnsupported);
    EXPECT_THAT(results.status().message(),
                ::testing::HasSubstr(std::string(op) + " of opset " + std::to_string(opset)));
  }
}

struct Refusal {
  Definition definition;
  std::string words;  // of the error
};

// What stands in the specification but not in this version, each named by its error.
TEST(OpsetErrors, NameWhatIsNotSupported) {
  const std::vector<Tensor> batch = {floats({1, 1, 2}, {1, 3}), vector({2}), vector({1}), vector({1}), vector({4})};
  const Tensor picture = floats({1, 1, 2, 2}, {1, 2, 3, 4});
  const std::vector<Tensor> none = {vector({1})};
  for (const Refusal& refusal : {
           Refusal{{"Dropout", {13}, {}, {vector({1}), Tensor::scalar(.5F), bools({}, {true})}, none}, "training mode"},
           Refusal{{"BatchNormalization", {7}, {int_attribute("spatial", 0)}, batch, none}, "spatial 0"},
           Refusal{{"QuantizeLinear", {21}, {int_attribute("block_size", 2)}, {vector({1, 2}), vector({1})}, none},
                   "block_size"},
           Refusal{{"DequantizeLinear", {23}, {int_attribute("output_dtype", 10)}, {codes({1}), vector({1})}, none},
                   "output_dtype f16"},
           Refusal{{"Resize", {10}, {}, {picture, vector({1, 1, .5, 2})}, none}, "shrinks one axis"},
           Refusal{{"Cast", {19}, {int_attribute("to", 17)}, {vector({1})}, none}, "float8e4m3fn"},
           Refusal{{"Cast", {13}, {int_attribute("to", 8)}, {vector({1})}, none}, "string"},
           Refusal{{"Split", {18}, {int_attribute("num_outputs", 3)}, {vector({1})}, none}, "num_outputs is 3"},
           Refusal{{"GroupNormalization",
                    {18},
                    {int_attribute("num_groups", 2)},
                    {floats({1, 3, 1}, {1, 2, 3}), vector({1, 1}), vector({0, 0})},
                    none},
                   "3 channels in 2 groups"},
           Refusal{{"MatMul", {13}, {}, {picture, picture, picture}, none}, "3 inputs"},
           Refusal{{"Constant", {13}, {text_attribute("value_string", "a")}, {}, none}, "a text"},
       }) {
    const Result<std::vector<Tensor>> results = run(refusal.definition, refusal.definition.opsets[0]);
    ASSERT_FALSE(results.ok()) << refusal.definition;
    EXPECT_THAT(results.status().message(), ::testing::HasSubstr(refusal.words));
    EXPECT_THAT(results.status().message(), ::testing::HasSubstr("node 'the_" + refusal.definition.op + "'"));
  }
}

}  // namespace
}  // namespace sixtops::onnx_test
