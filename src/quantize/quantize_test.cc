#include "quantize/quantize.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "cpu/interpreter.h"
#include "cpu/reference/kernel.h"
#include "graph/verify.h"
#include "quantize/figures.h"
#include "quantize/split_channels.h"

namespace sixtops::quantize {
namespace {

// Small networks of every integer form, with seeded weights.
class Network {
 public:
  explicit Network(Shape input) {
    x_ = graph_.add_value("x", DType::kF32, std::move(input));
    graph_.inputs = {x_};
  }

  ValueId input() const { return x_; }
  ValueId add(Op op, std::vector<ValueId> inputs, Shape shape, const Attributes& attributes = {}) {
    Node node;
    node.op = op;
    node.name = std::string(op_info(op).name) + std::to_string(graph_.nodes.size());
    node.inputs = std::move(inputs);
    node.attributes = attributes;
    const ValueId output = graph_.add_value(node.name + "_out", DType::kF32, std::move(shape));
    node.outputs = {output};
    graph_.nodes.push_back(node);
    return output;
  }
  ValueId constant(const Shape& shape, float scale) {
    std::normal_distribution<float> distribution(0, scale);
    std::vector<float> values(static_cast<size_t>(element_count(shape).value()));
    for (float& value : values) value = distribution(random_);
    return graph_.add_constant("c" + std::to_string(graph_.values.size()), Tensor::from_values<float>(shape, values));
  }
  ValueId convolution(ValueId x, int64_t outputs, int64_t kernel, int64_t pad, int64_t group = 1) {
    const Shape in = *graph_.value(x).shape;
    const float scale = 1.0F / std::sqrt(static_cast<float>(in[1] / group * kernel * kernel));
    Attributes attributes;
    attributes.set("pads", Ints{pad, pad, pad, pad});
    attributes.set("group", group);
    const int64_t shrink = kernel - 1 - 2 * pad;
    const std::vector<ValueId> inputs = {x, constant({outputs, in[1] / group, kernel, kernel}, scale),
                                         constant({outputs}, 0.3F)};
    return add(Op::kConv, inputs, {in[0], outputs, in[2] - shrink, in[3] - shrink}, attributes);
  }
  ValueId unary(Op op, ValueId x) { return add(op, {x}, *graph_.value(x).shape); }

  Graph& graph() { return graph_; }
  Graph finish(const std::vector<ValueId>& outputs) {
    graph_.outputs = outputs;
    return graph_;
  }
  std::vector<Sample> samples(int count) {
    std::normal_distribution<float> distribution(0, 1);
    std::vector<Sample> result;
    for (int s = 0; s < count; ++s) {
      const Shape shape = *graph_.value(x_).shape;
      std::vector<float> values(static_cast<size_t>(element_count(shape).value()));
      for (float& value : values) value = distribution(random_);
      result.push_back({Tensor::from_values<float>(shape, values)});
    }
    return result;
  }

