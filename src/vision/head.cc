#include "vision/head.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/checked.h"
#include "vision/head/centernet.h"
#include "vision/head/fastestdet.h"
#include "vision/head/head_outputs.h"
#include "vision/head/ssd.h"
#include "vision/head/yolov3.h"
#include "vision/head/yolov5.h"
#include "vision/head/yolov8.h"
#include "vision/head/yolox.h"

namespace sixtops::vision {
namespace {

InputDescription picture_input(ColorOrder color, ResizeMode resize) {
  InputDescription input;
  input.is_picture = true;
  input.color = color;
  input.resize = resize;
  return input;
}

InputDescription scaled_to_one(InputDescription input) {
  input.std = {255, 255, 255};
  return input;
}

InputDescription yolov5_input(const HeadOutputs&) {
  return scaled_to_one(picture_input(ColorOrder::kRgb, ResizeMode::kLetterbox));
}

InputDescription yolov3_input(const HeadOutputs&) {
  return scaled_to_one(picture_input(ColorOrder::kRgb, ResizeMode::kStretch));
}

InputDescription yolox_input(const HeadOutputs&) {
  return picture_input(ColorOrder::kBgr, ResizeMode::kLetterboxTopLeft);
}

InputDescription fastestdet_input(const HeadOutputs&) {
  return scaled_to_one(picture_input(ColorOrder::kBgr, ResizeMode::kStretch));
}

InputDescription whole_picture_input(const HeadOutputs&) {
  return picture_input(ColorOrder::kRgb, ResizeMode::kStretch);
}

// 1 x classes, with further extents of 1 on either side.
int classifier_classes(const HeadOutputs& outputs) {
  if (outputs.tensors.size() != 1) return 0;
  const auto& shape = outputs.tensors[0].shape;
  if ((shape.size() != 2 && shape.size() != 4) || shape[0] != 1) return 0;
  const int64_t classes = *std::max_element(shape.begin(), shape.end());
  const bool others_are_one = std::count(shape.begin(), shape.end(), 1) == static_cast<int64_t>(shape.size()) - 1;
  return classes >= 2 && others_are_one ? static_cast<int>(std::min<int64_t>(classes, INT32_MAX)) : 0;
}

enum class Activation { kAny, kSigmoid, kNotSigmoid };

struct Family {
  HeadKind kind;
  const char* expected;  // for messages
  Activation activation;
  int (*classes)(const HeadOutputs&);  // 0: the tensors do not fit
  InputDescription (*input)(const HeadOutputs&);
  void (*decode)(const HeadOutputs&, float min_score, std::vector<Detection>&);  // REQUIRES: classes() > 0
};

// In the order of HeadKind.
constexpr std::array kFamilies = {
    Family{HeadKind::kClassifier, "one output 1xC", Activation::kAny, classifier_classes, whole_picture_input, nullptr},
    Family{HeadKind::kYolov3Raw, "an output 1x(anchors*(5+C))xHxW a stride, and anchors for these strides",
           Activation::kNotSigmoid, yolov3_classes, yolov3_input, decode_yolov3_raw},
    Family{HeadKind::kYolov5Raw, "an output 1x(anchors*(5+C))xHxW a stride, and anchors for these strides",
           Activation::kNotSigmoid, yolov5_classes, yolov5_input, decode_yolov5_raw},
    Family{HeadKind::kYolov5Sigmoid, "an output 1x(anchors*(5+C))xHxW a stride, and anchors for these strides",
           Activation::kSigmoid, yolov5_classes, yolov5_input, decode_yolov5_sigmoid},
    Family{HeadKind::kYolov5Decoded, "one output 1xNx(5+C)", Activation::kAny, yolov5_decoded_classes, yolov5_input,
           decode_yolov5_decoded},
    Family{HeadKind::kCenterNet, "two outputs at stride 4, 1xCxHxW and 1x4xHxW", Activation::kAny, centernet_classes,
           whole_picture_input, decode_centernet},
    Family{HeadKind::kYolov8Dfl, "an output 1x(64+C)xHxW a stride, or 1x64xHxW and 1xCxHxW", Activation::kAny,
           yolov8_dfl_classes, yolov5_input, decode_yolov8_dfl},
    Family{HeadKind::kYolov8Decoded, "one output 1x(4+C)xN", Activation::kAny, yolov8_decoded_classes, yolov5_input,
           decode_yolov8_decoded},
    Family{HeadKind::kYolox, "one output 1xNx(5+C), N the cells of strides 8, 16 and 32", Activation::kAny,
           yolox_classes, yolox_input, decode_yolox},
    Family{HeadKind::kSsd, "two outputs 1xNx4 and 1xNx(1+C)", Activation::kAny, ssd_classes, ssd_input, decode_ssd},
    Family{HeadKind::kFastestDet, "one output 1x(5+C)xHxW at stride 16", Activation::kAny, fastestdet_classes,
           fastestdet_input, decode_fastestdet},
};

const Family* family_of(HeadKind kind) {
  const auto* family =
      std::find_if(kFamilies.begin(), kFamilies.end(), [&](const Family& f) { return f.kind == kind; });
  return family == kFamilies.end() ? nullptr : family;
}

bool activation_fits(Activation activation, std::span<const TensorView> outputs) {
  if (activation == Activation::kAny) return true;
  const bool all_sigmoid =
      std::all_of(outputs.begin(), outputs.end(), [](const TensorView& tensor) { return tensor.after_sigmoid; });
  return all_sigmoid == (activation == Activation::kSigmoid);
}

std::string describe(std::span<const TensorView> outputs) {
  std::string text;
  for (const TensorView& tensor : outputs) {
    text += fmt::format("{}'{}' ", text.empty() ? "" : ", ", tensor.name);
    for (size_t i = 0; i < tensor.shape.size(); ++i) text += fmt::format("{}{}", i == 0 ? "" : "x", tensor.shape[i]);
  }
  return text.empty() ? "none" : text;
}

Status does_not_fit(const Family& family, const HeadOutputs& outputs) {
  return invalid_data("the outputs do not fit head '{}' for input {}x{}: expected {}, found {}; choose another --head",
                      head_name(family.kind), outputs.input_width, outputs.input_height, family.expected,
                      describe(outputs.tensors));
}

HeadDescription description_of(const Family& family, const HeadOutputs& outputs) {
  return {family.kind, family.classes(outputs), family.input(outputs)};
}

Status check_values(const TensorView& tensor) {
  int64_t count = 1;
  for (const int64_t extent : tensor.shape) {
    if (extent < 0) return invalid_data("output '{}' has an extent of {}", tensor.name, extent);
    count = TRY(checked_multiply(count, extent));
  }
  if (static_cast<int64_t>(tensor.values.size()) != count) {
    return invalid_data("output '{}' has {} values, its shape asks for {}", tensor.name, tensor.values.size(), count);
  }
  return {};
}

}  // namespace

Result<HeadDescription> recognize_head(std::span<const TensorView> outputs, const RecognizeOptions& options) {
  HeadOutputs head{outputs, options.input_width, options.input_height, options.hints, false};
  if (options.forced != HeadKind::kNone) {
    head.kind_is_known = true;
    const Family* family = family_of(options.forced);
    if (family->classes(head) == 0) return does_not_fit(*family, head);
    return description_of(*family, head);
  }
  std::vector<const Family*> fitting;
  for (const Family& family : kFamilies) {
    if (activation_fits(family.activation, outputs) && family.classes(head) > 0) fitting.push_back(&family);
  }
  if (fitting.empty()) return HeadDescription{};
  constexpr int kCocoClasses = 80;
  for (const int classes : {options.known_classes, kCocoClasses}) {
    for (const Family* family : fitting) {
      if (family->classes(head) == classes) return description_of(*family, head);
    }
  }
  return description_of(*fitting.front(), head);
}

Result<std::vector<Detection>> decode_head(const HeadDescription& head, std::span<const TensorView> outputs,
                                           const DecodeOptions& options) {
  const Family* family = family_of(head.kind);
  if (family == nullptr || family->decode == nullptr) {
    return usage_error("head '{}' has no boxes; name the model's with --head", head_name(head.kind));
  }
  const HeadOutputs known{outputs, options.input_width, options.input_height, options.hints, true};
  if (family->classes(known) == 0) return does_not_fit(*family, known);
  for (const TensorView& tensor : outputs) TRY(check_values(tensor));
  std::vector<Detection> detections;
  family->decode(known, options.min_score, detections);
  return detections;
}

}  // namespace sixtops::vision
