#include "vision/vendor_post_process.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

#include "base/error.h"

namespace sixtops::vision {
namespace {

constexpr int kClasses = 80;
constexpr int kChannels = 5 + kClasses;
constexpr int kAnchors = 3;
constexpr size_t kMaxObjects = 64;
constexpr std::array<int, 3> kStrides = {8, 16, 32};
constexpr std::array<std::array<float, 2 * kAnchors>, 3> kAnchorSizes = {
    {{10, 13, 16, 30, 33, 23}, {30, 61, 62, 45, 59, 119}, {116, 90, 156, 198, 373, 326}}};

struct Candidate {
  float x = 0;  // left, top
  float y = 0;
  float width = 0;
  float height = 0;
  float score = 0;
  int class_id = 0;
};

int8_t threshold_code(float min_score, const VendorTensor& tensor) {
  const float code = min_score / tensor.scale + static_cast<float>(tensor.zero_point);
  return static_cast<int8_t>(std::clamp(code, -128.0F, 127.0F));
}

float real_of(int8_t code, const VendorTensor& tensor) {
  return (static_cast<float>(code) - static_cast<float>(tensor.zero_point)) * tensor.scale;
}

// The corner and extent along one axis.
std::pair<float, float> decode_axis(float position, float size, int cell, int stride, float anchor) {
  auto centre = static_cast<float>(position * 2.0 - 0.5);
  centre = (centre + static_cast<float>(cell)) * static_cast<float>(stride);
  const auto root = static_cast<float>(size * 2.0);
  const float extent = root * root * anchor;
  return {static_cast<float>(centre - extent / 2.0), extent};
}

void decode(const VendorTensor& tensor, size_t level, const VendorOptions& options,
            std::vector<Candidate>& candidates) {
  const int stride = kStrides[level];
  const int columns = options.input_width / stride;
  const int rows = options.input_height / stride;
  const int64_t plane = int64_t{columns} * rows;
  const int8_t threshold = threshold_code(options.min_score, tensor);
  for (size_t anchor = 0; anchor < kAnchors; ++anchor) {
    for (int64_t cell = 0; cell < plane; ++cell) {
      const int8_t* codes = tensor.codes.data() + static_cast<int64_t>(anchor) * kChannels * plane + cell;
      const int8_t objectness = codes[4 * plane];
      if (objectness < threshold) continue;
      int best = 0;
      for (int c = 1; c < kClasses; ++c) {
        if (codes[(5 + c) * plane] > codes[(5 + best) * plane]) best = c;
      }
      const int8_t probability = codes[(5 + best) * plane];
      if (probability <= threshold) continue;
      const auto [x, width] = decode_axis(real_of(codes[0], tensor), real_of(codes[2 * plane], tensor),
                                          static_cast<int>(cell % columns), stride, kAnchorSizes[level][2 * anchor]);
      const auto [y, height] =
          decode_axis(real_of(codes[plane], tensor), real_of(codes[3 * plane], tensor),
                      static_cast<int>(cell / columns), stride, kAnchorSizes[level][2 * anchor + 1]);
      candidates.push_back({x, y, width, height, real_of(probability, tensor) * real_of(objectness, tensor), best});
    }
  }
}

// Quick sort of scores, descending, around the first of each range, with the indices moved along. Ranges wait on a list
// instead of the call stack: hostile scores make as many as there are candidates.
void sort_descending(std::vector<float>& scores, std::vector<int>& indices) {
  std::vector<std::pair<int, int>> ranges = {{0, static_cast<int>(scores.size()) - 1}};
  while (!ranges.empty()) {
    const auto [left, right] = ranges.back();
    ranges.pop_back();
    if (left >= right) continue;
    int low = left, high = right;
    const auto move = [&](int from, int to) {
      scores[static_cast<size_t>(to)] = scores[static_cast<size_t>(from)];
      indices[static_cast<size_t>(to)] = indices[static_cast<size_t>(from)];
    };
    const float key = scores[static_cast<size_t>(left)];
    const int key_index = indices[static_cast<size_t>(left)];
    while (low < high) {
      while (low < high && scores[static_cast<size_t>(high)] <= key) --high;
      move(high, low);
      while (low < high && scores[static_cast<size_t>(low)] >= key) ++low;
      move(low, high);
    }
    scores[static_cast<size_t>(low)] = key;
    indices[static_cast<size_t>(low)] = key_index;
    ranges.emplace_back(left, low - 1);
    ranges.emplace_back(low + 1, right);
  }
}

float overlap(const Candidate& a, const Candidate& b) {
  const auto shared = [](float begin_a, float size_a, float begin_b, float size_b) {
    const float length = std::min(begin_a + size_a, begin_b + size_b) - std::max(begin_a, begin_b);
    return static_cast<float>(std::max(0.0, length + 1.0));
  };
  const auto area = [](const Candidate& c) { return (c.x + c.width - c.x + 1.0) * (c.y + c.height - c.y + 1.0); };
  const float both = shared(a.x, a.width, b.x, b.width) * shared(a.y, a.height, b.y, b.height);
  const auto either = static_cast<float>(area(a) + area(b) - both);
  return either <= 0 ? 0 : both / either;
}

constexpr int kSuppressed = -1;

void suppress_class(const std::vector<Candidate>& candidates, int class_id, float max_iou, std::vector<int>& order) {
  const auto of_class = [&](int index) {
    return index != kSuppressed && candidates[static_cast<size_t>(index)].class_id == class_id;
  };
  for (size_t i = 0; i < order.size(); ++i) {
    if (!of_class(order[i])) continue;
    for (size_t j = i + 1; j < order.size(); ++j) {
      if (!of_class(order[j])) continue;
      const float iou = overlap(candidates[static_cast<size_t>(order[i])], candidates[static_cast<size_t>(order[j])]);
      if (iou > max_iou) order[j] = kSuppressed;
    }
  }
}

int to_picture(float value, int limit, float scale) {
  const auto whole = static_cast<int>(std::clamp(value, 0.0F, static_cast<float>(limit)));
  return static_cast<int>(static_cast<float>(whole) / scale);
}

VendorObject object_of(const Candidate& candidate, float score, const VendorOptions& options) {
  const float left = candidate.x - static_cast<float>(options.pad_left);
  const float top = candidate.y - static_cast<float>(options.pad_top);
  return {to_picture(left, options.input_width, options.scale_x),
          to_picture(top, options.input_height, options.scale_y),
          to_picture(left + candidate.width, options.input_width, options.scale_x),
          to_picture(top + candidate.height, options.input_height, options.scale_y),
          score,
          candidate.class_id};
}

Status check(const std::array<VendorTensor, 3>& tensors, const VendorOptions& options) {
  for (size_t level = 0; level < tensors.size(); ++level) {
    const VendorTensor& tensor = tensors[level];
    const int64_t codes = int64_t{kAnchors} * kChannels * (options.input_width / kStrides[level]) *
                          (options.input_height / kStrides[level]);
    if (static_cast<int64_t>(tensor.codes.size()) != codes || codes < 1) {
      return invalid_data("vendor post-processing: the tensor of stride {} has {} codes, expected {} for input {}x{}",
                          kStrides[level], tensor.codes.size(), codes, options.input_width, options.input_height);
    }
    if (tensor.zero_point < -128 || tensor.zero_point > 127 || !(tensor.scale > 0) || !std::isfinite(tensor.scale)) {
      return invalid_data("vendor post-processing: zero point {} and scale {} of stride {} are not those of int8 codes",
                          tensor.zero_point, tensor.scale, kStrides[level]);
    }
  }
  constexpr float kLeastScale = 1e-4F;  // the largest picture is some ten thousand times the smallest input
  if (!(options.scale_x >= kLeastScale) || !(options.scale_y >= kLeastScale)) {
    return invalid_data("vendor post-processing: picture scale {} x {}", options.scale_x, options.scale_y);
  }
  return {};
}

}  // namespace

Result<std::vector<VendorObject>> vendor_post_process(const std::array<VendorTensor, 3>& tensors,
                                                      const VendorOptions& options) {
  TRY(check(tensors, options));
  std::vector<Candidate> candidates;
  for (size_t level = 0; level < tensors.size(); ++level) decode(tensors[level], level, options, candidates);

  std::vector<float> scores;
  std::set<int> classes;
  for (const Candidate& candidate : candidates) {
    scores.push_back(candidate.score);
    classes.insert(candidate.class_id);
  }
  std::vector<int> order(candidates.size());
  std::iota(order.begin(), order.end(), 0);
  sort_descending(scores, order);
  for (const int class_id : classes) suppress_class(candidates, class_id, options.max_iou, order);

  std::vector<VendorObject> objects;
  for (size_t i = 0; i < order.size() && objects.size() < kMaxObjects; ++i) {
    if (order[i] != kSuppressed)
      objects.push_back(object_of(candidates[static_cast<size_t>(order[i])], scores[i], options));
  }
  return objects;
}

}  // namespace sixtops::vision
