#include "vision/average_precision.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>

#include "base/error.h"

namespace sixtops::vision {
namespace {

constexpr size_t kThresholds = 10;
constexpr size_t kRecalls = 101;
constexpr double kLargestArea = 1e10;  // of area "all": larger objects do not count

double threshold(size_t i) { return 0.5 + static_cast<double>(i) * ((0.95 - 0.5) / (kThresholds - 1)); }

struct Truth {
  CocoObject object;
  bool ignored = false;
};

// The objects and boxes of one category on one picture; ignored objects last, boxes best first.
struct Scene {
  std::vector<Truth> truths;
  std::vector<Detection> boxes;
};

enum class Verdict : uint8_t { kFalse, kTrue, kIgnored };

struct Judged {
  float score = 0;
  std::array<Verdict, kThresholds> verdicts{};
};

double overlap(const Detection& detection, const CocoObject& object) {
  const double left = detection.box.left, top = detection.box.top;
  const double width = double{detection.box.right} - left, height = double{detection.box.bottom} - top;
  const double shared_width = std::min(left + width, object.left + object.width) - std::max(left, object.left);
  const double shared_height = std::min(top + height, object.top + object.height) - std::max(top, object.top);
  if (shared_width <= 0 || shared_height <= 0) return 0;
  const double shared = shared_width * shared_height;
  const double area = width * height;
  return shared / (object.crowd ? area : area + object.width * object.height - shared);
}

// The place of the object that the box is matched to, or truths.size(). overlaps: of the box with each object.
size_t match(const Scene& scene, const std::vector<double>& overlaps, double least, const std::vector<bool>& taken) {
  size_t best = scene.truths.size();
  double best_overlap = std::min(least, 1 - 1e-10);
  for (size_t i = 0; i < scene.truths.size(); ++i) {
    const Truth& truth = scene.truths[i];
    if (taken[i] && !truth.object.crowd) continue;
    if (best < scene.truths.size() && !scene.truths[best].ignored && truth.ignored) break;
    if (overlaps[i] < best_overlap) continue;
    best_overlap = overlaps[i];
    best = i;
  }
  return best;
}

void judge(const Scene& scene, std::vector<Judged>& judged) {
  std::array<std::vector<bool>, kThresholds> taken;
  taken.fill(std::vector<bool>(scene.truths.size()));
  std::vector<double> overlaps(scene.truths.size());
  for (const Detection& box : scene.boxes) {
    std::transform(scene.truths.begin(), scene.truths.end(), overlaps.begin(),
                   [&](const Truth& truth) { return overlap(box, truth.object); });
    Judged verdict{box.score};
    for (size_t t = 0; t < kThresholds; ++t) {
      const size_t matched = match(scene, overlaps, threshold(t), taken[t]);
      if (matched == scene.truths.size()) continue;
      taken[t][matched] = true;
      verdict.verdicts[t] = scene.truths[matched].ignored ? Verdict::kIgnored : Verdict::kTrue;
    }
    judged.push_back(verdict);
  }
}

// judged: best first. objects: those that count, more than 0.
double precision_at(const std::vector<Judged>& judged, size_t t, int64_t objects) {
  std::vector<double> precision, recall;
  int64_t hits = 0, misses = 0;
  for (const Judged& box : judged) {
    hits += box.verdicts[t] == Verdict::kTrue;
    misses += box.verdicts[t] == Verdict::kFalse;
    const auto hit_count = static_cast<double>(hits);
    precision.push_back(hit_count / (static_cast<double>(hits + misses) + std::numeric_limits<double>::epsilon()));
    recall.push_back(hit_count / static_cast<double>(objects));
  }
  for (size_t i = precision.size(); i-- > 1;) precision[i - 1] = std::max(precision[i - 1], precision[i]);
  double sum = 0;
  for (size_t r = 0; r < kRecalls; ++r) {
    const double least = r + 1 == kRecalls ? 1 : static_cast<double>(r) * (1.0 / (kRecalls - 1));
    const auto at = std::lower_bound(recall.begin(), recall.end(), least) - recall.begin();
    if (at < static_cast<std::ptrdiff_t>(precision.size())) sum += precision[static_cast<size_t>(at)];
  }
  return sum / kRecalls;
}

// Picture → scene, for one category; pictures in the order of their ids, as ties of scores are in the original.
using Scenes = std::map<int64_t, Scene>;

Result<std::vector<Scenes>> arrange(const CocoAnnotations& truth, std::span<const PictureDetections> found) {
  std::set<int64_t> known, evaluated;
  for (const CocoPicture& picture : truth.pictures) known.insert(picture.id);
  std::map<int64_t, size_t> category_place;
  for (size_t c = 0; c < truth.categories.size(); ++c) category_place[truth.categories[c].id] = c;

  std::vector<Scenes> scenes(truth.categories.size());
  for (const PictureDetections& picture : found) {
    if (known.count(picture.picture_id) == 0) return invalid_data("picture {} is not annotated", picture.picture_id);
    if (!evaluated.insert(picture.picture_id).second) return invalid_data("picture {} twice", picture.picture_id);
    for (const Detection& detection : picture.detections) {
      if (detection.class_id < 0 || static_cast<size_t>(detection.class_id) >= scenes.size()) {
        return invalid_data("the model answers class {}, but the annotations have {} categories", detection.class_id,
                            scenes.size());
      }
      scenes[static_cast<size_t>(detection.class_id)][picture.picture_id].boxes.push_back(detection);
    }
  }
  for (const CocoObject& object : truth.objects) {
    const auto category = category_place.find(object.category_id);
    if (category == category_place.end() || evaluated.count(object.picture_id) == 0) continue;
    const bool ignored = object.crowd || object.area < 0 || object.area > kLargestArea;
    scenes[category->second][object.picture_id].truths.push_back({object, ignored});
  }
  return scenes;
}

void put_in_order(Scene& scene) {
  std::stable_sort(scene.boxes.begin(), scene.boxes.end(),
                   [](const Detection& a, const Detection& b) { return a.score > b.score; });
  if (scene.boxes.size() > kMaxDetections) scene.boxes.resize(kMaxDetections);
  std::stable_partition(scene.truths.begin(), scene.truths.end(), [](const Truth& truth) { return !truth.ignored; });
}

}  // namespace

Result<AveragePrecision> average_precision(const CocoAnnotations& truth, std::span<const PictureDetections> found) {
  AveragePrecision result;
  int categories = 0;
  for (Scenes& scenes : TRY(arrange(truth, found))) {
    std::vector<Judged> judged;
    int64_t objects = 0;
    for (auto& [picture_id, scene] : scenes) {
      put_in_order(scene);
      judge(scene, judged);
      objects += std::count_if(scene.truths.begin(), scene.truths.end(), [](const Truth& t) { return !t.ignored; });
    }
    if (objects == 0) {
      result.of_category.push_back(-1);
      continue;
    }
    std::stable_sort(judged.begin(), judged.end(), [](const Judged& a, const Judged& b) { return a.score > b.score; });
    double sum = 0;
    for (size_t t = 0; t < kThresholds; ++t) sum += precision_at(judged, t, objects);
    result.of_category.push_back(sum / kThresholds);
    result.map += sum / kThresholds;
    result.map50 += precision_at(judged, 0, objects);
    ++categories;
  }
  if (categories > 0) {
    result.map /= categories;
    result.map50 /= categories;
  }
  return result;
}

}  // namespace sixtops::vision