 private:
  Graph graph_;
  ValueId x_;
  std::mt19937 random_{11};
};

// SQNR of the quantized graph, run by the reference kernels on float input, against the float graph.
double run_and_compare(const Graph& float_graph, const Graph& quantized, const std::vector<Sample>& samples) {
  ErrorSums sums;
  for (const Sample& sample : samples) {
    const auto reference = cpu::run_graph(float_graph, sample, [](const Node& node, std::span<const Tensor> inputs) {
      return cpu::reference::run_node(node, inputs);
    });
    const Value& input = quantized.value(quantized.inputs[0]);
    std::vector<Tensor> codes = sample;
    if (input.quant) {
      std::vector<int8_t> values;
      for (const float value : sample[0].values<float>()) {
        values.push_back(static_cast<int8_t>(
            std::clamp(std::nearbyint(value / input.quant->scale[0]) + static_cast<float>(input.quant->zero_point[0]),
                       -128.0F, 127.0F)));
      }
      codes = {Tensor::from_values<int8_t>(sample[0].shape(), values)};
    }
    const auto actual = cpu::run_graph(quantized, codes, [](const Node& node, std::span<const Tensor> inputs) {
      return cpu::reference::run_node(node, inputs);
    });
    EXPECT_TRUE(actual.ok()) << actual.status().message();
    for (size_t i = 0; i < reference->size(); ++i) {
      std::vector<float> real = values_as<float>((*actual)[i]);
      if (const auto& quant = quantized.value(quantized.outputs[i]).quant) {
        for (float& value : real) value = (value - static_cast<float>(quant->zero_point[0])) * quant->scale[0];
      }
      sums.add((*reference)[i].values<float>(), real);
    }
  }
  return sums.sqnr_db();
}

void expect_close(Network& network, const Graph& graph, double at_least_db, const QuantizeOptions& options = {}) {
  const std::vector<Sample> samples = network.samples(4);
  Graph quantized = graph;
  const auto report = quantize(quantized, samples, options);
  ASSERT_TRUE(report.ok()) << report.status().message();
  const Status valid = verify(quantized, VerifyLevel::kStatic);
  EXPECT_TRUE(valid.ok()) << valid.message();
  const double db = run_and_compare(graph, quantized, samples);
  EXPECT_GT(db, at_least_db);
  // The fit's own figure is that of the real integer network.
  EXPECT_NEAR(db, report->output_sqnr_db, 0.1);
}

TEST(Quantize, ConvolutionsWithEveryActivation) {
  for (const Op op : {Op::kSilu, Op::kRelu, Op::kSigmoid, Op::kHardSwish, Op::kLeakyRelu, Op::kMish, Op::kTanh}) {
    Network network({1, 3, 12, 10});
    ValueId x = network.unary(op, network.convolution(network.input(), 8, 3, 1));
    x = network.convolution(x, 6, 1, 0);
    expect_close(network, network.finish({x}), 30);
  }
}

TEST(Quantize, ResidualConcatPoolAndDepthwise) {
  Network network({1, 4, 12, 12});
  const ValueId a = network.unary(Op::kSilu, network.convolution(network.input(), 8, 3, 1));
  const ValueId b = network.unary(Op::kSilu, network.convolution(a, 8, 3, 1, 8));
  const ValueId sum = network.add(Op::kAdd, {a, b}, {1, 8, 12, 12});
  Attributes pool;
  pool.set("kernel_shape", Ints{3, 3});
  pool.set("pads", Ints{1, 1, 1, 1});
  const ValueId pooled = network.add(Op::kMaxPool, {sum}, {1, 8, 12, 12}, pool);
  Attributes axis;
  axis.set("axis", int64_t{1});
  const ValueId both = network.add(Op::kConcat, {pooled, b}, {1, 16, 12, 12}, axis);
  const ValueId pointwise = network.convolution(both, 8, 1, 0);
  expect_close(network, network.finish({pointwise}), 28);
  const ValueId padded = network.convolution(both, 8, 3, 1);
  expect_close(network, network.finish({padded, pointwise}), 28);
}

TEST(Quantize, SqueezeExciteAndClassifier) {
  Network network({1, 4, 10, 10});
  const ValueId a = network.unary(Op::kRelu, network.convolution(network.input(), 8, 3, 1));
  const ValueId mean = network.add(Op::kGlobalAveragePool, {a}, {1, 8, 1, 1});
  const ValueId gate = network.unary(Op::kHardSigmoid, network.convolution(mean, 8, 1, 0));
  const ValueId scaled = network.add(Op::kMul, {a, gate}, {1, 8, 10, 10});
  const ValueId last = network.add(Op::kGlobalAveragePool, {scaled}, {1, 8, 1, 1});
  const ValueId flat = network.add(Op::kFlatten, {last}, {1, 8});
  const ValueId scores =
      network.add(Op::kGemm, {flat, network.constant({8, 5}, 0.5F), network.constant({5}, 0.1F)}, {1, 5});
  expect_close(network, network.finish({scores}), 25);
}

TEST(Quantize, FloatTailReadsTheSumsThemselves) {
  Network network({1, 3, 10, 10});
  const ValueId body = network.unary(Op::kSilu, network.convolution(network.input(), 8, 3, 1));
  const ValueId score = network.unary(Op::kSigmoid, network.convolution(body, 4, 1, 0));
  const ValueId box = network.unary(Op::kExp, network.convolution(body, 4, 3, 1));
  Graph graph = network.finish({network.add(Op::kMul, {score, box}, {1, 4, 10, 10})});
  expect_close(network, graph, 28);
  ASSERT_TRUE(quantize(graph, network.samples(2), {}).ok());
  int sums = 0;
  for (const Node& node : graph.nodes) sums += node.op == Op::kConv && node.get_int("accumulator_output") != 0 ? 1 : 0;
  EXPECT_EQ(sums, 2);
}

// A stem whose channels differ by a factor of a thousand, read by a depthwise layer that makes up for it.
Graph uneven_network(Network& network) {
  ValueId x = network.convolution(network.input(), 8, 3, 1);
  Graph& graph = network.graph();
  std::vector<float> stem = values_as<float>(*graph.value(graph.nodes[0].inputs[1]).constant);
  for (size_t i = 0; i < stem.size(); ++i) stem[i] *= i / (stem.size() / 8) < 4 ? 1.0F : 0.001F;
  graph.value(graph.nodes[0].inputs[1]).constant = Tensor::from_values<float>({8, 3, 3, 3}, stem);
  graph.value(graph.nodes[0].inputs[2]).constant = Tensor::from_values<float>({8}, std::vector<float>(8, 0.0F));
  x = network.convolution(network.unary(Op::kSilu, x), 8, 3, 1, 8);
  std::vector<float> depthwise = values_as<float>(*graph.value(graph.nodes[2].inputs[1]).constant);
  for (size_t i = 0; i < depthwise.size(); ++i) depthwise[i] *= i < depthwise.size() / 2 ? 1.0F : 1000.0F;
  graph.value(graph.nodes[2].inputs[1]).constant = Tensor::from_values<float>({8, 1, 3, 3}, depthwise);
  x = network.convolution(network.unary(Op::kSilu, x), 6, 1, 0);
  return network.finish({x});
}

TEST(SplitChannels, SmallChannelsKeepTheirPrecision) {
  Network network({1, 3, 12, 12});
  const Graph graph = uneven_network(network);
  expect_close(network, graph, 28);
}

TEST(SplitChannels, TheFloatNetworkStaysTheSame) {
  Network network({1, 3, 12, 12});
  const Graph graph = uneven_network(network);
  const std::vector<Sample> samples = network.samples(2);
  Graph split = graph;
  ASSERT_TRUE(split_channels(split, samples, {}).ok());
  EXPECT_GT(split.nodes.size(), graph.nodes.size());
  EXPECT_TRUE(verify(split, VerifyLevel::kStatic).ok());
  EXPECT_GT(run_and_compare(graph, split, samples), 100);
  Graph kept = graph;
  QuantizeOptions keeping;
  keeping.keep_float = {graph.nodes[2].name};
  ASSERT_TRUE(split_channels(kept, samples, keeping).ok());
  EXPECT_EQ(kept.nodes.size(), graph.nodes.size());
}

TEST(SplitChannels, LeavesEvenChannelsAlone) {
  Network network({1, 3, 12, 12});
  ValueId x = network.unary(Op::kSilu, network.convolution(network.input(), 8, 3, 1));
  x = network.unary(Op::kSilu, network.convolution(x, 8, 3, 1, 8));
  const Graph graph = network.finish({network.convolution(x, 6, 1, 0)});
  Graph split = graph;
  ASSERT_TRUE(split_channels(split, network.samples(2), {}).ok());
  EXPECT_EQ(split.nodes.size(), graph.nodes.size());
}

TEST(Quantize, EffortHighIsNotWorse) {
  Network network({1, 8, 16, 16});
  ValueId x = network.unary(Op::kSilu, network.convolution(network.input(), 16, 3, 1));
  x = network.unary(Op::kSilu, network.convolution(x, 16, 3, 1));
  x = network.convolution(x, 8, 1, 0);
  const Graph graph = network.finish({x});
  const std::vector<Sample> samples = network.samples(4);
  QuantizeOptions high;
  high.effort = Effort::kHigh;
  Graph first = graph;
  Graph second = graph;
  const double normal_db = quantize(first, samples, {}).value().output_sqnr_db;
  const double high_db = quantize(second, samples, high).value().output_sqnr_db;
  EXPECT_GT(high_db, normal_db - 0.2);
}

TEST(Quantize, BudgetTurnsLayersFloat) {
  Network network({1, 3, 10, 10});
  ValueId x = network.unary(Op::kSilu, network.convolution(network.input(), 8, 3, 1));
  x = network.unary(Op::kSilu, network.convolution(x, 8, 1, 0));
  x = network.convolution(x, 8, 1, 0);
  const Graph graph = network.finish({x});
  const std::vector<Sample> samples = network.samples(3);
  Graph plain = graph;
  QuantizeOptions options;
  const double base = quantize(plain, samples, options).value().output_sqnr_db;
  options.accuracy_budget_db = base + 1;
  Graph mixed = graph;
  const QuantizeReport report = quantize(mixed, samples, options).value();
  EXPECT_TRUE(report.output_sqnr_db >= base + 1 || !report.warnings.empty());
  EXPECT_GT(report.output_sqnr_db, base);
}

TEST(Quantize, WarnsOfAConstantOutput) {
  Network network({1, 2, 4, 4});
  const ValueId zeros = network.constant({2, 2, 1, 1}, 0);
  const ValueId x = network.add(Op::kConv, {network.input(), zeros}, {1, 2, 4, 4});
  Graph graph = network.finish({x});
  const QuantizeReport report = quantize(graph, network.samples(2), {}).value();
  ASSERT_EQ(report.warnings.size(), 1U);
  EXPECT_NE(report.warnings[0].find(graph.value(graph.outputs[0]).name), std::string::npos);
}

TEST(Quantize, RefusesSamplesThatDoNotFit) {
  Network network({1, 2, 4, 4});
  Graph graph = network.finish({network.convolution(network.input(), 2, 1, 0)});
  EXPECT_EQ(quantize(graph, {}, {}).status().code(), StatusCode::kUsage);
  const Sample wrong = {Tensor::from_values<float>({1, 2, 2, 2}, std::vector<float>(8))};
  const Status status = quantize(graph, {wrong}, {}).status();
  EXPECT_NE(status.message().find("'x'"), std::string::npos);
}

TEST(Float16, HalvesEverythingAndRefusesOverflow) {
  Network network({1, 2, 4, 4});
  Graph graph = network.finish({network.convolution(network.input(), 2, 1, 0)});
  ASSERT_TRUE(to_float16(graph).ok());
  EXPECT_EQ(graph.value(graph.outputs[0]).dtype, DType::kF16);
  EXPECT_EQ(graph.nodes[0].precision, Precision::kFloat16);
  Network huge({1, 2, 4, 4});
  Graph overflow = huge.finish({huge.add(Op::kConv, {huge.input(), huge.constant({2, 2, 1, 1}, 1e6F)}, {1, 2, 4, 4})});
  EXPECT_FALSE(to_float16(overflow).ok());
}

}  // namespace
}  // namespace sixtops::quantize
