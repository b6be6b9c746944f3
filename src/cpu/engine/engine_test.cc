// The engine's kernels against the reference: integer results byte for byte, float ones within rounding of sums.
#include <gtest/gtest.h>

#include <limits>

#include "base/thread_pool.h"
#include "cpu/engine/run_node.h"
#include "cpu/reference/kernel_testing.h"
#include "testing/random_tensor.h"

namespace sixtops::cpu::engine {
namespace {

using reference::AttributeList;
using reference::floats;
using reference::int32s;
using reference::make_node;
using reference::Operand;
using sixtops::testing::random_floats;
using sixtops::testing::random_int;
using sixtops::testing::random_integers;
using sixtops::testing::random_ints;

void expect_as_reference(Op op, const std::vector<Operand>& operands, const AttributeList& attributes,
                         double tolerance = 0) {
  const Node node = make_node(op, operands, attributes);
  std::vector<Tensor> inputs;
  for (const Operand& operand : operands) inputs.push_back(operand.value_or(Tensor()));
  const Result<std::vector<Tensor>> expected = reference::run_node(node, inputs);
  const Result<std::vector<Tensor>> actual = run_node(node, inputs);
  ASSERT_EQ(actual.ok(), expected.ok()) << actual.status().message() << expected.status().message();
  if (!expected.ok()) return;
  ASSERT_EQ(actual->size(), expected->size());
  reference::expect_equal(actual->front(), expected->front(), tolerance);
}

// A convolution of one to three spatial axes, transposed or not, every parameter odd now and then.
struct Layer {
  Shape input;
  Shape weights;
  int64_t channels = 0;
  AttributeList attributes;
};

Layer random_layer(std::mt19937& random, bool transposed) {
  const auto draw = [&](int64_t low, int64_t high) { return random_int(random, low, high); };
  const auto axes = static_cast<size_t>(draw(1, 3));
  const bool depthwise = draw(0, 3) == 0;
  const int64_t groups = depthwise ? draw(2, 9) : draw(1, 3);
  const int64_t inputs = depthwise ? 1 : draw(1, 20);
  const int64_t outputs = draw(1, depthwise ? 2 : 20);
  Layer layer;
  layer.channels = groups * outputs;
  layer.input = {draw(1, 2), groups * inputs};
  layer.weights = transposed ? Shape{groups * inputs, outputs} : Shape{groups * outputs, inputs};
  Ints strides, dilations, pads(2 * axes);
  for (size_t i = 0; i < axes; ++i) {
    const int64_t kernel = draw(0, 2) == 0 ? 1 : draw(1, 5);
    strides.push_back(draw(1, 3));
    dilations.push_back(draw(1, 2));
    const int64_t reach = (kernel - 1) * dilations[i] + 1;
    pads[i] = transposed ? draw(0, (reach - 1) / 2) : draw(0, reach);
    pads[axes + i] = transposed ? draw(0, (reach - 1) / 2) : draw(0, 2);
    layer.weights.push_back(kernel);
    layer.input.push_back(transposed ? draw(1, 7) : draw(reach, axes == 3 ? 12 : 33));
  }
  layer.attributes = {{"group", groups}, {"strides", strides}, {"dilations", dilations}, {"pads", pads}};
  return layer;
}

void add_integer_attributes(std::mt19937& random, int64_t channels, AttributeList& attributes) {
  const auto list = [&](int64_t low, int64_t high) {
    return random_ints(random, random_int(random, 0, 1) == 0 ? 1 : static_cast<size_t>(channels), low, high);
  };
  attributes.insert(attributes.end(), {{"multiplier", list(-32768, 32767)},
                                       {"weight_offset", random_int(random, 0, 1) == 0 ? Ints{} : list(-255, 255)},
                                       {"pad_code", random_int(random, -128, 127)},
                                       {"shift", random_int(random, 0, 31)},
                                       {"output_zero_point", random_int(random, -128, 127)}});
}

TEST(Engine, FloatConvolutions) {
  std::mt19937 random(1);
  for (int trial = 0; trial < 150; ++trial) {
    const Layer layer = random_layer(random, trial % 3 == 0);
    const Operand bias = trial % 2 == 0 ? Operand() : random_floats(random, {layer.channels});
    expect_as_reference(trial % 3 == 0 ? Op::kConvTranspose : Op::kConv,
                        {random_floats(random, layer.input), random_floats(random, layer.weights), bias},
                        layer.attributes, 2e-5);
  }
}

TEST(Engine, FloatConvolutionOfAbsurdDilationTakesNoAbsurdMemory) {
  std::mt19937 random(7);
  constexpr int64_t kFar = 100000;
  expect_as_reference(Op::kConv, {random_floats(random, {1, 1, 2, 2}), random_floats(random, {1, 1, 2, 2}), Operand()},
                      {{"dilations", Ints{kFar, kFar}}, {"pads", Ints{kFar, kFar, 0, 0}}}, 2e-5);
}

TEST(Engine, Concats) {
  std::mt19937 random(8);
  for (int trial = 0; trial < 60; ++trial) {
    const auto draw = [&](int64_t low, int64_t high) { return random_int(random, low, high); };
    Shape shape(static_cast<size_t>(draw(1, 4)));
    for (int64_t& extent : shape) extent = draw(1, 9);
    const int64_t axis = draw(-static_cast<int64_t>(shape.size()), static_cast<int64_t>(shape.size()) - 1);
    std::vector<Operand> parts;
    for (int64_t i = draw(1, 4); i > 0; --i) {
      shape[static_cast<size_t>(axis < 0 ? axis + static_cast<int64_t>(shape.size()) : axis)] = draw(0, 5);
      if (trial % 2 == 0) {
        parts.emplace_back(random_floats(random, shape));
      } else {
        parts.emplace_back(random_integers(random, shape));
      }
    }
    expect_as_reference(Op::kConcat, parts, {{"axis", axis}});
  }
  expect_as_reference(Op::kConcat, {random_floats(random, {2, 3}), random_floats(random, {3, 3})},
                      {{"axis", int64_t{1}}});
}

TEST(Engine, IntegerConvolutions) {
  std::mt19937 random(2);
  for (int trial = 0; trial < 200; ++trial) {
    Layer layer = random_layer(random, trial % 8 == 0);
    add_integer_attributes(random, layer.channels, layer.attributes);
    const Operand bias =
        trial % 2 == 0 ? Operand() : random_integers<int32_t>(random, {layer.channels}, -3000000, 3000000);
    const std::vector<Operand> operands = {random_integers(random, layer.input), random_integers(random, layer.weights),
                                           bias};
    expect_as_reference(trial % 8 == 0 ? Op::kConvTranspose : Op::kConv, operands, layer.attributes);
    if (trial % 8 == 0) continue;
    layer.attributes.emplace_back("accumulator_output", int64_t{1});
    expect_as_reference(Op::kConv, operands, layer.attributes);
  }
}

// Sums that a float could not hold: extreme codes over more products than one chunk, on both sides of 2^24.
TEST(Engine, DeepIntegerSumsStayExact) {
  std::mt19937 random(3);
  for (const int64_t code : {-128, 127}) {
    for (const int64_t offset : {-255, 0, 255}) {
      const Tensor x = random_integers(random, {1, 700, 3, 5}, code, code);
      Tensor w = random_integers(random, {3, 700, 3, 3}, -128, -128);
      w.mutable_values<int8_t>()[5] = 77;
      const AttributeList attributes = {{"pads", Ints{1, 1, 1, 1}},  {"multiplier", Ints{20000}},
                                        {"shift", int64_t{27}},      {"weight_offset", Ints{offset}},
                                        {"pad_code", int64_t{-127}}, {"output_zero_point", int64_t{1}}};
      expect_as_reference(Op::kConv, {x, w, int32s({3}, {0, 12345, -54321})}, attributes);
    }
  }
}

TEST(Engine, AccumulatorsBeyondInt32AreTheReferencesError) {
  std::mt19937 random(4);
  const Tensor x = random_integers(random, {1, 8, 2, 2}, 127, 127);
  const Tensor w = random_integers(random, {1, 8, 1, 1}, 127, 127);
  const AttributeList attributes = {{"multiplier", Ints{1}}};
  expect_as_reference(Op::kConv, {x, w, int32s({1}, {INT32_MAX - 1000})}, attributes);
  const Node node = make_node(Op::kConv, {x, w, int32s({1}, {0})}, attributes);
  const std::vector<Tensor> inputs = {x, w, int32s({1}, {INT32_MAX - 1000})};
  EXPECT_EQ(run_node(node, inputs).status().code(), StatusCode::kInvalidData);
}

TEST(Engine, MatrixProducts) {
  std::mt19937 random(5);
  for (int trial = 0; trial < 100; ++trial) {
    const auto draw = [&](int64_t low, int64_t high) { return random_int(random, low, high); };
    const int64_t rows = draw(1, 70), depth = draw(1, 40), columns = draw(1, 50);
    const bool a_flips = draw(0, 1) == 1, b_flips = draw(0, 1) == 1;
    const Shape a = a_flips ? Shape{depth, rows} : Shape{rows, depth};
    const Shape b = b_flips ? Shape{columns, depth} : Shape{depth, columns};
    AttributeList attributes = {{"transA", int64_t{a_flips}}, {"transB", int64_t{b_flips}}};
    const std::vector<Shape> thirds = {{}, {columns}, {rows, 1}, {1, columns}, {rows, columns}};
    const Tensor c = random_floats(random, thirds[static_cast<size_t>(draw(0, 4))]);
    attributes.emplace_back("beta", draw(0, 1) == 1 ? 1.0F : 0.25F);
    if (draw(0, 4) == 0) attributes.emplace_back("alpha", 2.0F);
    expect_as_reference(Op::kGemm, {random_floats(random, a), random_floats(random, b), c}, attributes, 2e-5);

    const Shape batch = draw(0, 1) == 1 ? Shape{3, 1} : Shape{};
    const Shape b_batch = draw(0, 1) == 1 ? Shape{2} : Shape{};
    Shape left = batch, right = b_batch;
    left.insert(left.end(), {rows, depth});
    right.insert(right.end(), {depth, columns});
    const Operand bias = draw(0, 1) == 1 ? random_floats(random, {columns}) : Operand();
    expect_as_reference(Op::kMatMul, {random_floats(random, left), random_floats(random, right), bias}, {}, 2e-5);
    expect_as_reference(Op::kMatMul, {random_floats(random, {depth}), random_floats(random, right)}, {}, 2e-5);
  }
}

TEST(Engine, IntegerMatrixProducts) {
  std::mt19937 random(6);
  for (int trial = 0; trial < 60; ++trial) {
    const auto draw = [&](int64_t low, int64_t high) { return random_int(random, low, high); };
    const int64_t rows = draw(1, 130), depth = trial % 10 == 0 ? 3000 : draw(1, 60), columns = draw(1, 20);
    const bool flips = draw(0, 1) == 1;
    AttributeList attributes;
    add_integer_attributes(random, columns, attributes);
    std::erase_if(attributes, [](const auto& entry) { return entry.first == "pad_code"; });
    const Tensor bias = random_integers<int32_t>(random, {columns}, -100000, 100000);
    const Tensor a = random_integers(random, {rows, depth});
    expect_as_reference(Op::kMatMul, {a, random_integers(random, {depth, columns}), bias}, attributes);
    attributes.emplace_back("transB", int64_t{flips});
    const Shape b = flips ? Shape{columns, depth} : Shape{depth, columns};
    expect_as_reference(Op::kGemm, {a, random_integers(random, b), bias}, attributes);
  }
}

TEST(Engine, MaxPools) {
  std::mt19937 random(7);
  for (int trial = 0; trial < 60; ++trial) {
    const auto draw = [&](int64_t low, int64_t high) { return random_int(random, low, high); };
    const Ints kernel = {draw(1, 5), draw(1, 5)};
    const AttributeList attributes = {{"kernel_shape", kernel},
                                      {"strides", Ints{draw(1, 3), draw(1, 3)}},
                                      {"pads", Ints{draw(0, kernel[0] - 1), draw(0, kernel[1] - 1), 0, draw(0, 1)}},
                                      {"ceil_mode", draw(0, 1)}};
    const Shape shape = {draw(1, 2), draw(1, 3), draw(5, 20), draw(5, 40)};
    expect_as_reference(Op::kMaxPool, {random_floats(random, shape)}, attributes);
    expect_as_reference(Op::kMaxPool, {random_integers(random, shape)}, attributes);
  }
  const AttributeList cube = {
      {"kernel_shape", Ints{2, 3, 2}}, {"strides", Ints{1, 2, 3}}, {"dilations", Ints{2, 1, 1}}};
  expect_as_reference(Op::kMaxPool, {random_integers(random, {2, 3, 6, 7, 8})}, cube);
  const Tensor line = floats({1, 1, 3}, {1, std::numeric_limits<float>::quiet_NaN(), 0});
  expect_as_reference(Op::kMaxPool, {line}, {{"kernel_shape", Ints{2}}});
}

// Every pair of these shapes broadcasts, most of them in the ways that have lines of their own.
const std::vector<Shape> kBroadcastShapes = {{2, 3, 4, 5}, {},           {1},          {5},          {4, 5},
                                             {3, 1, 1},    {2, 3, 1, 1}, {1, 3, 4, 1}, {2, 1, 1, 5}, {1, 3, 4, 5}};

TEST(Engine, FloatArithmeticInEveryKindOfBroadcast) {
  std::mt19937 random(8);
  for (const Shape& a : kBroadcastShapes) {
    for (const Shape& b : kBroadcastShapes) {
      for (const Op op : {Op::kAdd, Op::kSub, Op::kMul, Op::kDiv}) {
        expect_as_reference(op, {random_floats(random, a), random_floats(random, b, 0.5F, 1)}, {});
      }
    }
  }
}

TEST(Engine, IntegerArithmeticInEveryKindOfBroadcast) {
  std::mt19937 random(9);
  for (const Shape& a : kBroadcastShapes) {
    for (const Shape& b : kBroadcastShapes) {
      const AttributeList requantize = {{"multiplier", random_ints(random, 1, -32768, 32767)},
                                        {"shift", random_int(random, 0, 12)},
                                        {"output_zero_point", random_int(random, -128, 127)}};
      AttributeList add = requantize;
      add.emplace_back("operand_multiplier", random_ints(random, 2, -128, 127));
      add.emplace_back("operand_bias", random_int(random, -100000, 100000));
      AttributeList multiply = requantize;
      multiply.emplace_back("input_zero_points", random_ints(random, 2, -128, 127));
      const Tensor first = random_integers(random, a);
      const Tensor second = random_integers(random, b);
      expect_as_reference(Op::kAdd, {first, second}, add);
      expect_as_reference(Op::kSub, {first, second}, add);
      expect_as_reference(Op::kMul, {first, second}, multiply);
    }
  }
}

TEST(Engine, IntegerAddTakesLongLinesAndChannelMultipliers) {
  std::mt19937 random(10);
  AttributeList attributes = {
      {"multiplier", Ints{12345}}, {"shift", int64_t{3}}, {"operand_multiplier", Ints{127, -31}}};
  const Shape shape = {1, 3, 41, 57};
  expect_as_reference(Op::kAdd, {random_integers(random, shape), random_integers(random, shape)}, attributes);
  attributes[0].second = Ints{1, 300, 20000};
  expect_as_reference(Op::kAdd, {random_integers(random, shape), random_integers(random, shape)}, attributes);
  attributes.emplace_back("operand_bias", int64_t{INT32_MAX});
  expect_as_reference(Op::kAdd, {random_integers(random, shape), random_integers(random, shape)}, attributes);
}

TEST(Engine, Activations) {
  std::mt19937 random(11);
  const Tensor x = random_floats(random, {3, 7, 11}, -9, 9);
  for (const Op op : {Op::kSigmoid, Op::kSilu, Op::kRelu, Op::kHardSwish, Op::kHardSigmoid, Op::kLeakyRelu}) {
    SCOPED_TRACE(op_info(op).name);
    expect_as_reference(op, {x}, {}, 4e-6);
  }
  expect_as_reference(Op::kExp, {x}, {}, 2e-3);  // 2 ulp of e^9
  expect_as_reference(Op::kClip, {x, floats({}, {-1}), floats({}, {2})}, {});
  expect_as_reference(Op::kClip, {x}, {{"max", 0.5F}});
  expect_as_reference(Op::kSigmoid, {floats({2}, {-200, 200})}, {});
  expect_as_reference(Op::kSigmoid, {reference::tensor<double>({1}, {0.3})}, {});
}

TEST(Engine, ResizesByTheNearest) {
  std::mt19937 random(15);
  const Tensor x = random_floats(random, {2, 3, 5, 7});
  const Tensor codes = random_integers(random, {2, 3, 5, 7});
  for (const char* rounding : {"floor", "ceil", "round_prefer_floor"}) {
    const AttributeList attributes = {{"nearest_mode", std::string(rounding)},
                                      {"coordinate_transformation_mode", std::string("asymmetric")}};
    AttributeList twice = attributes;
    twice.emplace_back("scales", Floats{1, 1, 2, 2});
    expect_as_reference(Op::kResize, {x}, twice);
    expect_as_reference(Op::kResize, {codes}, twice);
    AttributeList sizes = attributes;
    sizes.emplace_back("sizes", Ints{2, 3, 11, 3});
    expect_as_reference(Op::kResize, {x}, sizes);
  }
  expect_as_reference(Op::kResize, {x}, {{"sizes", Ints{2, 6, 5, 7}}});
  expect_as_reference(Op::kResize, {x}, {{"sizes", Ints{2, 3, 0, 7}}});
  expect_as_reference(Op::kResize, {x}, {{"scales", Floats{1, 1, 1.5F, 0.7F}}, {"mode", std::string("linear")}}, 1e-6);
  expect_as_reference(Op::kResize, {x}, {});
}

TEST(Engine, RealNumbersToCodesAndBack) {
  std::mt19937 random(16);
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const AttributeList whole = {{"scale", Floats{0.5F}}, {"zero_point", Ints{-7}}, {"to", std::string("i8")}};
  expect_as_reference(Op::kQuantizeLinear,
                      {floats({9}, {0.25F, 0.75F, -0.25F, -0.75F, 1e9F, -1e9F, infinity, -infinity, nan})}, whole);
  for (const int64_t axis : {0, 1, 2}) {
    const Shape shape = {4, 3, 50};
    const auto extent = static_cast<size_t>(shape[static_cast<size_t>(axis)]);
    Floats scale;
    for (size_t i = 0; i < extent; ++i) scale.push_back(0.01F * static_cast<float>(random_int(random, 1, 100)));
    AttributeList attributes = {
        {"axis", axis}, {"scale", scale}, {"zero_point", random_ints(random, extent, -128, 127)}};
    expect_as_reference(Op::kDequantizeLinear, {random_integers(random, shape)}, attributes);
    attributes.emplace_back("to", std::string("i8"));
    expect_as_reference(Op::kQuantizeLinear, {random_floats(random, shape, -40, 40)}, attributes);
    const AttributeList sums = {{"axis", axis}, {"scale", scale}, {"zero_point", Ints(extent, 0)}};
    expect_as_reference(Op::kDequantizeLinear, {random_integers<int32_t>(random, shape, INT32_MIN, INT32_MAX)}, sums);
  }
  expect_as_reference(Op::kDequantizeLinear, {int32s({2}, {INT32_MIN, 5})},
                      {{"scale", Floats{2}}, {"zero_point", Ints{100}}});
  expect_as_reference(Op::kQuantizeLinear, {floats({2}, {1, 2})}, {});
}

TEST(Engine, Tables) {
  std::mt19937 random(12);
  expect_as_reference(Op::kTable, {random_integers(random, {2, 301})},
                      {{"table", random_ints(random, 256, -128, 127)}});
}

TEST(Engine, ResultsDoNotDependOnTheThreads) {
  std::mt19937 random(13);
  const Tensor x = random_floats(random, {1, 24, 31, 33});
  const Tensor w = random_floats(random, {40, 24, 3, 3});
  const Node node = make_node(Op::kConv, {x, w}, {{"pads", Ints{1, 1, 1, 1}}});
  const std::vector<Tensor> inputs = {x, w};
  const Tensor many = run_node(node, inputs).value().front();
  const ThreadLimit limit(1);
  reference::expect_equal(run_node(node, inputs).value().front(), many, 1e-5);
}

TEST(Engine, HalfPrecisionComputesInSinglePrecision) {
  std::mt19937 random(14);
  const Tensor x = cast(random_floats(random, {1, 5, 6, 7}), DType::kF16).value();
  const Tensor w = cast(random_floats(random, {3, 5, 2, 2}), DType::kF16).value();
  expect_as_reference(Op::kConv, {x, w}, {}, 5e-3);
  EXPECT_EQ(run_node(make_node(Op::kConv, {x, w}), std::vector{x, w}).value().front().dtype(), DType::kF16);
}

}  // namespace
}  // namespace sixtops::cpu::engine
