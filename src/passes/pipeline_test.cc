#include "passes/pipeline.h"

#include <cmath>
#include <random>

#include "cpu/interpreter.h"
#include "cpu/reference/kernel.h"
#include "passes/pass_testing.h"
#include "testing/random_tensor.h"

namespace sixtops::passes {
namespace {

std::vector<Tensor> run(const Graph& graph, std::span<const Tensor> inputs) {
  const auto run_node = [](const Node& node, std::span<const Tensor> operands) {
    return cpu::reference::run_node(node, operands);
  };
  Result<std::vector<Tensor>> outputs = cpu::run_graph(graph, inputs, run_node);
  EXPECT_TRUE(outputs.ok()) << outputs.status().message() << "\n" << format_graph(graph);
  return outputs.ok() ? std::move(outputs).value() : std::vector<Tensor>{};
}

// Expects that the pipeline changes no output beyond rounding, and returns how many nodes it leaves.
size_t expect_same_answers(const std::string& statements, uint32_t seed) {
  Graph source = testing::graph_of("graph \"t\"\n" + statements);
  EXPECT_TRUE(infer_shapes(source).ok());
  Graph result = source;
  const Status status = run_pipeline(result, {}, [&](const Pass& pass, const Graph& graph) {
    const Status sound = verify(graph, VerifyLevel::kImported);
    EXPECT_TRUE(sound.ok()) << pass.name << ": " << sound.message();
  });
  EXPECT_TRUE(status.ok()) << status.message() << "\n" << format_graph(result);
  std::mt19937 random(seed);
  std::vector<Tensor> inputs;
  for (const ValueId id : source.inputs)
    inputs.push_back(testing::random_floats(random, *source.value(id).shape, -3, 3));
  const std::vector<Tensor> before = run(source, inputs);
  const std::vector<Tensor> after = run(result, inputs);
  EXPECT_EQ(before.size(), after.size());
  for (size_t i = 0; i < before.size() && i < after.size(); ++i) {
    EXPECT_EQ(source.value(source.outputs[i]).name, result.value(result.outputs[i]).name);
    EXPECT_EQ(before[i].shape(), after[i].shape());
    const std::vector<float> want = values_as<float>(before[i]);
    const std::vector<float> have = values_as<float>(after[i]);
    for (size_t k = 0; k < want.size() && k < have.size(); ++k) {
      if (std::abs(have[k] - want[k]) <= 1e-3F * (1 + std::abs(want[k]))) continue;
      ADD_FAILURE() << "output " << i << " element " << k << ": " << have[k] << " instead of " << want[k] << "\n"
                    << format_graph(source) << format_graph(result);
      break;
    }
  }
  return result.nodes.size();
}

// Writes random networks in the spellings that exporters use.
class NetworkWriter {
 public:
  explicit NetworkWriter(uint32_t seed) : random_(seed) {}

  std::string write() {
    text_ = "input %x: f32[1x4x6x6]\n";
    std::string value = "x";
    const int64_t steps = pick(3, 9);
    for (int64_t i = 0; i < steps; ++i) {
      value = step(value);
      if (pick(0, 9) == 0 && value != "x") text_ += "output %" + value + "\n";
    }
    return text_ + "%last: f32[..] = Neg(%" + value + ")\noutput %last\n";
  }

 private:
  int64_t pick(int64_t low, int64_t high) { return testing::random_int(random_, low, high); }
  std::string fresh() { return "v" + std::to_string(count_++); }

  std::string constant(const std::string& shape, int64_t count, float low = -1, float high = 1) {
    std::string text;
    for (int64_t i = 0; i < count; ++i) {
      text += std::to_string(std::uniform_real_distribution<float>(low, high)(random_)) + " ";
    }
    const std::string name = fresh();
    text_ += "const %" + name + ": f32[" + shape + "] = {" + text + "}\n";
    return name;
  }

  std::string scalar(const std::string& value) {
    const std::string name = fresh();
    text_ += "const %" + name + ": f32[] = {" + value + "}\n";
    return name;
  }

  std::string node(const std::string& op, std::vector<std::string> operands, const std::string& attributes = "") {
    const std::string name = fresh();
    text_ += "%" + name + ": f32[..] = " + op + "(";
    for (size_t i = 0; i < operands.size(); ++i) text_ += (i == 0 ? "%" : ", %") + operands[i];
    text_ += ") {" + attributes + "}\n";
    return name;
  }

  std::string pair(const std::string& op, const std::string& a, const std::string& b) {
    return pick(0, 1) == 0 ? node(op, {a, b}) : node(op, {b, a});
  }

