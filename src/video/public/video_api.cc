#include <sixtops/video.h>

#include <atomic>
#include <csignal>
#include <cstring>
#include <exception>

#include "media/redact.h"
#include "media/rgb_converter.h"
#include "video/pipeline.h"

namespace sixtops::api {
namespace {

using video::Clock;

constexpr auto kLook = std::chrono::milliseconds(50);

// A plain flag, since a signal handler may set it.
std::atomic<bool> stop_wanted = false;
static_assert(std::atomic<bool>::is_always_lock_free);

Object to_api(const vision::Detection& d) {
  return {d.box.left, d.box.top, d.box.right, d.box.bottom, d.score, d.class_id};
}

vision::Detection from_api(const Object& o) { return {{o.left, o.top, o.right, o.bottom}, o.score, o.class_id}; }

// One detector of the pool: the program's function on RGB pictures.
video::Detect detector_of(const DetectObjects& detect, double& milliseconds) {
  struct Work {
    media::RgbConverter converter;
    Picture picture;
  };
  return [&detect, &milliseconds,
          work = std::make_shared<Work>()](const media::YuvPicture& yuv) -> Result<std::vector<vision::Detection>> {
    const vision::Picture* const rgb = TRY(work->converter.convert(yuv));
    work->picture.width = rgb->width;
    work->picture.height = rgb->height;
    const size_t row_bytes = 3 * static_cast<size_t>(rgb->width);
    work->picture.rgb.resize(row_bytes * static_cast<size_t>(rgb->height));
    for (int y = 0; y < rgb->height; ++y) {
      std::memcpy(work->picture.rgb.data() + static_cast<size_t>(y) * row_bytes, rgb->row(y), row_bytes);
    }
    std::vector<Object> objects;
    std::string error;
    const Clock::time_point begin = Clock::now();
    if (!detect(work->picture, objects, error)) return Status(StatusCode::kInternal, error);
    milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
    std::vector<vision::Detection> detections;
    detections.reserve(objects.size());
    for (const Object& object : objects) detections.push_back(from_api(object));
    return detections;
  };
}

class Teller : public video::Observer {
 public:
  Teller(const VideoOptions& options, const double& milliseconds) : options_(options), milliseconds_(milliseconds) {}

  void on_frame(const video::FrameReport& report) override {
    if (!options_.on_frame) return;
    std::vector<Object> objects;
    for (const vision::Detection& d : report.detections) objects.push_back(to_api(d));
    options_.on_frame({report.frame.number, static_cast<double>(report.frame.pts_us) / 1e6, report.frame.picture.width,
                       report.frame.picture.height, milliseconds_, &objects});
  }

  void on_state(const std::string&, video::StreamState state, const std::string& reason) override {
    if (options_.on_state) options_.on_state(video::state_name(state), reason);
  }

 private:
  const VideoOptions& options_;
  const double& milliseconds_;
};

Status run(const VideoOptions& options, const DetectObjects& detect, VideoSummary& summary) {
  stop_wanted = false;
  double milliseconds = 0;
  Teller teller(options, milliseconds);
  video::Pipeline pipeline({detector_of(detect, milliseconds)});
  video::StreamOptions stream_options;
  stream_options.name = "video";
  stream_options.source.url = options.source;
  stream_options.source.transport = options.transport;
  stream_options.output.sinks = options.outputs;
  stream_options.labels = options.labels;
  stream_options.min_score = 0;
  stream_options.retry_limit = std::chrono::milliseconds(options.retry_max_milliseconds);
  const video::Stream* const stream = TRY(pipeline.add(std::move(stream_options), {&teller}));
  const Clock::time_point begin = Clock::now();
  pipeline.start();
  while (!pipeline.ended()) {
    if (stop_wanted) pipeline.request_stop();
    std::this_thread::sleep_for(kLook);
  }
  pipeline.join();
  const video::StreamStatistics statistics = stream->statistics();
  summary.frames = statistics.detected;
  summary.dropped = statistics.dropped;
  summary.reconnects = statistics.reconnects;
  summary.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  TRY(stream->result());
  return stream->sink_failures().empty() ? Status() : stream->sink_failures().front();
}

}  // namespace

bool run_video(const VideoOptions& options, const DetectObjects& detect, VideoSummary& summary, std::string& error) {
  try {
    const Status status = run(options, detect, summary);
    if (!status.ok()) error = status.message();
    return status.ok();
  } catch (const std::exception& exception) {  // out of memory
    error = exception.what();
    return false;
  }
}

void stop_video() { stop_wanted = true; }

void hide_password(char* url) { media::hide_in_place(url); }

}  // namespace sixtops::api
