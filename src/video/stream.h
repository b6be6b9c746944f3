// One stream from its source to its sinks: a thread that reads and decodes, the shared pool of detectors, and a thread
// that tracks, draws, encodes and writes.
//
// A live source that dies is opened again and again (retry.h); meanwhile its sinks get a slate that says since when.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "media/draw_yuv.h"
#include "media/picture_copier.h"
#include "media/pts_normalizer.h"
#include "media/source.h"
#include "video/detector_pool.h"
#include "video/observer.h"
#include "video/output.h"
#include "video/retry.h"
#include "vision/detection_filter.h"

namespace sixtops::video {

struct StreamOptions {
  std::string name;
  media::SourceOptions source;  // stop is set by the pipeline
  OutputOptions output;         // the same
  double max_fps = 0;           // detect and show no more than that; 0: all
  bool draw = true;
  bool track = false;  // lines and zones need it
  vision::TrackerOptions tracker;
  float min_score = 0.25F;  // shown; the tracker is given lower ones too
  vision::DetectionFilter filter;
  std::vector<vision::CountingLine> lines;
  std::vector<vision::CountingZone> zones;
  std::vector<vision::Polygon> masks;
  std::vector<std::string> labels;
  std::chrono::milliseconds retry_limit{30'000};
  std::chrono::milliseconds open_timeout{10'000};
  std::chrono::milliseconds read_timeout{5'000};  // without a picture for so long, a live source has stalled
};

class Stream {
 public:
  // Makes the sinks ready; starts nothing. kUsage for options that make no sense. pool and observers outlive the
  // stream.
  static Result<std::unique_ptr<Stream>> create(StreamOptions options, DetectorPool& pool,
                                                std::vector<Observer*> observers, std::stop_token stop);
  ~Stream();

  Output& output() { return *output_; }  // before start()
  void start();
  bool ended() const { return ended_; }
  void join();

  const StreamOptions& options() const { return options_; }
  StreamStatistics statistics() const;
  // Why it failed, when it did; ok for a live stream that still tries, and after a stop. After join().
  Status result() const { return result_; }
  const std::vector<Status>& sink_failures() const { return output_->failures(); }

 private:
  Stream(StreamOptions options, DetectorPool& pool, std::vector<Observer*> observers, std::stop_token stop);

  // source_thread_
  void read_all();
  Status read_source(RetryDelay& retry, media::SourceFailure& failure);
  Status take_frame(media::Frame frame, const media::Source& source);
  bool skips(const media::Frame& frame);
  void wait_before_retry(std::chrono::milliseconds time);
  void set_state(StreamState state, const std::string& reason);

  // output_thread_
  void write_all();
  void handle(Job& job);
  std::vector<vision::Detection> detections_of(const std::vector<vision::Detection>& all, const media::Frame& frame);
  void draw(const media::YuvPicture& picture, const std::vector<vision::Detection>& detections);
  void write_slate();

  StreamOptions options_;
  DetectorPool& pool_;
  std::vector<Observer*> observers_;
  std::stop_token stop_;
  bool live_;
  int number_in_pool_;
  std::unique_ptr<Output> output_;
  std::atomic<bool> ended_ = false;
  std::atomic<double> source_fps_ = 25;
  Status result_;

  mutable std::mutex mutex_;  // of the five below
  StreamStatistics statistics_;
  Clock::time_point state_since_;
  std::chrono::system_clock::time_point lost_at_;
  Clock::time_point fps_since_;
  int64_t fps_count_ = 0;

  // Of the source thread.
  media::PtsNormalizer pts_{40'000, true};
  int64_t next_number_ = 0;
  int64_t damaged_before_ = 0;  // of sources that are gone
  std::optional<int64_t> next_due_us_;

  // Of the output thread.
  media::PictureCopier canvases_;
  std::unique_ptr<vision::Font> font_;
  media::YuvPen pen_;
  vision::Tracker tracker_;
  vision::Counter counter_;
  std::vector<vision::Track> tracks_;
  std::vector<vision::Crossing> crossings_;
  std::optional<media::Frame> last_;  // without pixels but for its size
  media::PtsNormalizer output_pts_{40'000, true};

  std::jthread source_thread_;
  std::jthread output_thread_;
};

}  // namespace sixtops::video
