// Writes a .six model of 640x640 whose outputs are, for every picture, the three int8 heads of YOLOv5 that hold the
// five objects of the vendor's reference run: make_demo_model FILE
#include <cstdio>

#include "base/file.h"
#include "model/model.h"

namespace sixtops::testing {
namespace {

constexpr int kPlanes = 255;  // 3 anchors of x, y, width, height, objectness, 80 classes
constexpr int kAnchorPlanes = 85;

struct Cell {
  int level;  // strides 8, 16, 32
  int anchor, column, row;
  int x, y, width, height;  // bytes: codes + 128
  int objectness, probability;
  int class_id;
};

// Found by solving the decoding for the boxes and scores that the reference run printed.
constexpr Cell kCells[] = {{1, 0, 5, 26, 227, 219, 151, 209, 95, 206, 0},
                           {1, 2, 16, 24, 0, 8, 146, 191, 227, 252, 0},
                           {2, 0, 15, 12, 223, 58, 107, 228, 222, 255, 0},
                           {1, 2, 11, 23, 20, 211, 183, 201, 215, 254, 0},
                           {2, 0, 9, 8, 205, 227, 255, 246, 180, 250, 5}};

Tensor head_of(int level) {
  const int64_t side = 80 >> level;
  std::vector<int8_t> codes(static_cast<size_t>(kPlanes * side * side), -128);
  for (const Cell& cell : kCells) {
    if (cell.level != level) continue;
    const auto set = [&](int plane, int byte) {
      const int64_t at = (kAnchorPlanes * cell.anchor + plane) * side * side + cell.row * side + cell.column;
      codes[static_cast<size_t>(at)] = static_cast<int8_t>(byte - 128);
    };
    set(0, cell.x);
    set(1, cell.y);
    set(2, cell.width);
    set(3, cell.height);
    set(4, cell.objectness);
    set(5 + cell.class_id, cell.probability);
  }
  return Tensor::from_values<int8_t>({1, kPlanes, side, side}, codes);
}

Graph demo_graph() {
  const QuantParams codes{{1.0F / 255}, {-128}, -1};
  Graph graph;
  graph.name = "yolov5s_relu";
  const ValueId images = graph.add_value("images", DType::kI8, Shape{1, 3, 640, 640});
  graph.value(images).quant = codes;
  graph.inputs = {images};
  graph.input_descriptions = {{.is_picture = true,
                               .mean = {0, 0, 0},
                               .std = {255, 255, 255},
                               .color = ColorOrder::kRgb,
                               .resize = ResizeMode::kLetterbox,
                               .pad_color = 114}};
  const char* const names[] = {"output0", "286", "288"};
  for (int level = 0; level < 3; ++level) {
    const Tensor head = head_of(level);
    const ValueId constant = graph.add_constant(std::string("head") + names[level], head);
    const ValueId output = graph.add_value(names[level], DType::kI8, head.shape());
    graph.value(constant).quant = graph.value(output).quant = codes;
    Node node;
    node.name = names[level];
    node.inputs = {constant};
    node.outputs = {output};
    node.precision = Precision::kInt8;
    graph.nodes.push_back(node);
    graph.outputs.push_back(output);
  }
  return graph;
}

}  // namespace
}  // namespace sixtops::testing

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_demo_model FILE\n");
    return 2;
  }
  const auto bytes = sixtops::model::write_model({{sixtops::testing::demo_graph()}, "test", ""});
  const sixtops::Status status = bytes.ok() ? sixtops::write_file(argv[1], *bytes) : bytes.status();
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.message().c_str());
  return status.ok() ? 0 : 1;
}
