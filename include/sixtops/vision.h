// Pictures, detector heads and drawing for programs in C++17: everything around the network itself.
//
//   std::string error;
//   api::Picture picture;
//   if (!api::read_picture("bus.jpg", picture, error)) ...
//   api::Placement placement;
//   api::fit_picture(picture, 640, 640, {}, fitted, placement, error);       // fitted.rgb: what the network gets
//   ... run the network on it ...
//   api::Head head;
//   api::recognize_head(outputs, {640, 640}, 0, head, error);
//   std::vector<api::Object> objects;
//   api::find_objects(head, outputs, placement, {}, objects, error);
//   api::draw_objects(picture, objects, api::coco_labels());
//
// Functions that can fail return false and set `error` to one sentence that names the file or tensor, what was expected
// and what was found. Everything is a plain value. Thread safety: no function has state; one object, one thread.
// Library: libsixtops_vision.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

namespace sixtops::api {

// 8-bit RGB, row after row without gaps: rgb.size() == width x height x 3.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> rgb;
};

// JPEG (its orientation is honoured), PNG or BMP, told from the content.
bool read_picture(const std::string& path, Picture& picture, std::string& error);

// JPEG, PNG or BMP, told from the suffix. The file appears when it is complete.
bool write_picture(const Picture& picture, const std::string& path, std::string& error);

enum class Fit {
  kLetterbox,         // whole picture, aspect kept, in the middle; the rest is padding
  kLetterboxTopLeft,  // the same, in the top left corner
  kStretch            // whole picture, aspect not kept
};

// How a network wants its picture.
struct FitOptions {
  Fit fit = Fit::kLetterbox;
  uint8_t pad_color = 114;
  bool bgr = false;  // blue first
};

// Where the picture lies in the network's input: input = picture · scale + offset, in pixels.
struct Placement {
  int input_width = 0;
  int input_height = 0;
  int picture_width = 0;
  int picture_height = 0;
  double scale_x = 1;
  double scale_y = 1;
  double offset_x = 0;
  double offset_y = 0;
  int content_left = 0;  // of the first pixel that is no padding
  int content_top = 0;
  FitOptions options;
};

// The network's input, width x height, of a picture. Bilinear, pixel centres at a half.
bool fit_picture(const Picture& picture, int width, int height, const FitOptions& options, Picture& fitted,
                 Placement& placement, std::string& error);

// One output tensor in real numbers, NCHW when it has four axes. The values stay the caller's; null while only
// recognizing.
struct Output {
  std::string name;
  std::vector<int64_t> shape;
  const float* values = nullptr;
  bool is_probability = false;  // all values lie in 0..1: tells YOLOv5 heads after the sigmoid from those before it
};

struct InputSize {
  int width = 0;
  int height = 0;
};

struct Head {
  std::string name;  // as `sixtops convert --head` calls it; "none" when no head was recognized
  int classes = 0;
  bool has_boxes = false;
  FitOptions input;  // the convention of the network's family
};

// Which detector the outputs belong to, from their shapes. known_classes settles shapes with two readings; 0: unknown.
bool recognize_head(const std::vector<Output>& outputs, InputSize input, int known_classes, Head& head,
                    std::string& error);

// Corners in pixels of the picture.
struct Object {
  float left = 0;
  float top = 0;
  float right = 0;
  float bottom = 0;
  float score = 0;
  int class_id = 0;
};

struct Thresholds {
  float min_score = 0.25F;  // of objectness times class probability
  float max_iou = 0.45F;
  int max_count = 300;
};

// Decodes, suppresses and maps back to the picture; boxes are clipped to it, best score first.
bool find_objects(const Head& head, const std::vector<Output>& outputs, const Placement& placement,
                  const Thresholds& thresholds, std::vector<Object>& objects, std::string& error);

// One of the three int8 outputs (strides 8, 16, 32) of a YOLOv5 network with sigmoid outputs and 80 classes.
struct CodeOutput {
  const int8_t* codes = nullptr;
  size_t count = 0;
  int32_t zero_point = 0;
  float scale = 1;
};

// The post-processing of the vendor's demo with its quirks, for comparison: codes as thresholds, one pixel added to
// every side, corners cut to whole pixels, at most 64 objects, boxes that may leave the picture.
bool find_objects_as_vendor(const std::vector<CodeOutput>& outputs, const Placement& placement,
                            const Thresholds& thresholds, std::vector<Object>& objects, std::string& error);

// One name a line.
bool read_labels(const std::string& path, std::vector<std::string>& labels, std::string& error);
const std::vector<std::string>& coco_labels();  // the 80 of COCO
std::string label_of(const std::vector<std::string>& labels, int class_id);

// Boxes in a colour a class, with label and score.
void draw_objects(Picture& picture, const std::vector<Object>& objects, const std::vector<std::string>& labels);

}  // namespace sixtops::api

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
