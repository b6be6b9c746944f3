#include "vision/head/ssd.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "vision/head/ssd_priors.h"
#include "vision/probability.h"

namespace sixtops::vision {
namespace {

struct Layout {
  const TensorView* boxes = nullptr;
  const TensorView* scores = nullptr;
  int64_t rows = 0;
  int64_t columns = 0;  // of the scores, with the background
};

// Rows and columns of a matrix with extents of 1 around it; {0, 0} for anything else.
std::pair<int64_t, int64_t> matrix_size(std::span<const int64_t> shape) {
  if (shape.size() == 2) return {shape[0], shape[1]};
  if (shape.size() == 3 && shape[0] == 1) return {shape[1], shape[2]};
  if (shape.size() == 4 && shape[0] == 1 && shape[2] == 1) return {shape[1], shape[3]};
  return {0, 0};
}

std::optional<Layout> match(const HeadOutputs& outputs) {
  if (outputs.tensors.size() != 2) return std::nullopt;
  const size_t boxes = matrix_size(outputs.tensors[0].shape).second == 4 ? 0 : 1;
  Layout layout{&outputs.tensors[boxes], &outputs.tensors[1 - boxes]};
  const auto [box_rows, box_columns] = matrix_size(layout.boxes->shape);
  std::tie(layout.rows, layout.columns) = matrix_size(layout.scores->shape);
  if (box_columns != 4 || box_rows != layout.rows || layout.rows < 2 || layout.columns < 2) return std::nullopt;
  return layout;
}

std::optional<SsdRule> rule_of(const HeadOutputs& outputs, const Layout& layout) {
  return ssd_rule(layout.rows, outputs.input_width, outputs.input_height);
}

// values: the four of one row.
Box decode_box(const float* values, std::optional<SsdRule> rule, const Prior* prior) {
  if (!rule) return {values[0], values[1], values[2], values[3]};
  const bool y_first = rule == SsdRule::kTensorflow;
  const float x = values[y_first ? 1 : 0], y = values[y_first ? 0 : 1];
  const float w = values[y_first ? 3 : 2], h = values[y_first ? 2 : 3];
  return box_around(prior->center_x + x / 10 * prior->width, prior->center_y + y / 10 * prior->height,
                    std::exp(w / 5) * prior->width, std::exp(h / 5) * prior->height);
}

}  // namespace

int ssd_classes(const HeadOutputs& outputs) {
  const std::optional<Layout> layout = match(outputs);
  return layout ? static_cast<int>(layout->columns - 1) : 0;
}

InputDescription ssd_input(const HeadOutputs& outputs) {
  InputDescription input;
  input.is_picture = true;
  if (rule_of(outputs, *match(outputs)) == SsdRule::kTorchvisionSsd300) {
    input.mean = {123, 117, 104};
  } else {
    input.mean = input.std = {127.5F, 127.5F, 127.5F};
  }
  return input;
}

void decode_ssd(const HeadOutputs& outputs, float min_score, std::vector<Detection>& detections) {
  const Layout layout = *match(outputs);
  const std::optional<SsdRule> rule = rule_of(outputs, layout);
  const std::vector<Prior> priors =
      rule ? ssd_priors(*rule, outputs.input_width, outputs.input_height) : std::vector<Prior>();
  const bool probabilities = are_probabilities(layout.scores->values);
  const auto width = static_cast<float>(outputs.input_width);
  const auto height = static_cast<float>(outputs.input_height);
  std::vector<float> scores(static_cast<size_t>(layout.columns));
  for (int64_t row = 0; row < layout.rows; ++row) {
    const float* source = layout.scores->values.data() + row * layout.columns;
    std::copy(source, source + layout.columns, scores.begin());
    if (!probabilities && rule == SsdRule::kTensorflow) {
      std::transform(scores.begin(), scores.end(), scores.begin(), sigmoid);
    } else if (!probabilities) {
      softmax(scores);
    }
    for (int64_t c = 1; c < layout.columns; ++c) {
      const float score = scores[static_cast<size_t>(c)];
      if (!(score >= min_score)) continue;
      const Box box =
          decode_box(layout.boxes->values.data() + 4 * row, rule, rule ? &priors[static_cast<size_t>(row)] : nullptr);
      add_detection({box.left * width, box.top * height, box.right * width, box.bottom * height}, score,
                    static_cast<int>(c - 1), detections);
    }
  }
}

}  // namespace sixtops::vision
