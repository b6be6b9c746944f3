#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/json_file.h"
#include "app/output_path.h"
#include "app/picture_network.h"
#include "app/vendor_detect.h"
#include "base/error.h"
#include "base/file.h"
#include "vision/draw.h"
#include "vision/labels.h"
#include "vision/picture_file.h"

namespace sixtops::app {
namespace {

using vision::Detection;

Result<std::vector<std::string>> list_all(const std::vector<std::string>& sources) {
  std::vector<std::string> pictures;
  for (const std::string& source : sources) {
    const std::vector<std::string> found = TRY(vision::list_pictures(source));
    pictures.insert(pictures.end(), found.begin(), found.end());
  }
  return pictures;
}

void print_detections(const std::string& path, const std::vector<Detection>& detections,
                      const std::vector<std::string>& labels) {
  std::printf("%s\n", path.c_str());
  for (const Detection& d : detections) {
    std::printf("  %-16s %.3f %7.1f %7.1f %7.1f %7.1f\n", vision::label_of(labels, d.class_id).c_str(),
                static_cast<double>(d.score), static_cast<double>(d.box.left), static_cast<double>(d.box.top),
                static_cast<double>(d.box.right), static_cast<double>(d.box.bottom));
  }
}

nlohmann::ordered_json picture_json(const std::string& path, const std::vector<Detection>& detections,
                                    const std::vector<std::string>& labels) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Detection& d : detections) {
    list.push_back({{"class", d.class_id},
                    {"label", vision::label_of(labels, d.class_id)},
                    {"score", d.score},
                    {"box", {d.box.left, d.box.top, d.box.right, d.box.bottom}}});
  }
  return {{"image", path}, {"detections", std::move(list)}};
}

// One line a box: class, then centre and size as parts of the picture's sides.
std::string yolo_text(const std::vector<Detection>& detections, const vision::Picture& picture) {
  const auto width = static_cast<float>(picture.width);
  const auto height = static_cast<float>(picture.height);
  std::string text;
  for (const Detection& d : detections) {
    text += fmt::format("{} {:.6f} {:.6f} {:.6f} {:.6f}\n", d.class_id, (d.box.left + d.box.right) / 2 / width,
                        (d.box.top + d.box.bottom) / 2 / height, (d.box.right - d.box.left) / width,
                        (d.box.bottom - d.box.top) / height);
  }
  return text;
}

}  // namespace

Status run(const DetectCommand& command) {
  if (command.sources.size() == 1 && is_video(command.sources[0])) return detect_on_video(command);
  if (command.track) return usage_error("--track follows objects through one video; '{}' is none", command.sources[0]);
  if (command.save_txt && command.output.empty()) return usage_error("--save-txt needs -o, where the text goes");
  const std::vector<std::string> pictures = TRY(list_all(command.sources));
  PictureNetwork network = TRY(open_picture_network(command.model, command.source));
  TRY(expect_detector(network));
  const bool writes_pictures = !command.output.empty();
  OutputPath output;
  std::unique_ptr<vision::Font> font;
  if (writes_pictures) {
    output = TRY(OutputPath::open(command.output, pictures.size()));
    font = vision::Font::find_installed();
  }

  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const std::string& path : pictures) {
    vision::Picture picture = TRY(vision::read_picture(path));
    const std::vector<Detection> detections = command.post == "vendor"
                                                  ? TRY(vendor_detect_on_picture(network, picture, command.thresholds))
                                                  : TRY(detect_on_picture(network, picture, command.thresholds));
    print_detections(path, detections, network.labels);
    json.push_back(picture_json(path, detections, network.labels));
    if (!writes_pictures) continue;
    vision::draw_detections(picture, detections, network.labels, font.get());
    const std::string target = output.path_of(path);
    TRY(vision::write_picture(picture, target));
    if (!command.save_txt) continue;
    const std::filesystem::path text_path = std::filesystem::path(target).replace_extension(".txt");
    TRY(write_file(text_path.string(), yolo_text(detections, picture)));
  }
  return write_json(json, command.json_file);
}

}  // namespace sixtops::app
