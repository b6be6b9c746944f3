#include "vision/head/yolov8.h"

#include <algorithm>
#include <array>
#include <limits>

#include "vision/probability.h"

namespace sixtops::vision {
namespace {

constexpr int kBins = 16;
constexpr int kDistributionPlanes = 4 * kBins;

// The tensors of one stride: planes of `box` from 0, planes of `scores` from first_class.
struct Level {
  Grid grid;
  const TensorView* box = nullptr;
  const TensorView* scores = nullptr;
  int64_t first_class = 0;
  int classes = 0;
};

// True when the level took the tensor in.
bool add_tensor(Level& level, const TensorView& tensor, bool is_alone) {
  const int64_t planes = tensor.shape[1];
  if (is_alone) {
    level.box = level.scores = &tensor;
    level.first_class = kDistributionPlanes;
    level.classes = static_cast<int>(planes - kDistributionPlanes);
    return level.classes >= 1;
  }
  if (level.box == nullptr && (planes == kDistributionPlanes || planes == 4)) {
    level.box = &tensor;
    return true;
  }
  if (level.scores == nullptr) {
    level.scores = &tensor;
    level.classes = static_cast<int>(planes);
    return true;
  }
  return planes == 1;
}

// Empty when the tensors do not fit.
std::vector<Level> match_levels(const HeadOutputs& outputs) {
  const auto count_of_stride = [&](int stride) {
    return std::count_if(outputs.tensors.begin(), outputs.tensors.end(),
                         [&](const TensorView& tensor) { return grid_of(outputs, tensor.shape).stride == stride; });
  };
  std::vector<Level> levels;
  for (const TensorView& tensor : outputs.tensors) {
    const Grid grid = grid_of(outputs, tensor.shape);
    if (grid.stride == 0) return {};
    auto level =
        std::find_if(levels.begin(), levels.end(), [&](const Level& l) { return l.grid.stride == grid.stride; });
    if (level == levels.end()) {
      levels.push_back({.grid = grid});
      level = levels.end() - 1;
    }
    if (!add_tensor(*level, tensor, count_of_stride(grid.stride) == 1)) return {};
  }
  const bool complete = std::all_of(levels.begin(), levels.end(), [&](const Level& level) {
    return level.box != nullptr && level.scores != nullptr && level.classes == levels.front().classes;
  });
  constexpr size_t kLeastLevels = 2;  // a single map is somebody else's
  return complete && levels.size() >= kLeastLevels ? levels : std::vector<Level>();
}

float expected_distance(const float* bins, int64_t plane) {
  std::array<float, kBins> probabilities{};
  for (int i = 0; i < kBins; ++i) probabilities[static_cast<size_t>(i)] = bins[i * plane];
  softmax(probabilities);
  float distance = 0;
  for (int i = 0; i < kBins; ++i) distance += static_cast<float>(i) * probabilities[static_cast<size_t>(i)];
  return distance;
}

Box box_of_cell(const Level& level, int64_t cell) {
  const int64_t plane = level.grid.cells();
  const float* values = level.box->values.data() + cell;
  std::array<float, 4> distance{};
  for (size_t side = 0; side < 4; ++side) {
    const auto first = static_cast<int64_t>(side);
    distance[side] =
        level.box->shape[1] == 4 ? values[first * plane] : expected_distance(values + first * kBins * plane, plane);
  }
  const float x = static_cast<float>(level.grid.column(cell)) + 0.5F;
  const float y = static_cast<float>(level.grid.row(cell)) + 0.5F;
  const auto stride = static_cast<float>(level.grid.stride);
  return {(x - distance[0]) * stride, (y - distance[1]) * stride, (x + distance[2]) * stride,
          (y + distance[3]) * stride};
}

std::span<const float> class_values(const Level& level) {
  return level.scores->values.subspan(static_cast<size_t>(level.first_class * level.grid.cells()),
                                      static_cast<size_t>(level.classes * level.grid.cells()));
}

}  // namespace

int yolov8_dfl_classes(const HeadOutputs& outputs) {
  const std::vector<Level> levels = match_levels(outputs);
  return levels.empty() ? 0 : levels.front().classes;
}

void decode_yolov8_dfl(const HeadOutputs& outputs, float min_score, std::vector<Detection>& detections) {
  const std::vector<Level> levels = match_levels(outputs);
  const bool probabilities = std::all_of(levels.begin(), levels.end(),
                                         [](const Level& level) { return are_probabilities(class_values(level)); });
  // Most values end here: the exponential is for the few that may pass.
  const float least = probabilities ? min_score : logit(min_score) - 1e-3F;
  for (const Level& level : levels) {
    const std::span<const float> values = class_values(level);
    for (int64_t i = 0; i < static_cast<int64_t>(values.size()); ++i) {
      const float value = values[static_cast<size_t>(i)];
      if (!(value >= least)) continue;
      const float score = probabilities ? value : sigmoid(value);
      if (!(score >= min_score)) continue;
      const int64_t cell = i % level.grid.cells();
      add_detection(box_of_cell(level, cell), score, static_cast<int>(i / level.grid.cells()), detections);
    }
  }
}

int yolov8_decoded_classes(const HeadOutputs& outputs) {
  const TensorView* tensor = only_matrix(outputs);
  if (tensor == nullptr || tensor->shape[1] < 5) return 0;
  const int64_t rows = tensor->shape[2];
  const bool stock =
      rows == count_cells(standard_grids(outputs, 32)) || rows == count_cells(standard_grids(outputs, 64));
  return stock || outputs.kind_is_known ? static_cast<int>(tensor->shape[1] - 4) : 0;
}

void decode_yolov8_decoded(const HeadOutputs& outputs, float min_score, std::vector<Detection>& detections) {
  const TensorView& tensor = *only_matrix(outputs);
  const int64_t rows = tensor.shape[2];
  const float* values = tensor.values.data();
  const auto [x, y] = decoded_units(outputs);
  for (int64_t c = 0; c < tensor.shape[1] - 4; ++c) {
    const float* scores = values + (4 + c) * rows;
    for (int64_t row = 0; row < rows; ++row) {
      if (!(scores[row] >= min_score)) continue;
      const Box box =
          box_around(values[row] * x, values[rows + row] * y, values[2 * rows + row] * x, values[3 * rows + row] * y);
      add_detection(box, scores[row], static_cast<int>(c), detections);
    }
  }
}

}  // namespace sixtops::vision
