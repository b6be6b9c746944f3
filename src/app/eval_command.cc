#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/json_file.h"
#include "app/picture_network.h"
#include "app/progress.h"
#include "base/error.h"
#include "vision/average_precision.h"
#include "vision/class_list.h"
#include "vision/coco.h"
#include "vision/labels.h"
#include "vision/picture_file.h"
#include "vision/top_k.h"

namespace sixtops::app {
namespace {

template <typename Item>
void keep_first(std::vector<Item>& items, int limit) {
  if (limit > 0 && items.size() > static_cast<size_t>(limit)) items.resize(static_cast<size_t>(limit));
}

std::string picture_path(const std::string& folder, const std::string& file) {
  return (std::filesystem::path(folder) / file).string();
}

Status evaluate_boxes(const EvalCommand& command, PictureNetwork& network) {
  TRY(expect_detector(network));
  vision::CocoAnnotations truth = TRY(vision::read_coco(command.annotations));
  if (static_cast<size_t>(network.head.classes) != truth.categories.size()) {
    return invalid_data("{}: {} categories, the network has {} classes", command.annotations, truth.categories.size(),
                        network.head.classes);
  }
  std::vector<vision::CocoPicture> pictures = truth.pictures;
  keep_first(pictures, command.limit);
  std::vector<vision::PictureDetections> found;
  Progress progress;
  for (const vision::CocoPicture& entry : pictures) {
    const vision::Picture picture = TRY(vision::read_picture(picture_path(command.images, entry.file_name)));
    found.push_back({entry.id, TRY(detect_on_picture(network, picture, command.thresholds))});
    progress.update("eval", static_cast<int>(found.size()), static_cast<int>(pictures.size()));
  }
  const vision::AveragePrecision result = TRY(vision::average_precision(truth, found));
  std::printf("mAP@50-95 %.4f  mAP@50 %.4f  %zu pictures\n", result.map, result.map50, found.size());
  return write_json({{"map", result.map}, {"map50", result.map50}, {"images", found.size()}}, command.json_file);
}

Status evaluate_classes(const EvalCommand& command, PictureNetwork& network) {
  TRY(expect_classifier(network));
  std::vector<vision::ClassifiedPicture> pictures = TRY(vision::read_class_list(command.class_list));
  keep_first(pictures, command.limit);
  const int background = vision::background_classes(network.head.classes);
  int right = 0;
  int done = 0;
  Progress progress;
  for (const vision::ClassifiedPicture& entry : pictures) {
    const vision::Picture picture = TRY(vision::read_picture(picture_path(command.images, entry.file)));
    const std::vector<Tensor> outputs = TRY(run_on_picture(network, picture, nullptr));
    const std::vector<vision::ClassScore> best = vision::top_k(outputs[0].values<float>(), 1);
    if (!best.empty() && best[0].class_id == entry.class_index + background) ++right;
    progress.update("eval", ++done, static_cast<int>(pictures.size()));
  }
  const double top1 = static_cast<double>(right) / done;
  std::printf("top-1 %.4f  %d of %d pictures\n", top1, right, done);
  return write_json({{"top1", top1}, {"images", done}}, command.json_file);
}

}  // namespace

Status run(const EvalCommand& command) {
  PictureNetwork network = TRY(open_picture_network(command.model, command.source));
  return command.annotations.empty() ? evaluate_classes(command, network) : evaluate_boxes(command, network);
}

}  // namespace sixtops::app
