#include "importer/darknet/heads.h"

#include <algorithm>

#include "base/error.h"

namespace sixtops::importer::darknet {
namespace {

constexpr int64_t kMaxAnchors = 1000;
// Of the forks' option new_coords: sigmoid, then twice the value less a half, as in YOLOv5.
constexpr float kYolov5Scale = 2;

// Anchors of a [yolo] section that its mask names.
Result<std::vector<float>> masked_anchors(Section& section) {
  const std::vector<float> all = TRY(section.get_floats("anchors"));
  const int64_t count = TRY(section.get_int("num", 1, 1, kMaxAnchors));
  std::vector<int64_t> mask = TRY(section.get_ints("mask"));
  for (int64_t i = 0; mask.empty() && i < count; ++i) mask.push_back(i);
  std::vector<float> anchors;
  for (const int64_t index : mask) {
    if (index < 0 || 2 * index + 1 >= static_cast<int64_t>(all.size())) {
      return invalid_data("mask names anchor {}, there are {}", index, all.size() / 2);
    }
    anchors.push_back(all[static_cast<size_t>(2 * index)]);
    anchors.push_back(all[static_cast<size_t>(2 * index + 1)]);
  }
  return anchors;
}

// Hints hold one kind of head with as many anchors on every stride.
bool are_alike(const std::vector<YoloHead>& heads) {
  return std::all_of(heads.begin(), heads.end(), [&](const YoloHead& head) {
    return head.anchors.size() == heads[0].anchors.size() && head.new_coords == heads[0].new_coords &&
           (!head.new_coords || head.scale_x_y == kYolov5Scale);
  });
}

TaskHints describe(const std::vector<YoloHead>& heads, int64_t input_height) {
  TaskHints hints;
  hints.head = heads[0].new_coords ? HeadKind::kYolov5Sigmoid : HeadKind::kYolov3Raw;
  bool is_scaled = false;
  for (const YoloHead& head : heads) {
    hints.strides.push_back(static_cast<int32_t>(input_height / head.grid_height));
    hints.anchors.insert(hints.anchors.end(), head.anchors.begin(), head.anchors.end());
    hints.grid_scales.push_back(head.scale_x_y);
    is_scaled |= head.scale_x_y != 1;
  }
  if (!is_scaled || heads[0].new_coords) hints.grid_scales.clear();
  return hints;
}

}  // namespace

Result<ValueId> yolo(Layer& layer) {
  Section& section = layer.section;
  YoloHead head;
  head.value = layer.network.current;
  head.anchors = TRY(masked_anchors(section));
  head.scale_x_y = TRY(section.get_float("scale_x_y", 1));
  head.new_coords = TRY(section.get_int("new_coords", 0, 0, 1)) != 0;
  const int64_t classes = TRY(section.get_int("classes", 20, 1, 1 << 20));
  const auto anchors = static_cast<int64_t>(head.anchors.size() / 2);
  const Shape& shape = layer.shape();
  if (shape.size() != 4 || shape[1] != anchors * (5 + classes)) {
    return invalid_data("it reads shape {}; {} anchors and {} classes take {} channels", shape_text(shape), anchors,
                        classes, anchors * (5 + classes));
  }
  head.grid_height = shape[2];
  layer.network.heads.push_back(std::move(head));
  return layer.network.current;
}

Result<ValueId> region(Layer& layer) {
  layer.network.regions.push_back(layer.network.current);
  return layer.network.current;
}

Status write_outputs(Network& network) {
  Graph& graph = network.builder.graph;
  std::vector<YoloHead>& heads = network.heads;
  std::stable_sort(heads.begin(), heads.end(),
                   [](const YoloHead& a, const YoloHead& b) { return a.grid_height > b.grid_height; });
  for (const YoloHead& head : heads) graph.outputs.push_back(head.value);
  graph.outputs.insert(graph.outputs.end(), network.regions.begin(), network.regions.end());
  if (graph.outputs.empty()) graph.outputs.push_back(network.current);
  const int64_t input_height = (*graph.value(graph.inputs[0]).shape)[2];
  if (!heads.empty() && network.regions.empty() && are_alike(heads)) graph.hints = describe(heads, input_height);
  return {};
}

}  // namespace sixtops::importer::darknet
