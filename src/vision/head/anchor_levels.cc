#include "vision/head/anchor_levels.h"

#include <algorithm>
#include <optional>

namespace sixtops::vision {
namespace {

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
  level.stride_index = static_cast<size_t>(stride - anchors.strides.begin());
  level.anchor_sizes = anchors.sizes.data() + 2 * count * (stride - anchors.strides.begin());
  return level;
}

}  // namespace

Anchors anchors_of(const HeadOutputs& outputs, const Anchors& family) {
  Anchors anchors;
  if (outputs.hints != nullptr) anchors = {outputs.hints->anchors, outputs.hints->strides};
  if (anchors.strides.empty()) anchors.strides = family.strides;
  if (anchors.sizes.empty()) anchors.sizes = family.sizes;
  return anchors;
}

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

}  // namespace sixtops::vision
