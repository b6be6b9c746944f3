#include "graph/resize_geometry.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"

namespace sixtops {
namespace {

constexpr double kMaxExtent = 0x1p62;

Result<int64_t> to_extent(double value) {
  if (!(value >= 0 && value < kMaxExtent)) return invalid_data("a resized extent of {}", value);
  return static_cast<int64_t>(value);
}

// Sizes as upper or lower bounds: one scale for all resized axes.
Status keep_aspect_ratio(bool not_larger, const std::vector<int>& resized, std::vector<ResizedAxis>& axes) {
  const bool known =
      std::all_of(resized.begin(), resized.end(), [&](int axis) { return axes[static_cast<size_t>(axis)].input >= 0; });
  double scale = 0;
  for (size_t i = 0; i < resized.size() && known; ++i) {
    const double own = axes[static_cast<size_t>(resized[i])].scale;
    scale = i == 0 ? own : (not_larger ? std::min(scale, own) : std::max(scale, own));
  }
  for (const int index : resized) {
    ResizedAxis& axis = axes[static_cast<size_t>(index)];
    axis.scale = scale;
    axis.output = known ? TRY(to_extent(std::floor(scale * static_cast<double>(axis.input) + 0.5))) : kUnknownExtent;
  }
  return {};
}

}  // namespace

Result<std::vector<ResizedAxis>> resolve_resize(const Node& node, const Shape& input, std::span<const float> roi,
                                                std::span<const float> scales, std::span<const int64_t> sizes) {
  const int rank = static_cast<int>(input.size());
  std::vector<int> resized;
  for (const int64_t axis : node.get_ints("axes")) resized.push_back(TRY(normalize_axis(axis, rank)));
  if (resized.empty()) {
    for (int axis = 0; axis < rank; ++axis) resized.push_back(axis);
  }
  if (scales.empty() && sizes.empty() && rank > 0) return invalid_data("neither scales nor sizes are given");
  const bool by_size = !sizes.empty();
  const size_t given = by_size ? sizes.size() : scales.size();
  if (given != resized.size()) {
    return invalid_data("{} {} for {} axes", given, by_size ? "sizes" : "scales", resized.size());
  }
  const bool crops = node.get_text("coordinate_transformation_mode") == "tf_crop_and_resize";
  if (crops && roi.size() != 2 * resized.size()) {
    return invalid_data("roi with {} entries, expected {}", roi.size(), 2 * resized.size());
  }

  std::vector<ResizedAxis> axes(input.size());
  for (size_t i = 0; i < input.size(); ++i) axes[i].input = axes[i].output = input[i];
  for (size_t i = 0; i < resized.size(); ++i) {
    ResizedAxis& axis = axes[static_cast<size_t>(resized[i])];
    if (crops) {
      axis.roi_begin = roi[i];
      axis.roi_end = roi[i + resized.size()];
    }
    if (by_size) {
      if (sizes[i] < 0) return invalid_data("size {}", sizes[i]);
      axis.output = sizes[i];
      if (axis.input > 0) axis.scale = static_cast<double>(sizes[i]) / static_cast<double>(axis.input);
      continue;
    }
    if (!(scales[i] > 0)) return invalid_data("scale {}, expected a positive number", scales[i]);
    axis.scale = scales[i];
    if (axis.input < 0) continue;
    // In float, as ONNX itself counts: 0.7f · 10 is 7, not 6.99999988.
    const auto part = crops ? static_cast<float>(axis.roi_end - axis.roi_begin) : 1.0F;
    axis.output = TRY(to_extent(std::floor(static_cast<float>(axis.input) * part * scales[i])));
  }
  const std::string& policy = node.get_text("keep_aspect_ratio_policy");
  if (by_size && policy != "stretch") TRY(keep_aspect_ratio(policy == "not_larger", resized, axes));
  return axes;
}

}  // namespace sixtops
