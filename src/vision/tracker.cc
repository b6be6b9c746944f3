#include "vision/tracker.h"

#include <algorithm>
#include <cmath>

#include "vision/assignment.h"

namespace sixtops::vision {
namespace {

// Of the height: how far a measured box is from the true one, and how much position and velocity wander within a
// second. ByteTrack's weights (1/20 and 1/160 a frame) at its 30 frames a second.
constexpr double kMeasured = 1.0 / 20;
constexpr double kWander = 1.0 / 20 * 5.5;  // sqrt(30)
constexpr double kVelocityWander = 30.0 / 160 * 5.5;
constexpr double kFirstVelocity = 30.0 * 10 / 160;
constexpr double kAspectMeasured = 0.1;
constexpr double kAspectWander = 0.05;
constexpr double kMicroseconds = 1e6;

Box box_of(double x, double y, double width, double height) {
  return {static_cast<float>(x - width / 2), static_cast<float>(y - height / 2), static_cast<float>(x + width / 2),
          static_cast<float>(y + height / 2)};
}

// 1 for looks that are alike, 1/2 for those that could be of two things, towards 0 beyond.
float likeness(float distance) { return 1 / (1 + distance * distance); }

// Calls cost(item, candidate) for all pairs, take(item, candidate) for those that are together cheapest and not above
// the limit; these leave both lists.
template <typename Cost, typename Take>
void pair_cheapest(std::vector<size_t>& items, std::vector<size_t>& candidates, float limit, const Cost& cost,
                   const Take& take) {
  std::vector<float> costs;
  costs.reserve(items.size() * candidates.size());
  for (const size_t item : items) {
    for (const size_t candidate : candidates) costs.push_back(cost(item, candidate));
  }
  const std::vector<int> column_of =
      assign(costs, static_cast<int>(items.size()), static_cast<int>(candidates.size()), limit);
  std::vector<size_t> items_left;
  std::vector<bool> taken(candidates.size(), false);
  for (size_t i = 0; i < items.size(); ++i) {
    if (column_of[i] < 0) {
      items_left.push_back(items[i]);
      continue;
    }
    const auto column = static_cast<size_t>(column_of[i]);
    taken[column] = true;
    take(items[i], candidates[column]);
  }
  std::vector<size_t> candidates_left;
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (!taken[i]) candidates_left.push_back(candidates[i]);
  }
  items = std::move(items_left);
  candidates = std::move(candidates_left);
}

}  // namespace

TrackerOptions tracker_for(float min_score) {
  TrackerOptions options;
  options.low_score = std::min(options.low_score, min_score);
  options.high_score = std::max(options.low_score, min_score);
  options.new_score = std::min(1.0F, options.high_score + 0.1F);
  return options;
}

void Tracker::Motion::begin(double measured, double sigma) { *this = {measured, 0, 4 * sigma * sigma, 0, 0}; }

void Tracker::Motion::predict(double seconds, double sigma) {
  value += velocity * seconds;
  p00 += 2 * seconds * p01 + seconds * seconds * p11 + sigma * sigma * seconds;
  p01 += seconds * p11;
}

void Tracker::Motion::correct(double measured, double sigma) {
  const double total = p00 + sigma * sigma;
  const double gain = p00 / total, velocity_gain = p01 / total;
  const double error = measured - value;
  value += gain * error;
  velocity += velocity_gain * error;
  p11 -= velocity_gain * p01;
  p01 *= 1 - gain;
  p00 *= 1 - gain;
}

Box Tracker::Item::predicted() const {
  const double tall = std::max(1.0, height.value);
  return box_of(x.value, y.value, std::max(1.0, aspect.value * tall), tall);
}

void Tracker::Item::begin(const Detection& found, int64_t pts_us) {
  const Box& b = found.box;
  const double tall = std::max(1.0F, b.bottom - b.top);
  x.begin((b.left + b.right) / 2.0, kMeasured * tall);
  y.begin((b.top + b.bottom) / 2.0, kMeasured * tall);
  aspect.begin((b.right - b.left) / tall, kAspectMeasured);
  height.begin(tall, kMeasured * tall);
  for (Motion* motion : {&x, &y, &height}) motion->p11 = kFirstVelocity * kFirstVelocity * tall * tall;
  detection = found;
  begin_us = seen_us = pts_us;
  hits = 1;
}

void Tracker::Item::predict(double seconds) {
  const double tall = std::max(1.0, height.value);
  for (Motion* motion : {&x, &y, &height}) {
    motion->predict(seconds, kWander * tall);
    motion->p11 += kVelocityWander * kVelocityWander * tall * tall * seconds;
  }
  aspect.predict(seconds, kAspectWander);
}

