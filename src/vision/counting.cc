#include "vision/counting.h"

namespace sixtops::vision {

std::string_view crossing_name(CrossingKind kind) {
  switch (kind) {
    case CrossingKind::kRight:
      return "right";
    case CrossingKind::kLeft:
      return "left";
    case CrossingKind::kEnter:
      return "enter";
    case CrossingKind::kLeave:
      return "leave";
  }
  return "";
}

Counter::Counter(std::vector<CountingLine> lines, std::vector<CountingZone> zones)
    : lines_(std::move(lines)), zones_(std::move(zones)) {
  for (const CountingLine& line : lines_) counts_.push_back({line.name, false});
  for (const CountingZone& zone : zones_) counts_.push_back({zone.name, true});
}

std::vector<Crossing> Counter::update(std::span<const Track> tracks, int picture_width, int picture_height,
                                      int64_t pts_us) {
  std::vector<Crossing> crossings;
  for (const Track& track : tracks) {
    const Box& box = track.detection.box;
    const Point at{(box.left + box.right) / 2.0 / picture_width, static_cast<double>(box.bottom) / picture_height};
    const auto [entry, is_new] = seen_.try_emplace(track.id);
    Seen& seen = entry->second;
    if (is_new) seen.in_zone.assign(zones_.size(), false);
    for (size_t i = 0; i < lines_.size() && !is_new; ++i) {
      const int side = crossing(lines_[i].from, lines_[i].to, seen.at, at);
      if (side == 0) continue;
      ++(side > 0 ? counts_[i].in : counts_[i].out);
      crossings.push_back(
          {side > 0 ? CrossingKind::kRight : CrossingKind::kLeft, lines_[i].name, track.id, track.detection.class_id});
    }
    for (size_t i = 0; i < zones_.size(); ++i) {
      const bool inside = contains(zones_[i].polygon, at);
      if (inside == seen.in_zone[i]) continue;
      seen.in_zone[i] = inside;
      PlaceCount& count = counts_[lines_.size() + i];
      ++(inside ? count.in : count.out);
      count.inside += inside ? 1 : -1;
      crossings.push_back(
          {inside ? CrossingKind::kEnter : CrossingKind::kLeave, zones_[i].name, track.id, track.detection.class_id});
    }
    seen.at = at;
    seen.class_id = track.detection.class_id;
    seen.pts_us = pts_us;
  }
  for (auto entry = seen_.begin(); entry != seen_.end();) {
    const Seen& seen = entry->second;
    if (static_cast<double>(pts_us - seen.pts_us) <= kForgetSeconds * 1e6) {
      ++entry;
      continue;
    }
    for (size_t i = 0; i < zones_.size(); ++i) {
      if (!seen.in_zone[i]) continue;
      PlaceCount& count = counts_[lines_.size() + i];
      ++count.out;
      --count.inside;
      crossings.push_back({CrossingKind::kLeave, zones_[i].name, entry->first, seen.class_id});
    }
    entry = seen_.erase(entry);
  }
  return crossings;
}

void Counter::forget_tracks() {
  seen_.clear();
  for (PlaceCount& count : counts_) {
    count.out += count.inside;
    count.inside = 0;
  }
}

}  // namespace sixtops::vision
