// Raw tensors of heads with anchors: one a stride, 1 x (anchors · (5 + classes)) x H x W, or
// 1 x anchors x H x W x (5 + classes).
#pragma once

#include <vector>

#include "vision/head/head_outputs.h"

namespace sixtops::vision {

struct Anchors {
  std::vector<float> sizes;  // width, height pairs in pixels, stride after stride
  std::vector<int32_t> strides;
  size_t per_stride() const { return sizes.size() / 2 / strides.size(); }
};

// Those of the hints, as far as they have any, else the family's own.
Anchors anchors_of(const HeadOutputs& outputs, const Anchors& family);

// One tensor's layout: values[anchor · anchor_step + cell · cell_step + channel · channel_step].
struct Level {
  Grid grid;
  const TensorView* tensor = nullptr;
  size_t stride_index = 0;  // among the anchors' strides
  const float* anchor_sizes = nullptr;
  int classes = 0;
  int64_t anchor_step = 0;
  int64_t cell_step = 0;
  int64_t channel_step = 0;
};

// One level a stride, all of the same classes; empty when the tensors do not fit. `anchors` must outlive the levels.
std::vector<Level> match_levels(const HeadOutputs& outputs, const Anchors& anchors);

}  // namespace sixtops::vision