  // One piece of a network; shape 1x4x6x6 in and out.
  std::string step(const std::string& x) {
    switch (pick(0, 15)) {
      case 0: {
        const std::string bias = constant("4", 4);
        return node("Conv", {x, constant("4x4x3x3", 144), bias}, "pads=[1 1 1 1]");
      }
      case 1:
        return node("Conv", {x, constant("4x1x1x1", 4)}, "group=4");
      case 2: {
        const std::string gamma = constant("4", 4);
        const std::string beta = constant("4", 4);
        const std::string mean = constant("4", 4);
        return node("BatchNormalization", {x, gamma, beta, mean, constant("4", 4, 0.5F, 2)});
      }
      case 3:
        return pair("Mul", x, node("Sigmoid", {x}));
      case 4: {
        const std::string ramp = node("Clip", {pair("Add", x, scalar("3")), scalar("0"), scalar("6")});
        return pick(0, 1) == 0 ? node("Div", {pair("Mul", x, ramp), scalar("6")})
                               : pair("Mul", x, node("Div", {ramp, scalar("6")}));
      }
      case 5:
        return pair("Mul", x, node("Tanh", {node("Softplus", {x})}));
      case 6: {
        const std::string gate = pair("Add", node("Erf", {node("Div", {x, scalar("1.4142135")})}), scalar("1"));
        return pair("Mul", pair("Mul", x, gate), scalar("0.5"));
      }
      case 7: {
        static const char* const kOps[] = {"Add", "Sub", "Mul", "Div"};
        const std::string c = pick(0, 1) == 0 ? constant("4x1x1", 4, 0.5F, 2) : constant("1", 1, 0.5F, 2);
        const std::string op = kOps[pick(0, 3)];
        return op == "Div" ? node(op, {x, c}) : pair(op, x, c);
      }
      case 8:
        return pick(0, 1) == 0 ? node("Max", {x, scalar("0")}) : node("Min", {node("Relu", {x}), scalar("2")});
      case 9:
        return node("PRelu", {x, pick(0, 1) == 0 ? scalar("0.25") : constant("4x1x1", 4)});
      case 10: {
        const std::string padded = node("Pad", {node("Relu", {x})}, "pads=[0 0 1 1 0 0 1 1]");
        static const char* const kPools[] = {"MaxPool", "AveragePool"};
        return node(kPools[pick(0, 1)], {padded}, "kernel_shape=[3 3]");
      }
      case 11: {
        const std::string last = node("Transpose", {x}, "perm=[0 2 3 1]");
        return node("Transpose", {node(pick(0, 1) == 0 ? "Softmax" : "Relu", {last})}, "perm=[0 3 1 2]");
      }
      case 12: {  // a channel shuffle
        const std::string groups = node("Reshape", {x}, "shape=[1 2 2 6 6]");
        return node("Reshape", {node("Transpose", {groups}, "perm=[0 2 1 3 4]")}, "shape=[1 -1 6 6]");
      }
      case 13:
        return node("Reshape", {node("Squeeze", {node("Unsqueeze", {x}, "axes=[2]")}, "axes=[0 2]")},
                    "shape=[1 4 6 6]");
      case 14: {  // attention-like: rows, a product with weights, a sum, and back
        const std::string rows = node("Reshape", {x}, "shape=[1 24 6]");
        const std::string product = node("MatMul", {rows, constant("6x6", 36)});
        return node("Reshape", {pair("Add", product, constant("6", 6))}, "shape=[1 4 6 6]");
      }
      default: {  // layer normalization along the last axis
        const std::string d = node("Sub", {x, node("ReduceMean", {x}, "axes=[-1]")});
        const std::string variance = node("ReduceMean", {node("Pow", {d, scalar("2")})}, "axes=[-1]");
        const std::string ratio = node("Div", {d, node("Sqrt", {pair("Add", variance, scalar("0.1"))})});
        return pair("Add", pair("Mul", ratio, constant("6", 6)), constant("6", 6));
      }
    }
  }

  std::mt19937 random_;
  std::string text_;
  int count_ = 0;
};

TEST(Pipeline, KeepsTheMeaningOfRandomNetworks) {
  for (uint32_t seed = 0; seed < 100; ++seed) {
    expect_same_answers(NetworkWriter(seed).write(), seed);
    ASSERT_FALSE(HasFailure()) << "seed " << seed;
  }
}

TEST(Pipeline, LeavesLittleOfAResidualBlock) {
  // conv, batch norm, SiLU; then the sum.
  EXPECT_EQ(expect_same_answers(R"(input %x: f32[1x2x4x4]
const %w: f32[2x2x1x1] = {1 2 3 4}
const %g: f32[2] = {1 2}
%c: f32[..] = Conv(%x, %w)
%n: f32[..] = BatchNormalization(%c, %g, %g, %g, %g)
%s: f32[..] = Sigmoid(%n)
%a: f32[..] = Mul(%n, %s)
%y: f32[..] = Add(%x, %a)
output %y
)",
                                1),
            3U);
}

TEST(Pipeline, ErrorsNamePassAndNode) {
  Graph graph = testing::graph_of(
      "graph \"t\" input %x: f32[2] input %z: f32[3] %y: f32[..] = Add(%x, %z) \"sum\" "
      "output %y");
  EXPECT_THAT(run_pipeline(graph).message(), ::testing::HasSubstr("pass infer_and_fold: node 'sum' (Add)"));
}

TEST(Pipeline, AsksForUnknownInputShapes) {
  Graph graph = testing::graph_of("graph \"t\" input %x: f32[?x2] %y: f32[..] = Relu(%x) output %y");
  EXPECT_THAT(run_pipeline(graph).message(), ::testing::HasSubstr("give it with --input"));
}

TEST(Pipeline, RowsAreDocumented) {
  for (const Pass& pass : pipeline()) {
    EXPECT_FALSE(pass.name.empty());
    EXPECT_FALSE(pass.reason.empty()) << pass.name;
  }
}

}  // namespace
}  // namespace sixtops::passes
