// Tracks counted at lines and in zones that a user drew.
//
// An object stands where the middle of its box's lower edge is: there its feet or wheels are.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "vision/region.h"
#include "vision/tracker.h"

namespace sixtops::vision {

struct CountingLine {
  std::string name;
  Point from;
  Point to;
};

struct CountingZone {
  std::string name;
  Polygon polygon;
};

enum class CrossingKind : uint8_t { kRight, kLeft, kEnter, kLeave };

struct Crossing {
  CrossingKind kind = CrossingKind::kRight;
  std::string place;  // name of the line or zone
  int64_t track_id = 0;
  int class_id = 0;
};

std::string_view crossing_name(CrossingKind kind);  // "right", "left", "enter", "leave"

struct PlaceCount {
  std::string name;
  bool is_zone = false;
  int64_t in = 0;      // to the right of a line; into a zone
  int64_t out = 0;     // to the left; out of it
  int64_t inside = 0;  // of a zone, now
};

// One thread at a time.
class Counter {
 public:
  Counter(std::vector<CountingLine> lines, std::vector<CountingZone> zones);

  // What happened in this picture. A track that is away longer than forget_seconds has left its zones.
  std::vector<Crossing> update(std::span<const Track> tracks, int picture_width, int picture_height, int64_t pts_us);

  const std::vector<PlaceCount>& counts() const { return counts_; }  // lines, then zones

  // All tracks are gone: the camera was away. Sums stay.
  void forget_tracks();

 private:
  struct Seen {
    Point at;
    int class_id = 0;
    int64_t pts_us = 0;
    std::vector<bool> in_zone;
  };

  static constexpr double kForgetSeconds = 2;

  std::vector<CountingLine> lines_;
  std::vector<CountingZone> zones_;
  std::vector<PlaceCount> counts_;
  std::map<int64_t, Seen> seen_;
};

}  // namespace sixtops::vision
