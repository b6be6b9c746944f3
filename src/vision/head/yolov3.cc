#include "vision/head/yolov3.h"

#include <cmath>

#include "vision/head/anchor_levels.h"
#include "vision/probability.h"

namespace sixtops::vision {
namespace {

const Anchors kAnchors = {{10, 13, 16, 30, 33, 23, 30, 61, 62, 45, 59, 119, 116, 90, 156, 198, 373, 326}, {8, 16, 32}};

float grid_scale(const HeadOutputs& outputs, size_t stride_index) {
  if (outputs.hints == nullptr || stride_index >= outputs.hints->grid_scales.size()) return 1;
  return outputs.hints->grid_scales[stride_index];
}

void decode_level(const Level& level, size_t anchors, float scale, float min_score,
                  std::vector<Detection>& detections) {
  const auto stride = static_cast<float>(level.grid.stride);
  const float offset = (scale - 1) / 2;
  for (size_t a = 0; a < anchors; ++a) {
    const float* anchor = level.anchor_sizes + 2 * a;
    for (int64_t cell = 0; cell < level.grid.cells(); ++cell) {
      const float* values =
          level.tensor->values.data() + static_cast<int64_t>(a) * level.anchor_step + cell * level.cell_step;
      const auto value = [&](int64_t channel) { return values[channel * level.channel_step]; };
      const float objectness = sigmoid(value(4));
      if (!(objectness >= min_score)) continue;  // class probabilities are at most 1
      const auto column = static_cast<float>(level.grid.column(cell));
      const auto row = static_cast<float>(level.grid.row(cell));
      const Box box = box_around((sigmoid(value(0)) * scale - offset + column) * stride,
                                 (sigmoid(value(1)) * scale - offset + row) * stride, std::exp(value(2)) * anchor[0],
                                 std::exp(value(3)) * anchor[1]);
      for (int c = 0; c < level.classes; ++c) {
        const float score = objectness * sigmoid(value(5 + c));
        if (score >= min_score) add_detection(box, score, c, detections);
      }
    }
  }
}

}  // namespace

int yolov3_classes(const HeadOutputs& outputs) {
  if (!outputs.kind_is_known) return 0;
  const Anchors anchors = anchors_of(outputs, kAnchors);
  const std::vector<Level> levels = match_levels(outputs, anchors);
  return levels.empty() ? 0 : levels.front().classes;
}

void decode_yolov3_raw(const HeadOutputs& outputs, float min_score, std::vector<Detection>& detections) {
  const Anchors anchors = anchors_of(outputs, kAnchors);
  for (const Level& level : match_levels(outputs, anchors)) {
    decode_level(level, anchors.per_stride(), grid_scale(outputs, level.stride_index), min_score, detections);
  }
}

}  // namespace sixtops::vision
