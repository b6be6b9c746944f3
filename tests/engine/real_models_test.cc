// Real networks, converted to int8 with real pictures: each layer's codes, and the fused network's outputs.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/file.h"
#include "convert/convert.h"
#include "convert/sample_list.h"
#include "cpu/engine/plan/compile.h"
#include "cpu/engine/plan/run.h"
#include "cpu/engine/run_node.h"
#include "cpu/interpreter.h"
#include "cpu/reference/kernel.h"
#include "engine/squeeze_excite_network.h"
#include "model/model.h"
#include "testing/test_data.h"

namespace sixtops::cpu::engine {
namespace {

constexpr const char* kPictures = "data/calib20/images";

// The int8 network of an ONNX file; one that is quantized already keeps its own integers.
Result<Graph> integer_network(const importer::Source& source) {
  convert::ConvertOptions options;
  options.precision = Precision::kInt8;
  options.calibration = testing::test_data_path(kPictures);
  const convert::Converted converted = TRY(convert::convert(source, options));
  model::Model model = TRY(model::read_model(SharedBytes::own(converted.six)));
  return std::move(model.variants.front());
}

// The same with every integer value that a node writes as an output, so that nothing is fused away.
Graph with_all_values(Graph graph) {
  graph.outputs.clear();
  for (const Node& node : graph.nodes) {
    for (const ValueId id : node.outputs) {
      if (id != kNoValue && !is_float(graph.value(id).dtype)) graph.outputs.push_back(id);
    }
  }
  return graph;
}

// Float layers differ in the last bits between kernels, so both sides take the same ones.
Result<std::vector<Tensor>> run_layer(const Node& node, std::span<const Tensor> inputs) {
  return node.precision == Precision::kInt8 ? reference::run_node(node, inputs) : run_node(node, inputs);
}

void expect_reference_bytes(const Graph& graph, const std::vector<Tensor>& inputs,
                            const std::vector<Tensor>& expected) {
  for (const char* name : {"avx512_vnni", "avx2", "neon_dot", "portable"}) {
    const auto kernels = find_kernels(name);
    if (!kernels.ok()) continue;
    const auto plan = compile(graph, **kernels);
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    auto workspace = make_workspace(*plan);
    ASSERT_TRUE(workspace.ok());
    std::vector<Tensor> outputs(graph.outputs.size());
    const Status status = run(*plan, *workspace, inputs, outputs);
    ASSERT_TRUE(status.ok()) << status.message();
    for (size_t i = 0; i < outputs.size(); ++i) {
      const auto actual = outputs[i].bytes().span();
      const auto wanted = expected[i].bytes().span();
      EXPECT_TRUE(std::equal(actual.begin(), actual.end(), wanted.begin(), wanted.end()))
          << name << ": value '" << graph.value(graph.outputs[i]).name << "'";
    }
  }
}

// Every integer node is computed on planes, none by run_node on dense tensors.
void expect_no_integer_node_left_out(const Graph& graph) {
  const auto plan = compile(graph, **find_kernels(""));
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  for (const PlanStep& step : plan->steps) {
    if (!std::holds_alternative<NodeStep>(step.task)) continue;
    const Node& node = graph.nodes[static_cast<size_t>(step.nodes.front())];
    EXPECT_NE(node.precision, Precision::kInt8) << node.name << ", " << op_info(node.op).name;
  }
}

void expect_exact(const Graph& graph) {
  const auto files = convert::list_samples(testing::test_data_path(kPictures), graph.inputs.size());
  ASSERT_TRUE(files.ok()) << files.status().message();
  const auto inputs = convert::load_sample(files->front(), graph);
  ASSERT_TRUE(inputs.ok()) << inputs.status().message();
  const Graph all = with_all_values(graph);
  const auto layers = run_graph(all, *inputs, run_layer);
  ASSERT_TRUE(layers.ok()) << layers.status().message();
  expect_reference_bytes(all, *inputs, *layers);
  const auto outputs = run_graph(graph, *inputs, run_layer);
  ASSERT_TRUE(outputs.ok()) << outputs.status().message();
  expect_reference_bytes(graph, *inputs, *outputs);
}

void expect_exact(const std::string& model) {
  const std::string path = testing::test_data_path(model);
  const auto bytes = read_file(path);
  ASSERT_TRUE(bytes.ok()) << bytes.status().message();
  const auto graph = integer_network({path, *bytes});
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  expect_exact(*graph);
}

TEST(EngineOnRealModels, Yolov5n) {
  SIXTOPS_NEED_DATA("models/yolov5n/yolov5n_heads_raw.onnx");
  expect_exact("models/yolov5n/yolov5n_heads_raw.onnx");
}

TEST(EngineOnRealModels, YoloxNano) {
  SIXTOPS_NEED_DATA("models/yolox/yolox_nano.onnx");
  expect_exact("models/yolox/yolox_nano.onnx");
}

TEST(EngineOnRealModels, FastestDet) {
  SIXTOPS_NEED_DATA("models/fastestdet/FastestDet.onnx");
  expect_exact("models/fastestdet/FastestDet.onnx");
}

// Weight zero points.
TEST(EngineOnRealModels, QuantizedMobileNet) {
  SIXTOPS_NEED_DATA("models/st/mobilenet_v1_0.5_128_quant.onnx");
  expect_exact("models/st/mobilenet_v1_0.5_128_quant.onnx");
}

TEST(EngineOnRealModels, HardSwishSqueezeExciteAndBilinearResize) {
  SIXTOPS_NEED_DATA(kPictures);
  const auto graph = integer_network({"squeeze_excite.onnx", testing::SqueezeExciteNetwork(192, 1).onnx()});
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  expect_no_integer_node_left_out(*graph);
  expect_exact(*graph);
}

}  // namespace
}  // namespace sixtops::cpu::engine
