// Objects followed from picture to picture: the same number for the same thing.
//
// After ByteTrack (Zhang et al., ECCV 2022): every track predicts its box by a Kalman filter of constant velocity;
// detections with a high score are paired first, then those with a low score (half hidden things) with what remains, by
// overlap; a track without a detection is kept for a while and may come back. Classes never mix. Time, not the number
// of pictures, moves the filter, so dropped frames do no harm.
//
// Where the caller knows what things look like, a look counts beside the overlap, and a track that was lost behind
// something may come back where it was not expected, by its look.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "vision/appearance.h"
#include "vision/detection.h"

namespace sixtops::vision {

struct TrackerOptions {
  float high_score = 0.5F;    // pairs in the first round
  float low_score = 0.1F;     // below: not looked at
  float new_score = 0.6F;     // begins a track
  float min_overlap = 0.2F;   // of prediction and detection, weighted by the score, in the first round
  float low_overlap = 0.5F;   // in the second round
  double keep_seconds = 1.5;  // without a detection
  // Where looks are known. Chosen on people who cross behind each other and a sign, at 10 pictures a second; a tenth
  // more or less changes nothing.
  double keep_look_seconds = 2;
  float same_look = 30;            // Appearance::distance_to of one thing in two pictures
  float heights_a_second = 0.75F;  // how fast a lost thing may have moved, and how far it jumps at once
};

// Thresholds for a user who wants to see what scores at least min_score.
TrackerOptions tracker_for(float min_score);

struct Track {
  int64_t id = 0;       // from 1, never used twice by a tracker
  Detection detection;  // as it was found in this picture
  double age_seconds = 0;
};

// One thread at a time.
class Tracker {
 public:
  explicit Tracker(TrackerOptions options = {}) : options_(options) {}

  // The tracks that this picture confirms, in the order of their ids. A track is told from its second picture on, but
  // for those of the first picture. `detections` hold scores down to low_score. pts_us must grow; a step back or beyond
  // keep_seconds forgets everything but the last id.
  // looks: of each detection, or empty.
  std::vector<Track> update(std::span<const Detection> detections, int64_t pts_us,
                            std::span<const Appearance> looks = {});

 private:
  // One coordinate: value, velocity a second, and their covariance.
  struct Motion {
    double value = 0;
    double velocity = 0;
    double p00 = 0, p01 = 0, p11 = 0;

    void begin(double measured, double sigma);
    void predict(double seconds, double sigma);
    void correct(double measured, double sigma);
  };

  struct Item {
    int64_t id = 0;
    Detection detection;
    Appearance look;
    Motion x, y, aspect, height;  // centre, width / height, height
    int64_t begin_us = 0;
    int64_t seen_us = 0;
    int hits = 0;

    Box predicted() const;
    void begin(const Detection& found, int64_t pts_us);
    void predict(double seconds);
    void correct(const Detection& found, int64_t pts_us);
  };

  // Of one picture.
  struct Found {
    std::span<const Detection> detections;
    std::span<const Appearance> looks;
    int64_t pts_us = 0;
  };

  // Pairs items with detections; what was paired leaves both lists.
  void pair(std::vector<size_t>& items, std::vector<size_t>& candidates, const Found& found, float min_overlap,
            bool weigh_scores);
  void pair_by_look(std::vector<size_t>& items, std::vector<size_t>& candidates, const Found& found);
  void take(size_t item, size_t detection, const Found& found, bool jumped);

  TrackerOptions options_;
  std::vector<Item> items_;
  std::optional<int64_t> last_us_;
  int64_t next_id_ = 1;
};

}  // namespace sixtops::vision
