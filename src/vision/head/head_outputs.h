// What every head decoder gets, and the few steps that all of them share.
#pragma once

#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "vision/head.h"

namespace sixtops::vision {

struct HeadOutputs {
  std::span<const TensorView> tensors;
  int input_width = 0;
  int input_height = 0;
  const TaskHints* hints = nullptr;
  // The user or the file says which head it is: rows need not be as many as the stock exports have.
  bool kind_is_known = false;
};

// A feature map of width x height cells of stride x stride pixels.
struct Grid {
  int stride = 0;
  int width = 0;
  int height = 0;
  int64_t cells() const { return int64_t{width} * height; }
  int64_t column(int64_t cell) const { return cell % width; }
  int64_t row(int64_t cell) const { return cell / width; }
};

// The grid of a rank-4 NCHW tensor with batch 1; stride 0 when the input is no whole multiple of it.
Grid grid_of(const HeadOutputs& outputs, std::span<const int64_t> shape);

// The grids of a network without P6 and, when the last is asked for, with it: strides 8, 16, 32 (64).
std::vector<Grid> standard_grids(const HeadOutputs& outputs, int last_stride);
int64_t count_cells(std::span<const Grid> grids);

// Appends the detection unless a coordinate is not finite.
void add_detection(const Box& box, float score, int class_id, std::vector<Detection>& detections);

inline Box box_around(float center_x, float center_y, float width, float height) {
  return {center_x - width / 2, center_y - height / 2, center_x + width / 2, center_y + height / 2};
}

// Pixels a unit of decoded boxes: 1 and 1, or the sides of the input where boxes are parts of them.
std::pair<float, float> decoded_units(const HeadOutputs& outputs);

// The one tensor of the outputs with batch 1 and rank 3; tensors of rank 5 beside it are ignored: old YOLOv5 exports
// have their raw heads there. Null when there is none, two, or something else.
const TensorView* only_matrix(const HeadOutputs& outputs);

// Rows of four box values, objectness, class probabilities. box_of(row, values) is called for those that have a score.
template <typename BoxOf>
void decode_rows(const TensorView& tensor, int classes, float min_score, BoxOf box_of,
                 std::vector<Detection>& detections) {
  const int64_t columns = 5 + int64_t{classes};
  const int64_t rows = static_cast<int64_t>(tensor.values.size()) / columns;
  for (int64_t row = 0; row < rows; ++row) {
    const float* values = tensor.values.data() + row * columns;
    const float objectness = values[4];
    if (!(objectness >= min_score)) continue;  // class probabilities are at most 1
    for (int c = 0; c < classes; ++c) {
      const float score = objectness * values[5 + c];
      if (score >= min_score) add_detection(box_of(row, values), score, c, detections);
    }
  }
}

}  // namespace sixtops::vision
