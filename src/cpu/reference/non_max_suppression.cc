// NonMaxSuppression: of boxes that overlap, the one with the best score stays.
#include <algorithm>

#include "base/error.h"
#include "cpu/reference/kernels.h"

namespace sixtops::cpu::reference {
namespace {

struct Box {
  float left = 0;
  float top = 0;
  float right = 0;
  float bottom = 0;

  float area() const { return (right - left) * (bottom - top); }
};

// Either two opposite corners y, x, y, x in any order, or centre x, y, width, height.
Box read_box(const float* values, bool is_center) {
  if (is_center) {
    const float half_width = values[2] / 2;
    const float half_height = values[3] / 2;
    return {values[0] - half_width, values[1] - half_height, values[0] + half_width, values[1] + half_height};
  }
  return {std::min(values[1], values[3]), std::min(values[0], values[2]), std::max(values[1], values[3]),
          std::max(values[0], values[2])};
}

// Intersection over union above the threshold; never where a box is empty or not a number.
bool overlaps(const Box& a, const Box& b, float threshold) {
  const float width = std::min(a.right, b.right) - std::max(a.left, b.left);
  const float height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  if (!(width > 0 && height > 0)) return false;
  const float intersection = width * height;
  return intersection > threshold * (a.area() + b.area() - intersection);
}

struct Limits {
  int64_t boxes = 0;  // a class
  float iou = 0;
  std::optional<float> score;
};

// Indices of the boxes that stay, best first; of equal scores the first.
std::vector<int64_t> suppress(const std::vector<Box>& boxes, std::span<const float> scores, const Limits& limits) {
  std::vector<int64_t> candidates;
  for (size_t i = 0; i < scores.size(); ++i) {
    const bool is_number = scores[i] == scores[i];
    if (is_number && (!limits.score || scores[i] > *limits.score)) candidates.push_back(static_cast<int64_t>(i));
  }
  std::stable_sort(candidates.begin(), candidates.end(), [&](int64_t a, int64_t b) {
    return scores[static_cast<size_t>(a)] > scores[static_cast<size_t>(b)];
  });
  std::vector<int64_t> kept;
  for (const int64_t candidate : candidates) {
    if (static_cast<int64_t>(kept.size()) >= limits.boxes) break;
    const Box& box = boxes[static_cast<size_t>(candidate)];
    const bool hidden = std::any_of(kept.begin(), kept.end(), [&](int64_t other) {
      return overlaps(box, boxes[static_cast<size_t>(other)], limits.iou);
    });
    if (!hidden) kept.push_back(candidate);
  }
  return kept;
}

// A scalar operand, or nothing when it is left out.
Result<std::optional<double>> scalar(const Arguments& arguments, size_t index) {
  if (!arguments.has(index)) return std::optional<double>();
  const std::vector<double> values = values_as<double>(arguments.input(index));
  if (values.size() != 1) return invalid_data("operand {} has {} elements, expected one", index, values.size());
  return std::optional(values[0]);
}

}  // namespace

namespace kernels {

// boxes [batch, n, 4], scores [batch, classes, n] → rows of batch, class, box index
Result<Outputs> NonMaxSuppression(const Arguments& arguments) {
  const Tensor& boxes = arguments.input(0);
  const Tensor& scores = arguments.input(1);
  if (boxes.dtype() != DType::kF32 || scores.dtype() != DType::kF32) {
    return invalid_data("boxes are {} and scores {}, expected f32", dtype_name(boxes.dtype()),
                        dtype_name(scores.dtype()));
  }
  if (boxes.rank() != 3 || scores.rank() != 3 || boxes.shape()[2] != 4 || boxes.shape()[0] != scores.shape()[0] ||
      boxes.shape()[1] != scores.shape()[2]) {
    return invalid_data("boxes of shape {} and scores of shape {}, expected batch x n x 4 and batch x classes x n",
                        shape_text(boxes.shape()), shape_text(scores.shape()));
  }
  const Ints most = arguments.has(2) ? values_as<int64_t>(arguments.input(2)) : Ints{0};
  if (most.size() != 1) return invalid_data("operand 2 has {} elements, expected one", most.size());
  Limits limits;
  limits.boxes = most[0];
  limits.iou = static_cast<float>(TRY(scalar(arguments, 3)).value_or(0));
  if (const std::optional<double> score = TRY(scalar(arguments, 4))) limits.score = static_cast<float>(*score);

  const bool is_center = arguments.node.get_int("center_point_box") != 0;
  const auto classes = static_cast<size_t>(scores.shape()[1]);
  const auto count = static_cast<size_t>(boxes.shape()[1]);
  std::vector<int64_t> rows;
  for (size_t batch = 0; batch < static_cast<size_t>(boxes.shape()[0]) && !scores.empty(); ++batch) {
    std::vector<Box> batch_boxes;
    for (size_t i = 0; i < count; ++i) {
      batch_boxes.push_back(read_box(&boxes.values<float>()[(batch * count + i) * 4], is_center));
    }
    for (size_t c = 0; c < classes; ++c) {
      const std::span<const float> of_class = scores.values<float>().subspan((batch * classes + c) * count, count);
      for (const int64_t index : suppress(batch_boxes, of_class, limits)) {
        rows.insert(rows.end(), {static_cast<int64_t>(batch), static_cast<int64_t>(c), index});
      }
    }
  }
  Tensor y = TRY(arguments.allocate(DType::kI64, {static_cast<int64_t>(rows.size() / 3), 3}));
  std::copy(rows.begin(), rows.end(), y.mutable_values<int64_t>().begin());
  return Outputs{std::move(y)};
}

}  // namespace kernels
}  // namespace sixtops::cpu::reference
