#include "graph/slice_geometry.h"

#include <algorithm>

#include "base/error.h"

namespace sixtops {
namespace {

SlicedAxis slice_axis(int64_t extent, int64_t start, int64_t end, int64_t step) {
  if (start < 0) start += extent;
  if (end < 0) end += extent;
  if (step > 0) {
    start = std::clamp<int64_t>(start, 0, extent);
    end = std::clamp<int64_t>(end, 0, extent);
    return {start, step, start < end ? (end - start - 1) / step + 1 : 0};
  }
  if (extent == 0) return {0, step, 0};
  start = std::clamp<int64_t>(start, 0, extent - 1);
  end = std::clamp<int64_t>(end, -1, extent - 1);
  // The step's magnitude as unsigned: the smallest int64 has no positive counterpart.
  const uint64_t magnitude = uint64_t{0} - static_cast<uint64_t>(step);
  return {start, step, start > end ? static_cast<int64_t>(static_cast<uint64_t>(start - end - 1) / magnitude) + 1 : 0};
}

}  // namespace

Result<std::vector<SlicedAxis>> resolve_slice(const Shape& shape, std::span<const int64_t> starts,
                                              std::span<const int64_t> ends, std::span<const int64_t> axes,
                                              std::span<const int64_t> steps) {
  const size_t count = starts.size();
  if (ends.size() != count || (!axes.empty() && axes.size() != count) || (!steps.empty() && steps.size() != count) ||
      count > shape.size()) {
    return invalid_data("{} starts, {} ends, {} axes and {} steps for rank {}", count, ends.size(), axes.size(),
                        steps.size(), shape.size());
  }
  std::vector<SlicedAxis> sliced(shape.size());
  for (size_t i = 0; i < shape.size(); ++i) sliced[i].count = shape[i];
  std::vector<bool> seen(shape.size(), false);
  for (size_t i = 0; i < count; ++i) {
    const int64_t axis_given = axes.empty() ? static_cast<int64_t>(i) : axes[i];
    const auto axis = static_cast<size_t>(TRY(normalize_axis(axis_given, static_cast<int>(shape.size()))));
    if (seen[axis]) return invalid_data("axis {} is sliced twice", axis);
    seen[axis] = true;
    const int64_t step = steps.empty() ? 1 : steps[i];
    if (step == 0) return invalid_data("a slice with step 0");
    if (shape[axis] < 0) {
      sliced[axis] = {starts[i], step, kUnknownExtent};
      continue;
    }
    sliced[axis] = slice_axis(shape[axis], starts[i], ends[i], step);
  }
  return sliced;
}

}  // namespace sixtops
