// Detector heads: recognition from tensor names and shapes, and decoding to boxes.
//
// Decoders see float tensors as plain views, so that any runtime can feed them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "graph/types.h"
#include "vision/detection.h"

namespace sixtops::vision {

struct TensorView {
  std::string_view name;
  std::span<const int64_t> shape;
  std::span<const float> values;  // empty while only recognizing
};

// What recognition found: the head, how many classes, and the pre-processing convention of its family.
struct HeadDescription {
  HeadKind kind = HeadKind::kNone;
  int classes = 0;
  InputDescription input;
};

// Recognizes by names and shapes; `forced` other than kNone must fit or gives kInvalidData with what was expected.
Result<HeadDescription> recognize_head(std::span<const TensorView> outputs, int input_width, int input_height,
                                       HeadKind forced = HeadKind::kNone);

struct DecodeOptions {
  float min_score = 0.25F;
  int input_width = 0;
  int input_height = 0;
  const TaskHints* hints = nullptr;  // anchors, when they are not the family's own
};

// Boxes in pixels of the network's input, before NMS; every (row, class) pair at or above min_score is one detection.
Result<std::vector<Detection>> decode_head(const HeadDescription& head, std::span<const TensorView> outputs,
                                           const DecodeOptions& options);

}  // namespace sixtops::vision
