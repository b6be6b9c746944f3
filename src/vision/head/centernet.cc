#include "vision/head/centernet.h"

#include <algorithm>
#include <utility>

namespace sixtops::vision {
namespace {

constexpr int kStride = 4;
constexpr int64_t kSides = 4;

struct Maps {
  const TensorView* heat = nullptr;
  const TensorView* sides = nullptr;
  Grid grid;
};

Maps find_maps(const HeadOutputs& outputs) {
  if (outputs.tensors.size() != 2) return {};
  Maps maps{&outputs.tensors[0], &outputs.tensors[1], {}};
  for (const TensorView& tensor : outputs.tensors) {
    maps.grid = tensor.shape.size() == 4 ? grid_of(outputs, tensor.shape) : Grid{};
    if (maps.grid.stride != kStride) return {};
  }
  if (maps.sides->shape[1] != kSides) std::swap(maps.heat, maps.sides);
  if (maps.sides->shape[1] != kSides) return {};
  // Only the graph tells the maps from those of other families.
  if (!outputs.kind_is_known && (!maps.heat->after_sigmoid || maps.sides->after_sigmoid)) return {};
  return maps;
}

// Whether no neighbour in the plane is higher.
bool is_peak(const float* plane, const Grid& grid, int row, int column) {
  const float value = plane[int64_t{row} * grid.width + column];
  for (int y = std::max(row - 1, 0); y <= std::min(row + 1, grid.height - 1); ++y) {
    for (int x = std::max(column - 1, 0); x <= std::min(column + 1, grid.width - 1); ++x) {
      if (plane[int64_t{y} * grid.width + x] > value) return false;
    }
  }
  return true;
}

}  // namespace

int centernet_classes(const HeadOutputs& outputs) {
  const Maps maps = find_maps(outputs);
  return maps.heat == nullptr ? 0 : static_cast<int>(maps.heat->shape[1]);
}

void decode_centernet(const HeadOutputs& outputs, float min_score, std::vector<Detection>& detections) {
  const Maps maps = find_maps(outputs);
  const int64_t cells = maps.grid.cells();
  const float* sides = maps.sides->values.data();
  for (int c = 0; c < maps.heat->shape[1]; ++c) {
    const float* plane = maps.heat->values.data() + c * cells;
    for (int row = 0; row < maps.grid.height; ++row) {
      for (int column = 0; column < maps.grid.width; ++column) {
        const int64_t cell = int64_t{row} * maps.grid.width + column;
        if (!(plane[cell] >= min_score) || !is_peak(plane, maps.grid, row, column)) continue;
        const auto x = static_cast<float>(column * kStride);
        const auto y = static_cast<float>(row * kStride);
        const Box box = {x - sides[cell], y - sides[cells + cell], x + sides[2 * cells + cell],
                         y + sides[3 * cells + cell]};
        add_detection(box, plane[cell], c, detections);
      }
    }
  }
}

}  // namespace sixtops::vision
