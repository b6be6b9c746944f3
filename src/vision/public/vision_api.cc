// include/sixtops/vision.h over the room's own functions.
#include <sixtops/vision.h>

#include <algorithm>
#include <array>
#include <memory>
#include <numeric>

#include "base/error.h"
#include "vision/draw.h"
#include "vision/find_objects.h"
#include "vision/labels.h"
#include "vision/picture_file.h"
#include "vision/preprocess.h"
#include "vision/vendor_post_process.h"

namespace sixtops::api {
namespace {

bool succeeds(const Status& status, std::string& error) {
  if (!status.ok()) error = status.message();
  return status.ok();
}

Result<vision::Picture> to_room(const Picture& picture) {
  vision::Picture made = TRY(vision::make_picture(picture.width, picture.height));
  const auto row_bytes = static_cast<size_t>(picture.width) * 3;
  if (picture.rgb.size() != row_bytes * static_cast<size_t>(picture.height)) {
    return usage_error("a picture of {}x{} has {} bytes, expected 3 a pixel", picture.width, picture.height,
                       picture.rgb.size());
  }
  for (int y = 0; y < picture.height; ++y) {
    std::copy_n(picture.rgb.data() + static_cast<size_t>(y) * row_bytes, row_bytes, made.row(y));
  }
  return made;
}

Picture from_room(const vision::Picture& picture) {
  Picture made{picture.width, picture.height, {}};
  const auto row_bytes = static_cast<size_t>(picture.width) * 3;
  made.rgb.reserve(row_bytes * static_cast<size_t>(picture.height));
  for (int y = 0; y < picture.height; ++y) made.rgb.insert(made.rgb.end(), picture.row(y), picture.row(y) + row_bytes);
  return made;
}

ResizeMode mode_of(Fit fit) {
  switch (fit) {
    case Fit::kLetterbox:
      return ResizeMode::kLetterbox;
    case Fit::kLetterboxTopLeft:
      return ResizeMode::kLetterboxTopLeft;
    case Fit::kStretch:
      break;
  }
  return ResizeMode::kStretch;
}

Fit fit_of(ResizeMode mode) {
  if (mode == ResizeMode::kLetterbox) return Fit::kLetterbox;
  return mode == ResizeMode::kLetterboxTopLeft ? Fit::kLetterboxTopLeft : Fit::kStretch;
}

Status fit(const Picture& picture, int width, int height, const FitOptions& options, Picture& fitted,
           Placement& placement) {
  const vision::Picture source = TRY(to_room(picture));
  TRY(vision::check_picture_size(width, height));
  vision::InputFormat format;
  format.width = width;
  format.height = height;
  format.resize = mode_of(options.fit);
  format.pad_color = options.pad_color;
  format.color = options.bgr ? ColorOrder::kBgr : ColorOrder::kRgb;
  format.channels_last = true;
  std::array<uint8_t, 256> as_it_is;
  std::iota(as_it_is.begin(), as_it_is.end(), uint8_t{0});
  const std::array tables = {as_it_is, as_it_is, as_it_is};
  vision::Placement placed;
  Picture made{width, height, std::vector<uint8_t>(static_cast<size_t>(width) * static_cast<size_t>(height) * 3)};
  TRY(vision::write_input<uint8_t>(source, format, tables, made.rgb.data(), &placed));
  fitted = std::move(made);
  placement = {width,          height,          picture.width,   picture.height,      placed.scale_x,
               placed.scale_y, placed.offset_x, placed.offset_y, placed.content_left, placed.content_top,
               options};
  return {};
}

std::vector<vision::TensorView> views_of(const std::vector<Output>& outputs) {
  std::vector<vision::TensorView> views;
  for (const Output& output : outputs) {
    int64_t count = output.values == nullptr ? 0 : 1;
    for (const int64_t extent : output.shape) count *= extent;
    views.push_back({output.name,
                     output.shape,
                     {output.values, static_cast<size_t>(std::max<int64_t>(count, 0))},
                     output.is_probability});
  }
  return views;
}

Status recognize(const std::vector<Output>& outputs, InputSize input, int known_classes, Head& head) {
  vision::RecognizeOptions options;
  options.input_width = input.width;
  options.input_height = input.height;
  options.known_classes = known_classes;
  const vision::HeadDescription found = TRY(vision::recognize_head(views_of(outputs), options));
  head.name = head_name(found.kind);
  head.classes = found.classes;
  head.has_boxes = found.kind != HeadKind::kNone && found.kind != HeadKind::kClassifier;
  head.input = {fit_of(found.input.resize), found.input.pad_color, found.input.color == ColorOrder::kBgr};
  return {};
}

// The vision room's placement, as it was when fit() made it.
vision::Placement placement_of(const Placement& placement) {
  return vision::place(placement.picture_width, placement.picture_height, placement.input_width, placement.input_height,
                       mode_of(placement.options.fit));
}

Status check_placement(const Placement& placement) {
  TRY(vision::check_picture_size(placement.picture_width, placement.picture_height));
  return vision::check_picture_size(placement.input_width, placement.input_height);
}

Status find(const Head& head, const std::vector<Output>& outputs, const Placement& placement,
            const Thresholds& thresholds, std::vector<Object>& objects) {
  TRY(check_placement(placement));
  const std::optional<HeadKind> kind = parse_head(head.name);
  if (!kind || !head.has_boxes) return usage_error("head '{}' has no boxes", head.name);
  vision::HeadDescription description;
  description.kind = *kind;
  description.classes = head.classes;
  vision::FindOptions options;
  options.min_score = thresholds.min_score;
  options.max_iou = thresholds.max_iou;
  options.max_count = thresholds.max_count;
  const vision::PictureSizes sizes{placement.input_width, placement.input_height, placement.picture_width,
                                   placement.picture_height};
  const std::vector<vision::Detection> found =
      TRY(vision::find_objects(description, views_of(outputs), placement_of(placement), sizes, options));
  objects.clear();
  for (const vision::Detection& d : found) {
    objects.push_back({d.box.left, d.box.top, d.box.right, d.box.bottom, d.score, d.class_id});
  }
  return {};
}

Status find_as_vendor(const std::vector<CodeOutput>& outputs, const Placement& placement, const Thresholds& thresholds,
                      std::vector<Object>& objects) {
  std::array<vision::VendorTensor, 3> tensors;
  if (outputs.size() != tensors.size()) return usage_error("{} outputs, expected three", outputs.size());
  for (size_t i = 0; i < tensors.size(); ++i) {
    tensors[i] = {{outputs[i].codes, outputs[i].count}, outputs[i].zero_point, outputs[i].scale};
  }
  const vision::VendorOptions options{placement.input_width,
                                      placement.input_height,
                                      thresholds.min_score,
                                      thresholds.max_iou,
                                      placement.content_left,
                                      placement.content_top,
                                      static_cast<float>(placement.scale_x),
                                      static_cast<float>(placement.scale_y)};
  const std::vector<vision::VendorObject> found = TRY(vision::vendor_post_process(tensors, options));
  objects.clear();
  for (const vision::VendorObject& o : found) {
    objects.push_back({static_cast<float>(o.left), static_cast<float>(o.top), static_cast<float>(o.right),
                       static_cast<float>(o.bottom), o.score, o.class_id});
  }
  return {};
}

}  // namespace

bool read_picture(const std::string& path, Picture& picture, std::string& error) {
  const Result<vision::Picture> found = vision::read_picture(path);
  if (found.ok()) picture = from_room(*found);
  return succeeds(found.status(), error);
}

bool write_picture(const Picture& picture, const std::string& path, std::string& error) {
  const Result<vision::Picture> made = to_room(picture);
  return succeeds(made.ok() ? vision::write_picture(*made, path) : made.status(), error);
}

bool fit_picture(const Picture& picture, int width, int height, const FitOptions& options, Picture& fitted,
                 Placement& placement, std::string& error) {
  return succeeds(fit(picture, width, height, options, fitted, placement), error);
}

bool recognize_head(const std::vector<Output>& outputs, InputSize input, int known_classes, Head& head,
                    std::string& error) {
  return succeeds(recognize(outputs, input, known_classes, head), error);
}

bool find_objects(const Head& head, const std::vector<Output>& outputs, const Placement& placement,
                  const Thresholds& thresholds, std::vector<Object>& objects, std::string& error) {
  return succeeds(find(head, outputs, placement, thresholds, objects), error);
}

bool find_objects_as_vendor(const std::vector<CodeOutput>& outputs, const Placement& placement,
                            const Thresholds& thresholds, std::vector<Object>& objects, std::string& error) {
  return succeeds(find_as_vendor(outputs, placement, thresholds, objects), error);
}

bool read_labels(const std::string& path, std::vector<std::string>& labels, std::string& error) {
  Result<std::vector<std::string>> found = vision::read_labels(path);
  const Status status = found.status();
  if (found.ok()) labels = std::move(found).value();
  return succeeds(status, error);
}

const std::vector<std::string>& coco_labels() { return vision::coco_labels(); }

std::string label_of(const std::vector<std::string>& labels, int class_id) {
  return vision::label_of(labels, class_id);
}

void draw_objects(Picture& picture, const std::vector<Object>& objects, const std::vector<std::string>& labels) {
  Result<vision::Picture> canvas = to_room(picture);
  if (!canvas.ok()) return;  // no picture, nothing to draw on
  std::vector<vision::Detection> detections;
  detections.reserve(objects.size());
  for (const Object& o : objects) detections.push_back({{o.left, o.top, o.right, o.bottom}, o.score, o.class_id});
  const std::unique_ptr<vision::Font> font = vision::Font::find_installed();
  vision::draw_detections(*canvas, detections, labels, font.get());
  picture = from_room(*canvas);
}

}  // namespace sixtops::api
