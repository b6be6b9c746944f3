#include "vision/head/yolov5.h"

#include <algorithm>
#include <optional>

#include "vision/probability.h"

namespace sixtops::vision {
namespace {

struct Anchors {
  std::vector<float> sizes;  // width, height pairs in pixels, stride after stride
  std::vector<int32_t> strides;
  size_t per_stride() const { return sizes.size() / 2 / strides.size(); }
};

Anchors anchors_of(const HeadOutputs& outputs) {
  Anchors anchors;
  if (outputs.hints != nullptr) anchors = {outputs.hints->anchors, outputs.hints->strides};
  if (anchors.strides.empty()) anchors.strides = {8, 16, 32};
  if (anchors.sizes.empty()) {
    anchors.sizes = {10, 13, 16, 30, 33, 23, 30, 61, 62, 45, 59, 119, 116, 90, 156, 198, 373, 326};
  }
  return anchors;
}

// One tensor's layout: values[anchor · anchor_step + cell · cell_step + channel · channel_step].
struct Level {
  Grid grid;
  const TensorView* tensor = nullptr;
  const float* anchor_sizes = nullptr;
  int classes = 0;
  int64_t anchor_step = 0;
  int64_t cell_step = 0;
  int64_t channel_step = 0;
};

std::optional<Level> match_level(const HeadOutputs& outputs, const TensorView& tensor, const Anchors& anchors) {
  const auto count = static_cast<int64_t>(anchors.per_stride());
  Level level;
  level.tensor = &tensor;
  int64_t channels = 0;  // of one anchor
  const auto& shape = tensor.shape;
  if (shape.size() == 4 && shape[1] % count == 0) {
    level.grid = grid_of(outputs, shape);
    channels = shape[1] / count;
    level.cell_step = 1;
    level.channel_step = level.grid.cells();
  } else if (shape.size() == 5 && shape[1] == count) {
    const int64_t as_planes[] = {shape[0], count * shape[4], shape[2], shape[3]};
    level.grid = grid_of(outputs, as_planes);
    channels = shape[4];
    level.cell_step = channels;
    level.channel_step = 1;
  }
  level.anchor_step = channels * level.grid.cells();
  level.classes = static_cast<int>(channels - 5);
  const auto stride = std::find(anchors.strides.begin(), anchors.strides.end(), level.grid.stride);
  if (level.grid.stride == 0 || level.classes < 1 || stride == anchors.strides.end()) return std::nullopt;
  level.anchor_sizes = anchors.sizes.data() + 2 * count * (stride - anchors.strides.begin());
  return level;
}

// One level a stride, all of the same classes; empty when the tensors do not fit. `anchors` must outlive the levels.
std::vector<Level> match_levels(const HeadOutputs& outputs, const Anchors& anchors) {
  const size_t strides = anchors.strides.size();
  if (outputs.tensors.size() != strides || anchors.sizes.empty() || anchors.sizes.size() % (2 * strides) != 0)
    return {};
  std::vector<Level> levels;
  for (const TensorView& tensor : outputs.tensors) {
    const std::optional<Level> level = match_level(outputs, tensor, anchors);
    const bool fits = level && std::all_of(levels.begin(), levels.end(), [&](const Level& other) {
                        return other.grid.stride != level->grid.stride && other.classes == level->classes;
                      });
    if (!fits) return {};
    levels.push_back(*level);
  }
  return levels;
}

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
      const auto column = static_cast<float>(cell % level.grid.width);
      const auto row = static_cast<float>(cell / level.grid.width);
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
  const Anchors anchors = anchors_of(outputs);
  for (const Level& level : match_levels(outputs, anchors)) {
    decode_level(level, anchors.per_stride(), min_score, activation, detections);
  }
}

}  // namespace

int yolov5_classes(const HeadOutputs& outputs) {
  const Anchors anchors = anchors_of(outputs);
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
  const auto box_of = [](int64_t, const float* v) { return box_around(v[0], v[1], v[2], v[3]); };
  decode_rows(*only_matrix(outputs), yolov5_decoded_classes(outputs), min_score, box_of, detections);
}

}  // namespace sixtops::vision
