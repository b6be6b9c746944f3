#include "vision/head/yolov5.h"

#include "vision/head/anchor_levels.h"
#include "vision/probability.h"

namespace sixtops::vision {
namespace {

const Anchors kAnchors = {{10, 13, 16, 30, 33, 23, 30, 61, 62, 45, 59, 119, 116, 90, 156, 198, 373, 326}, {8, 16, 32}};

template <typename Activation>
void decode_level(const Level& level, size_t anchors, float min_score, Activation activation,
                  std::vector<Detection>& detections) {
  for (size_t a = 0; a < anchors; ++a) {
    const float* anchor = level.anchor_sizes + 2 * a;
    const auto stride = static_cast<float>(level.grid.stride);
    for (int64_t cell = 0; cell < level.grid.cells(); ++cell) {
      const float* values =
          level.tensor->values.data() + static_cast<int64_t>(a) * level.anchor_step + cell * level.cell_step;
      const auto value = [&](int64_t channel) { return activation(values[channel * level.channel_step]); };
      const float objectness = value(4);
      if (!(objectness >= min_score)) continue;  // class probabilities are at most 1
      const auto column = static_cast<float>(level.grid.column(cell));
      const auto row = static_cast<float>(level.grid.row(cell));
      const float width = 2 * value(2);
      const float height = 2 * value(3);
      const Box box = box_around((2 * value(0) - 0.5F + column) * stride, (2 * value(1) - 0.5F + row) * stride,
                                 width * width * anchor[0], height * height * anchor[1]);
      for (int c = 0; c < level.classes; ++c) {
        const float score = objectness * value(5 + c);
        if (score >= min_score) add_detection(box, score, c, detections);
      }
    }
  }
}

template <typename Activation>
void decode_levels(const HeadOutputs& outputs, float min_score, Activation activation,
                   std::vector<Detection>& detections) {
  const Anchors anchors = anchors_of(outputs, kAnchors);
  for (const Level& level : match_levels(outputs, anchors)) {
    decode_level(level, anchors.per_stride(), min_score, activation, detections);
  }
}

}  // namespace

int yolov5_classes(const HeadOutputs& outputs) {
  const Anchors anchors = anchors_of(outputs, kAnchors);
  const std::vector<Level> levels = match_levels(outputs, anchors);
  return levels.empty() ? 0 : levels.front().classes;
}

void decode_yolov5_raw(const HeadOutputs& outputs, float min_score, std::vector<Detection>& detections) {
  decode_levels(outputs, min_score, sigmoid, detections);
}

void decode_yolov5_sigmoid(const HeadOutputs& outputs, float min_score, std::vector<Detection>& detections) {
  decode_levels(
      outputs, min_score, [](float value) { return value; }, detections);
}

int yolov5_decoded_classes(const HeadOutputs& outputs) {
  const TensorView* tensor = only_matrix(outputs);
  if (tensor == nullptr || tensor->shape[2] < 6) return 0;
  constexpr int kAnchors = 3;
  const int64_t rows = tensor->shape[1];
  const bool stock = rows == kAnchors * count_cells(standard_grids(outputs, 32)) ||
                     rows == kAnchors * count_cells(standard_grids(outputs, 64));
  return stock || outputs.kind_is_known ? static_cast<int>(tensor->shape[2] - 5) : 0;
}

void decode_yolov5_decoded(const HeadOutputs& outputs, float min_score, std::vector<Detection>& detections) {
  const std::pair<float, float> unit = decoded_units(outputs);
  const auto box_of = [&](int64_t, const float* v) {
    return box_around(v[0] * unit.first, v[1] * unit.second, v[2] * unit.first, v[3] * unit.second);
  };
  decode_rows(*only_matrix(outputs), yolov5_decoded_classes(outputs), min_score, box_of, detections);
}

}  // namespace sixtops::vision
