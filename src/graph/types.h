// Plain descriptions that every room shares: how a picture becomes the network's input, and what its outputs mean.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sixtops {

// What a node computes in. A float16 node stores halves and computes in float32, rounding after each op.
enum class Precision : uint8_t { kFloat32, kFloat16, kInt8 };

enum class ColorOrder : uint8_t { kRgb, kBgr, kGray };

enum class ResizeMode : uint8_t {
  kLetterbox,         // aspect kept, centred, the rest filled with pad_color
  kLetterboxTopLeft,  // the same, picture in the top left corner
  kStretch,           // the whole picture, aspect not kept
  kCrop,              // the centre 0.875 of the shorter side, square, then scaled
};

// How one input of a network is made from a picture: resize, colour order, then (value - mean[c]) / std[c] a channel.
// mean and std are in 0..255 units and in the order of the network's channels.
struct InputDescription {
  bool is_picture = false;
  std::vector<float> mean;  // empty: 0
  std::vector<float> std;   // empty: 1
  ColorOrder color = ColorOrder::kRgb;
  ResizeMode resize = ResizeMode::kStretch;
  uint8_t pad_color = 114;

  bool operator==(const InputDescription&) const = default;
};

// How to read the output tensors.
enum class HeadKind : uint8_t {
  kNone,
  kClassifier,     // scores or logits a class
  kYolov3Raw,      // as kYolov5Raw, decoded as in YOLOv2 to v4 (Darknet)
  kYolov5Raw,      // one tensor a stride, anchors x (5 + classes) planes before the sigmoid
  kYolov5Sigmoid,  // the same after the sigmoid
  kYolov5Decoded,  // rows of x, y, w, h in pixels, objectness, classes
  kCenterNet,      // a class heat map after the sigmoid, and the distances of the four sides
  kYolov8Dfl,      // a stride: 64 distribution planes and class logits, in one tensor or two
  kYolov8Decoded,  // (4 + classes) x rows: x, y, w, h in pixels, class scores
  kYolox,          // rows of x, y, w, h relative to the grid, objectness, classes
  kSsd,            // boxes relative to priors, and class scores
  kFastestDet,     // one tensor: objectness, box, classes
};

// What importer, user or head recognition know of the task; every field may be empty.
struct TaskHints {
  HeadKind head = HeadKind::kNone;
  std::vector<std::string> labels;
  std::vector<float> anchors;    // width, height pairs in input pixels, finest stride first; empty: the family's own
  std::vector<int32_t> strides;  // of the anchors' groups
  // How far a centre may leave its cell, one factor a stride (scale_x_y of YOLOv4); empty: 1.
  std::vector<float> grid_scales = {};
  // Decoded boxes are parts of the input's sides, not pixels (TensorFlow's convention).
  bool normalized_boxes = false;

  bool operator==(const TaskHints&) const = default;
};

// The words of the command line and of the file form.
std::string_view precision_name(Precision precision);
std::string_view color_name(ColorOrder color);
std::string_view resize_name(ResizeMode mode);
std::string_view head_name(HeadKind kind);
std::optional<Precision> parse_precision(std::string_view name);
std::optional<ColorOrder> parse_color(std::string_view name);
std::optional<ResizeMode> parse_resize(std::string_view name);
std::optional<HeadKind> parse_head(std::string_view name);

}  // namespace sixtops
