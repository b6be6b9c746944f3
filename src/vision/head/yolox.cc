#include "vision/head/yolox.h"

namespace sixtops::vision {
namespace {

constexpr int kLastStride = 32;

}  // namespace

int yolox_classes(const HeadOutputs& outputs) {
  const TensorView* tensor = only_matrix(outputs);
  if (tensor == nullptr || tensor->shape[2] < 6) return 0;
  if (tensor->shape[1] != count_cells(standard_grids(outputs, kLastStride))) return 0;
  return static_cast<int>(tensor->shape[2] - 5);
}

void decode_yolox(const HeadOutputs& outputs, float min_score, std::vector<Detection>& detections) {
  const std::vector<Grid> grids = standard_grids(outputs, kLastStride);
  const auto box_of = [&](int64_t row, const float* v) {
    size_t level = 0;
    while (row >= grids[level].cells()) row -= grids[level++].cells();
    const Grid& grid = grids[level];
    const auto stride = static_cast<float>(grid.stride);
    return box_around((v[0] + static_cast<float>(grid.column(row))) * stride,
                      (v[1] + static_cast<float>(grid.row(row))) * stride, std::exp(v[2]) * stride,
                      std::exp(v[3]) * stride);
  };
  decode_rows(*only_matrix(outputs), yolox_classes(outputs), min_score, box_of, detections);
}

}  // namespace sixtops::vision
