#include "vision/head/head_outputs.h"

namespace sixtops::vision {

Grid grid_of(const HeadOutputs& outputs, std::span<const int64_t> shape) {
  if (shape.size() != 4 || shape[0] != 1 || shape[2] < 1 || shape[3] < 1) return {};
  const int64_t stride = outputs.input_height / shape[2];
  if (stride < 1 || stride * shape[2] != outputs.input_height || stride * shape[3] != outputs.input_width) return {};
  return {static_cast<int>(stride), static_cast<int>(shape[3]), static_cast<int>(shape[2])};
}

std::vector<Grid> standard_grids(const HeadOutputs& outputs, int last_stride) {
  std::vector<Grid> grids;
  for (int stride = 8; stride <= last_stride; stride *= 2) {
    grids.push_back({stride, outputs.input_width / stride, outputs.input_height / stride});
  }
  return grids;
}

int64_t count_cells(std::span<const Grid> grids) {
  int64_t cells = 0;
  for (const Grid& grid : grids) cells += grid.cells();
  return cells;
}

void add_detection(const Box& box, float score, int class_id, std::vector<Detection>& detections) {
  if (std::isfinite(box.left) && std::isfinite(box.top) && std::isfinite(box.right) && std::isfinite(box.bottom)) {
    detections.push_back({box, score, class_id});
  }
}

std::pair<float, float> decoded_units(const HeadOutputs& outputs) {
  if (outputs.hints == nullptr || !outputs.hints->normalized_boxes) return {1, 1};
  return {static_cast<float>(outputs.input_width), static_cast<float>(outputs.input_height)};
}

const TensorView* only_matrix(const HeadOutputs& outputs) {
  const TensorView* found = nullptr;
  for (const TensorView& tensor : outputs.tensors) {
    if (tensor.shape.size() == 5) continue;
    if (tensor.shape.size() != 3 || tensor.shape[0] != 1 || found != nullptr) return nullptr;
    found = &tensor;
  }
  return found;
}

}  // namespace sixtops::vision
