// Real networks as they were exported: import, run as imported, compare with what their own framework computed.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "base/file.h"
#include "cpu/engine/run_node.h"
#include "cpu/interpreter.h"
#include "importer/importer.h"
#include "testing/test_data.h"
#include "vision/picture_file.h"

namespace sixtops::onnx_test {
namespace {

Result<Graph> import(const std::string& path) { return importer::import_model({path, TRY(read_file(path))}, {}); }

// RGB / 255, planar, of a picture that has the network's size.
Result<Tensor> read_input(const std::string& path) {
  const vision::Picture picture = TRY(vision::read_picture(path));
  Tensor input = TRY(Tensor::allocate(DType::kF32, {1, 3, picture.height, picture.width}));
  float* value = input.mutable_values<float>().data();
  for (int channel = 0; channel < 3; ++channel) {
    for (int y = 0; y < picture.height; ++y) {
      for (int x = 0; x < picture.width; ++x) *value++ = static_cast<float>(picture.row(y)[x * 3 + channel]) / 255;
    }
  }
  return input;
}

// Sums and maxima of the heads, from PyTorch.
TEST(Yolov5n, HeadsHaveTheReferenceSums) {
  SIXTOPS_NEED_DATA("models/yolov5n/yolov5n_heads_sigmoid.onnx");
  SIXTOPS_NEED_DATA("data/img/bus_640.jpg");
  const Result<Graph> graph = import(testing::test_data_path("models/yolov5n/yolov5n_heads_sigmoid.onnx"));
  ASSERT_TRUE(graph.ok()) << graph.status().message();
  const Result<Tensor> input = read_input(testing::test_data_path("data/img/bus_640.jpg"));
  ASSERT_TRUE(input.ok()) << input.status().message();
  const Result<std::vector<Tensor>> heads = cpu::run_graph(
      *graph, {&*input, 1},
      [](const Node& node, std::span<const Tensor> inputs) { return cpu::engine::run_node(node, inputs); });
  ASSERT_TRUE(heads.ok()) << heads.status().message();

  struct Reference {
    const char* name;
    double sum;
    float maximum;
  };
  for (const Reference& reference :
       {Reference{"p8", 62897.36, .98772F}, {"p16", 14502.65, .99766F}, {"p32", 3305.95, .99461F}}) {
    const auto output = std::find(graph->outputs.begin(), graph->outputs.end(), graph->find_value(reference.name));
    ASSERT_NE(output, graph->outputs.end()) << reference.name;
    const Tensor& head = (*heads)[static_cast<size_t>(output - graph->outputs.begin())];
    const std::span<const float> values = head.values<float>();
    EXPECT_NEAR(std::accumulate(values.begin(), values.end(), 0.0), reference.sum, reference.sum * 1e-4);
    EXPECT_NEAR(*std::max_element(values.begin(), values.end()), reference.maximum, 1e-4);
  }
}

}  // namespace
}  // namespace sixtops::onnx_test
