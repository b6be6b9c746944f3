// Detector heads: recognition from tensor names and shapes, and decoding to boxes.
//
// Decoders see float tensors as plain views, so that any runtime can feed them. Outputs are found by shape; their order
// does not matter. head/*.h say what each family's tensors hold and where the formulas come from.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "graph/types.h"
#include "vision/detection.h"

namespace sixtops::vision {

struct TensorView {
  std::string_view name;
  std::span<const int64_t> shape;
  std::span<const float> values;  // empty while only recognizing
  // Its producer is a sigmoid. Only the graph knows, and only recognition asks: it is what tells kYolov5Sigmoid from
  // kYolov5Raw.
  bool after_sigmoid = false;
};

// What recognition found: the head, how many classes, and the pre-processing convention of its family.
struct HeadDescription {
  HeadKind kind = HeadKind::kNone;
  int classes = 0;
  InputDescription input;
};

struct RecognizeOptions {
  int input_width = 0;
  int input_height = 0;
  HeadKind forced = HeadKind::kNone;  // other than kNone: must fit, or recognition fails with what was expected
  // Of the labels, when there are any. Some shapes have two readings (144 planes a stride: YOLOv5 with 43 classes or
  // YOLOv8 with 80); the one with this many classes is taken, then the one with 80, then the first of HeadKind.
  int known_classes = 0;
  const TaskHints* hints = nullptr;  // anchors and strides, when they are not the family's own
};

// Recognizes by shapes; kNone without error when nothing fits.
Result<HeadDescription> recognize_head(std::span<const TensorView> outputs, const RecognizeOptions& options);

struct DecodeOptions {
  float min_score = 0.25F;
  int input_width = 0;
  int input_height = 0;
  const TaskHints* hints = nullptr;  // anchors and strides, when they are not the family's own
};

// Boxes in pixels of the network's input, before NMS; every (row, class) pair at or above min_score is one detection.
// Values that are not finite give no detection. kInvalidData when the outputs do not fit the head, kUsage for heads
// without boxes.
Result<std::vector<Detection>> decode_head(const HeadDescription& head, std::span<const TensorView> outputs,
                                           const DecodeOptions& options);

}  // namespace sixtops::vision
