#include "vision/labels.h"

#include <algorithm>
#include <cctype>

#include "base/error.h"
#include "base/file.h"
#include "vision/text_lines.h"

namespace sixtops::vision {
namespace {

constexpr int64_t kMaxLabelFileBytes = 16 << 20;
constexpr std::string_view kBackground = "background";

bool is_background(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name == kBackground;
}

}  // namespace

Result<std::vector<std::string>> read_labels(const std::string& path) {
  const SharedBytes bytes = TRY(read_file(path, kMaxLabelFileBytes));
  if (bytes.text().find('\0') != std::string_view::npos) {
    return invalid_data("{}: is no text file; expected one class name a line", path);
  }
  std::vector<std::string> labels;
  TextLines lines(bytes.text());
  while (const auto line = lines.next()) labels.emplace_back(*line);
  while (!labels.empty() && labels.back().empty()) labels.pop_back();
  if (labels.empty()) return invalid_data("{}: holds no class name; expected one a line", path);
  return labels;
}

const std::vector<std::string>& coco_labels() {
  static const std::vector<std::string> labels = {
      "person",         "bicycle",    "car",           "motorbike",     "aeroplane",   "bus",           "train",
      "truck",          "boat",       "traffic light", "fire hydrant",  "stop sign",   "parking meter", "bench",
      "bird",           "cat",        "dog",           "horse",         "sheep",       "cow",           "elephant",
      "bear",           "zebra",      "giraffe",       "backpack",      "umbrella",    "handbag",       "tie",
      "suitcase",       "frisbee",    "skis",          "snowboard",     "sports ball", "kite",          "baseball bat",
      "baseball glove", "skateboard", "surfboard",     "tennis racket", "bottle",      "wine glass",    "cup",
      "fork",           "knife",      "spoon",         "bowl",          "banana",      "apple",         "sandwich",
      "orange",         "broccoli",   "carrot",        "hot dog",       "pizza",       "donut",         "cake",
      "chair",          "sofa",       "pottedplant",   "bed",           "diningtable", "toilet",        "tvmonitor",
      "laptop",         "mouse",      "remote",        "keyboard",      "cell phone",  "microwave",     "oven",
      "toaster",        "sink",       "refrigerator",  "book",          "clock",       "vase",          "scissors",
      "teddy bear",     "hair drier", "toothbrush"};
  return labels;
}

int background_classes(int classes) {
  constexpr int kTensorflowImageNetClasses = 1001;
  return classes == kTensorflowImageNetClasses ? 1 : 0;
}

Result<std::vector<std::string>> fit_labels(std::vector<std::string> labels, int classes, const std::string& source) {
  const auto count = static_cast<int64_t>(labels.size());
  if (count == classes) return labels;
  if (count == int64_t{classes} + 1 && is_background(labels.front())) {
    labels.erase(labels.begin());
    return labels;
  }
  if (count == classes - background_classes(classes)) {
    labels.insert(labels.begin(), std::string(kBackground));
    return labels;
  }
  return invalid_data("{}: {} labels, but the model has {} classes; give a file with one label a class", source, count,
                      classes);
}

std::string label_of(const std::vector<std::string>& labels, int class_id) {
  const bool known = class_id >= 0 && static_cast<size_t>(class_id) < labels.size();
  return known ? labels[static_cast<size_t>(class_id)] : fmt::format("class {}", class_id);
}

}  // namespace sixtops::vision
