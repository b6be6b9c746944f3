// Objects on a picture, by a detector behind the RKNN C API: prints them, draws them, and tells how long a run takes.
//
// The lines on stdout and their order are those of the vendor's demo of this name, so that its users recognize them.
#include <sixtops/vision.h>

#include <chrono>
#include <cstdio>
#include <filesystem>

#include "detector.h"
#include "network.h"
#include "options.h"

namespace api = sixtops::api;

namespace {

constexpr int kFailure = 255;
constexpr const char* kLabelFile = "coco_80_labels_list.txt";

class Stopwatch {
 public:
  double milliseconds() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

// Where the labels lie: as the user says, in ./model, beside the model or in the folder above it. Empty: nowhere.
std::string find_label_file(const Options& options) {
  if (!options.labels.empty()) return options.labels;
  const std::filesystem::path folder = std::filesystem::path(options.model).parent_path();
  const std::filesystem::path in_model = std::filesystem::path(".") / "model" / kLabelFile;
  for (const std::filesystem::path& path : {in_model, folder / kLabelFile, folder / ".." / kLabelFile}) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(path, ignored)) return path.string();
  }
  return "";
}

bool load_labels(const Options& options, int classes, std::vector<std::string>& labels) {
  const std::string path = find_label_file(options);
  if (path.empty()) {
    if (classes == static_cast<int>(api::coco_labels().size())) labels = api::coco_labels();
    std::printf("loadLabelName built-in:%s\n", kLabelFile);
    return true;
  }
  std::printf("loadLabelName %s\n", path.c_str());
  std::string error;
  if (!api::read_labels(path, labels, error)) {
    std::printf("Open %s fail! %s\n", path.c_str(), error.c_str());
    return false;
  }
  const bool fits = static_cast<int>(labels.size()) == classes;
  if (fits) return true;
  // The list that is found by itself may be another network's.
  if (options.labels.empty()) {
    labels.clear();
    return true;
  }
  std::printf("%s has %zu labels, the model has %d classes\n", path.c_str(), labels.size(), classes);
  return false;
}

bool fit(const Options& options, const Network& network, const Detector& detector, const api::Picture& picture,
         api::Picture& input, api::Placement& placement) {
  api::FitOptions how = detector.input();
  if (options.resize == "resize") how.fit = api::Fit::kStretch;
  if (options.resize == "letterbox" && how.fit == api::Fit::kStretch) how.fit = api::Fit::kLetterbox;
  if (options.pad_color) how.pad_color = *options.pad_color;
  if (picture.width != network.width() || picture.height != network.height()) {
    std::printf("%s\n", how.fit == api::Fit::kStretch ? "resize image by rga" : "resize image with letterbox");
  }
  std::string error;
  const bool done = api::fit_picture(picture, network.width(), network.height(), how, input, placement, error);
  if (!done) std::printf("%s\n", error.c_str());
  return done;
}

int run(const Options& options) {
  const api::Thresholds thresholds;
  std::printf("post process config: box_conf_threshold = %.2f, nms_threshold = %.2f\n",
              static_cast<double>(thresholds.min_score), static_cast<double>(thresholds.max_iou));
  Network network;
  Detector detector;
  if (!network.open(options.model) || !detector.open(network, options.post_as_vendor)) return kFailure;

  std::printf("Read %s ...\n", options.picture.c_str());
  std::string error;
  api::Picture picture;
  if (!api::read_picture(options.picture, picture, error)) {
    std::printf("read picture fail! %s\n", error.c_str());
    return kFailure;
  }
  std::printf("img width = %d, img height = %d\n", picture.width, picture.height);
  api::Picture input;
  api::Placement placement;
  if (!fit(options, network, detector, picture, input, placement)) return kFailure;

  const Stopwatch once;
  if (!network.run(input.rgb, detector.wants_float())) return kFailure;
  std::printf("once run use %f ms\n", once.milliseconds());

  std::vector<api::Object> objects;
  std::vector<std::string> labels;
  if (!load_labels(options, detector.classes(), labels)) return kFailure;
  if (!detector.find(network, placement, thresholds, objects)) return kFailure;
  for (const api::Object& o : objects) {
    std::printf("%s @ (%d %d %d %d) %f\n", api::label_of(labels, o.class_id).c_str(), static_cast<int>(o.left),
                static_cast<int>(o.top), static_cast<int>(o.right), static_cast<int>(o.bottom),
                static_cast<double>(o.score));
  }
  api::draw_objects(picture, objects, labels);
  std::printf("save detect result to %s\n", options.output.c_str());
  if (!api::write_picture(picture, options.output, error)) {
    std::printf("%s\n", error.c_str());
    return kFailure;
  }

  const Stopwatch loop;  // input, run, outputs and post-processing
  for (int i = 0; i < options.loop; ++i) {
    if (!network.run(input.rgb, detector.wants_float())) return kFailure;
    if (!detector.find(network, placement, thresholds, objects)) return kFailure;
  }
  std::printf("loop count = %d , average run  %f ms\n", options.loop, loop.milliseconds() / options.loop);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::optional<Options> options = parse_options(argc, argv);
  return options ? run(*options) : kFailure;
}