void Tracker::Item::correct(const Detection& found, int64_t pts_us) {
  const Box& b = found.box;
  const double tall = std::max(1.0F, b.bottom - b.top);
  x.correct((b.left + b.right) / 2.0, kMeasured * tall);
  y.correct((b.top + b.bottom) / 2.0, kMeasured * tall);
  aspect.correct((b.right - b.left) / tall, kAspectMeasured);
  height.correct(tall, kMeasured * tall);
  detection = found;
  seen_us = pts_us;
  ++hits;
}

void Tracker::take(size_t item, size_t detection, const Found& found, bool jumped) {
  Item& taker = items_[item];
  if (jumped) {  // what it was expected to do is worth nothing
    const int64_t begin_us = taker.begin_us;
    const int hits = taker.hits;
    taker.begin(found.detections[detection], found.pts_us);
    taker.begin_us = begin_us;
    taker.hits = hits + 1;
  } else {
    taker.correct(found.detections[detection], found.pts_us);
  }
  if (!found.looks.empty()) taker.look.follow(found.looks[detection]);
}

void Tracker::pair(std::vector<size_t>& items, std::vector<size_t>& candidates, const Found& found, float min_overlap,
                   bool weigh_scores) {
  const auto cost = [&](size_t item, size_t d) {
    const Detection& detection = found.detections[d];
    if (items_[item].detection.class_id != detection.class_id) return 1.0F;
    float overlap = intersection_over_union(items_[item].predicted(), detection.box);
    if (weigh_scores) overlap *= detection.score;
    if (!found.looks.empty()) overlap *= likeness(items_[item].look.distance_to(found.looks[d]) / options_.same_look);
    return 1 - overlap;
  };
  pair_cheapest(items, candidates, 1 - min_overlap, cost, [&](size_t item, size_t d) { take(item, d, found, false); });
}

void Tracker::pair_by_look(std::vector<size_t>& items, std::vector<size_t>& candidates, const Found& found) {
  const auto cost = [&](size_t index, size_t d) {
    const Item& item = items_[index];
    const Box& was = item.detection.box;
    const Box& is = found.detections[d].box;
    if (item.detection.class_id != found.detections[d].class_id) return 1.0F;
    const float away = static_cast<float>(static_cast<double>(found.pts_us - item.seen_us) / kMicroseconds);
    const float tall = std::max({1.0F, was.bottom - was.top, is.bottom - is.top});
    const float moved = std::hypot((was.left + was.right - is.left - is.right) / 2, was.bottom - is.bottom) / tall;
    const float reach = options_.heights_a_second * (1 + away);
    return std::max(item.look.distance_to(found.looks[d]) / options_.same_look, moved / reach);
  };
  pair_cheapest(items, candidates, 1, cost, [&](size_t item, size_t d) { take(item, d, found, true); });
}

std::vector<Track> Tracker::update(std::span<const Detection> detections, int64_t pts_us,
                                   std::span<const Appearance> looks) {
  const Found found{detections, looks, pts_us};
  const double keep_seconds = looks.empty() ? options_.keep_seconds : options_.keep_look_seconds;
  const double seconds = last_us_ ? static_cast<double>(pts_us - *last_us_) / kMicroseconds : 0;
  if (seconds < 0 || seconds > options_.keep_seconds) items_.clear();
  const bool first_picture = items_.empty();
  last_us_ = pts_us;

  std::vector<size_t> confirmed, tentative, high, low;
  for (size_t i = 0; i < items_.size(); ++i) {
    items_[i].predict(seconds);
    (items_[i].hits > 1 ? confirmed : tentative).push_back(i);
  }
  for (size_t d = 0; d < detections.size(); ++d) {
    if (detections[d].score >= options_.high_score)
      high.push_back(d);
    else if (detections[d].score >= options_.low_score)
      low.push_back(d);
  }
  pair(confirmed, high, found, options_.min_overlap, true);
  pair(confirmed, low, found, options_.low_overlap, false);
  if (!looks.empty()) pair_by_look(confirmed, high, found);
  pair(tentative, high, found, options_.min_overlap, true);

  // A thing that was seen once and not again was none.
  std::erase_if(items_, [&](const Item& item) {
    const bool missed = item.seen_us != pts_us;
    const double away = static_cast<double>(pts_us - item.seen_us) / kMicroseconds;
    return missed && (item.hits < 2 || away > keep_seconds);
  });
  for (const size_t d : high) {
    if (detections[d].score < options_.new_score) continue;
    Item item;
    item.begin(detections[d], pts_us);
    if (!looks.empty()) item.look = looks[d];
    if (first_picture) item.hits = 2;
    items_.push_back(item);
  }
  std::vector<Track> tracks;
  for (Item& item : items_) {
    if (item.seen_us != pts_us || item.hits < 2) continue;
    if (item.id == 0) item.id = next_id_++;
    tracks.push_back({item.id, item.detection, static_cast<double>(pts_us - item.begin_us) / kMicroseconds});
  }
  std::sort(tracks.begin(), tracks.end(), [](const Track& a, const Track& b) { return a.id < b.id; });
  return tracks;
}

}  // namespace sixtops::vision
