#include "importer/torchscript/torchscript_importer.h"

#include <gtest/gtest.h>

#include "testing/zip_file.h"

namespace sixtops::importer::torchscript {
namespace {

using ::sixtops::testing::shared_bytes;
using ::sixtops::testing::torchscript_text;
using ::sixtops::testing::zip_text;

const ImportOptions kShape = {{{"x", {1, 4, 6, 6}}}, ""};

Result<Graph> import(const std::string& text, const ImportOptions& options = kShape) {
  return torchscript::import_model({"net.pt", shared_bytes(text)}, options);
}

std::vector<std::string> ops_of(const Graph& graph) {
  std::vector<std::string> ops;
  for (const Node& node : graph.nodes) ops.emplace_back(op_info(node.op).name);
  return ops;
}

using Names = std::vector<std::string>;

TEST(TorchScript, CodeIsFollowed) {
  const Result<Graph> graph =
      import(torchscript_text("    _0 = torch.relu_(torch.add(x, x, alpha=1))\n"
                              "    a, b, = torch.chunk(_0, 2, 1)\n"
                              "    size = ops.prim.NumToTensor(torch.size(x, 2))\n"
                              "    _1 = [1, 2, int(torch.mul(size, size))]\n"
                              "    return (torch.view(a, _1), torch.cat([a, b], -3))\n"));
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  EXPECT_EQ(ops_of(*graph), (Names{"Add", "Relu", "Split", "Reshape", "Concat"}));
  ASSERT_EQ(graph->outputs.size(), 2U);
  EXPECT_EQ(graph->value(graph->outputs[0]).name, "output0");
  EXPECT_EQ(*graph->value(graph->outputs[0]).shape, (Shape{1, 2, 36}));
  EXPECT_EQ(*graph->value(graph->outputs[1]).shape, (Shape{1, 4, 6, 6}));
}

TEST(TorchScript, FunctionsOfSeveralOperators) {
  const auto ops = [](const std::string& body) {
    const Result<Graph> graph = import(torchscript_text("    return " + body + "\n"));
    EXPECT_TRUE(graph.ok()) << body << ": " << graph.status().message();
    return graph.ok() ? ops_of(*graph) : Names();
  };
  EXPECT_EQ(ops("torch.log_sigmoid(x)"), (Names{"Neg", "Softplus", "Neg"}));
  EXPECT_EQ(ops("torch.glu(x, 1)"), (Names{"Split", "Sigmoid", "Mul"}));
  EXPECT_EQ(ops("torch.var(x, [2, 3], False)"), (Names{"ReduceMean", "Sub", "ReduceSumSquare", "Mul"}));
  EXPECT_EQ(ops("torch.movedim(x, [1], [3])"), Names{"Transpose"});
  EXPECT_EQ(ops("torch.unflatten(x, 1, [2, -1])"), Names{"Reshape"});
  EXPECT_EQ(ops("torch.softplus(x, 2, 20)"), (Names{"Mul", "Softplus", "Div"}));
  EXPECT_FALSE(import(torchscript_text("    return torch.movedim(x, [1, 1], [2, 3])\n")).ok());
  EXPECT_FALSE(import(torchscript_text("    return torch.bitwise_not(x)\n")).ok());
}

TEST(TorchScript, ShapesAreAskedFor) {
  const Result<Graph> graph = import(torchscript_text("    return torch.relu(x)\n"), {});
  EXPECT_EQ(graph.status().code(), StatusCode::kUsage);
  EXPECT_EQ(graph.status().message(),
            "net.pt: input 'x' has no shape; give it by an option like --input x:1x3x640x640");
}

TEST(TorchScript, AllUnknownOperatorsAreNamed) {
  const Result<Graph> graph =
      import(torchscript_text("    a = torch.fft_rfft(x)\n    return torch.relu(torch.lstm(a))\n"));
  EXPECT_EQ(graph.status().message(), "net.pt: 2 operator(s) are not supported: torch.fft_rfft: ''; torch.lstm: ''");
}

TEST(TorchScript, ControlFlowSaysWhatToDo) {
  const Result<Graph> graph = import(torchscript_text("    if True:\n      y = x\n    return x\n"));
  EXPECT_EQ(graph.status().code(), StatusCode::kUnsupported);
  EXPECT_NE(graph.status().message().find("trace it instead"), std::string::npos) << graph.status().message();
}

TEST(TorchScript, BadCodeIsAnError) {
  for (const char* body : {"    return torch.relu(\n", "    return torch.relu(x))\n", "    return torch.relu(y)\n",
                           "    a, b, = torch.chunk(x, 4, 1)\n    return a\n", "    return torch.view(x, [5, 5])\n",
                           "    return ----------x\n", "    return torch.chunk(x, 2, 9)\n", "    return \"x\n"}) {
    EXPECT_FALSE(import(torchscript_text(body)).ok()) << body;
  }
  // Nested beyond all measure.
  EXPECT_FALSE(import(torchscript_text("    return " + std::string(100000, '(') + "x\n")).ok());
  std::string chain = "    return x";
  for (int i = 0; i < 100000; ++i) chain += ".a";
  EXPECT_FALSE(import(torchscript_text(chain + "\n")).ok());
}

TEST(TorchScript, ModulesThatCallThemselvesEnd) {
  EXPECT_EQ(import(torchscript_text("    return (self).forward(x, )\n")).status().code(), StatusCode::kResource);
  // Two calls a level would double the work a hundred times.
  EXPECT_EQ(import(torchscript_text("    _0 = (self).forward(x, )\n    return (self).forward(x, )\n")).status().code(),
            StatusCode::kResource);
}

TEST(TorchScript, DamagedArchivesAreErrors) {
  const std::string good = torchscript_text("    return torch.relu(x)\n");
  ASSERT_TRUE(import(good).ok());
  for (size_t size = 4; size < good.size(); size += 5) EXPECT_FALSE(import(good.substr(0, size)).ok()) << size;
  EXPECT_EQ(import(zip_text({{"a/b", "c"}})).status().message(),
            "net.pt: a zip archive, but no network of PyTorch: it has no data.pkl");
  EXPECT_FALSE(import(zip_text({{"a/data.pkl", "N."}})).ok());
}

}  // namespace
}  // namespace sixtops::importer::torchscript
