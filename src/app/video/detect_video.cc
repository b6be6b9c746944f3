#include "app/commands.h"
#include "app/picture_network.h"
#include "app/video/detectors.h"
#include "app/video/json_lines.h"
#include "app/video/run_pipeline.h"
#include "base/error.h"
#include "media/source.h"

namespace sixtops::app {

bool is_video(const std::string& source) { return media::is_video_source(source); }

Status detect_on_video(const DetectCommand& command) {
  if (command.post == "vendor" || command.save_txt) return usage_error("--post vendor and --save-txt are for pictures");
  PictureNetwork network = TRY(open_picture_network(command.model, command.source));
  TRY(expect_detector(network));
  DetectionThresholds thresholds = command.thresholds;
  const vision::TrackerOptions tracker = vision::tracker_for(thresholds.confidence);
  if (command.track) thresholds.confidence = tracker.low_score;
  const Detectors detectors = TRY(make_detectors(network, thresholds, 0, RunStyle::kCheap));
  video::Pipeline pipeline(detectors.detect);

  std::vector<video::Observer*> observers;
  std::unique_ptr<JsonLines> lines;
  if (!command.json_file.empty()) {
    lines = TRY(JsonLines::create(command.json_file, network.labels, false));
    observers.push_back(lines.get());
  }
  video::StreamOptions options;
  options.name = "video";
  options.source.url = command.sources[0];
  if (!command.output.empty()) options.output.sinks = {command.output};
  options.track = command.track;
  options.tracker = tracker;
  options.min_score = command.thresholds.confidence;
  options.filter.classes = TRY(vision::class_ids(command.classes, network.labels));
  options.labels = network.labels;
  const video::Stream* stream = TRY(pipeline.add(std::move(options), observers));
  run_pipeline(pipeline, {.network_cpu_ns = detectors.network_cpu_ns});
  TRY(stream->result());
  if (!stream->sink_failures().empty()) return stream->sink_failures().front();
  return lines == nullptr ? Status() : lines->status();
}

}  // namespace sixtops::app
