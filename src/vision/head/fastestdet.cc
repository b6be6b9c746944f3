#include "vision/head/fastestdet.h"

#include "vision/probability.h"

namespace sixtops::vision {
namespace {

constexpr int kStride = 16;
constexpr float kObjectnessPower = 0.6F;
constexpr float kClassPower = 0.4F;

Box box_of_cell(const HeadOutputs& outputs, const Grid& grid, const float* values, int64_t cell) {
  const int64_t plane = grid.cells();
  const float x = (std::tanh(values[plane]) + static_cast<float>(grid.column(cell))) / static_cast<float>(grid.width);
  const float y = (std::tanh(values[2 * plane]) + static_cast<float>(grid.row(cell))) / static_cast<float>(grid.height);
  const auto width = static_cast<float>(outputs.input_width);
  const auto height = static_cast<float>(outputs.input_height);
  return box_around(x * width, y * height, sigmoid(values[3 * plane]) * width, sigmoid(values[4 * plane]) * height);
}

}  // namespace

int fastestdet_classes(const HeadOutputs& outputs) {
  if (outputs.tensors.size() != 1) return 0;
  const auto& shape = outputs.tensors[0].shape;
  if (grid_of(outputs, shape).stride != kStride || shape[1] < 6) return 0;
  return static_cast<int>(shape[1] - 5);
}

void decode_fastestdet(const HeadOutputs& outputs, float min_score, std::vector<Detection>& detections) {
  const int classes = fastestdet_classes(outputs);
  const TensorView& tensor = outputs.tensors[0];
  const Grid grid = grid_of(outputs, tensor.shape);
  for (int64_t cell = 0; cell < grid.cells(); ++cell) {
    const float* values = tensor.values.data() + cell;
    const float objectness = std::pow(values[0], kObjectnessPower);
    if (!(objectness >= min_score)) continue;  // class probabilities are at most 1
    int best = 0;
    const auto probability = [&](int c) { return values[(5 + c) * grid.cells()]; };
    for (int c = 1; c < classes; ++c) {
      if (probability(c) > probability(best)) best = c;
    }
    const float score = objectness * std::pow(probability(best), kClassPower);
    if (score >= min_score) add_detection(box_of_cell(outputs, grid, values, cell), score, best, detections);
  }
}

}  // namespace sixtops::vision
