#include "video/stream.h"

#include <fmt/core.h>

#include <algorithm>
#include <ctime>

#include "base/error.h"
#include "base/log.h"
#include "media/appearance_of.h"
#include "media/privacy_mask.h"
#include "media/redact.h"
#include "vision/labels.h"

namespace sixtops::video {
namespace {

using media::Frame;
using media::SourceFailure;

constexpr auto kFpsWindow = std::chrono::seconds(2);
constexpr auto kSlateInterval = std::chrono::milliseconds(500);

double milliseconds(Clock::duration time) { return std::chrono::duration<double, std::milli>(time).count(); }

int64_t microseconds_of(Clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

}  // namespace

Result<std::unique_ptr<Stream>> Stream::create(StreamOptions options, DetectorPool& pool,
                                               std::vector<Observer*> observers, std::stop_token stop) {
  if ((!options.lines.empty() || !options.zones.empty()) && !options.track) {
    return usage_error("stream '{}': lines and zones count tracks; turn tracking on", options.name);
  }
  options.source.stop = stop;
  options.output.stop = stop;
  std::unique_ptr<Stream> stream(new Stream(std::move(options), pool, std::move(observers), std::move(stop)));
  Stream* const self = stream.get();
  Result<std::unique_ptr<Output>> output =
      Output::open(stream->options_.output, [self](const std::string& sink, const Status& why) {
        for (Observer* o : self->observers_) o->on_sink_failure(self->options_.name, sink, why.message());
      });
  if (!output.ok()) return output.status().with_prefix("stream '" + stream->options_.name + "': ");
  stream->output_ = std::move(output).value();
  return stream;
}

Stream::Stream(StreamOptions options, DetectorPool& pool, std::vector<Observer*> observers, std::stop_token stop)
    : options_(std::move(options)),
      pool_(pool),
      observers_(std::move(observers)),
      stop_(std::move(stop)),
      live_(media::is_live_source(options_.source.url) ||
            (options_.source.url.rfind("test:", 0) == 0 && options_.source.url.find(':', 5) == std::string::npos)),
      number_in_pool_(pool.add_stream(live_)),
      font_(options_.draw ? vision::Font::find_installed() : nullptr),
      pen_(font_.get()),
      tracker_(options_.tracker),
      counter_(options_.lines, options_.zones) {
  statistics_.name = options_.name;
  statistics_.source = media::redacted(options_.source.url);
  statistics_.live_source = live_;
  state_since_ = fps_since_ = Clock::now();
}

Stream::~Stream() { join(); }

void Stream::start() {
  source_thread_ = std::jthread([this] { read_all(); });
  output_thread_ = std::jthread([this] { write_all(); });
}

void Stream::join() {
  if (source_thread_.joinable()) source_thread_.join();
  if (output_thread_.joinable()) output_thread_.join();
}

StreamStatistics Stream::statistics() const {
  const std::lock_guard lock(mutex_);
  StreamStatistics copy = statistics_;
  copy.seconds_in_state = std::chrono::duration<double>(Clock::now() - state_since_).count();
  if (Clock::now() - fps_since_ > 2 * kFpsWindow) copy.fps = 0;
  return copy;
}

void Stream::set_state(StreamState state, const std::string& reason) {
  {
    const std::lock_guard lock(mutex_);
    if (statistics_.state == state && statistics_.reason == reason) return;
    const bool was_away =
        statistics_.state == StreamState::kReconnecting || statistics_.state == StreamState::kAccessDenied;
    const bool is_away = state == StreamState::kReconnecting || state == StreamState::kAccessDenied;
    if (is_away && !was_away) lost_at_ = std::chrono::system_clock::now();
    if (statistics_.state != state) state_since_ = Clock::now();
    statistics_.state = state;
    statistics_.reason = reason;
  }
  for (Observer* observer : observers_) observer->on_state(options_.name, state, reason);
}

// ---- reading

bool Stream::skips(const Frame& frame) {
  if (options_.max_fps <= 0) return false;
  const auto interval_us = static_cast<int64_t>(1e6 / options_.max_fps);
  // A tenth early is in time: a camera's stamps tremble.
  if (next_due_us_ && frame.pts_us < *next_due_us_ - interval_us / 10) return true;
  const bool in_step = next_due_us_ && frame.pts_us < *next_due_us_ + interval_us;
  next_due_us_ = (in_step ? *next_due_us_ : frame.pts_us) + interval_us;
  return false;
}

Status Stream::take_frame(Frame frame, const media::Source& source) {
  Job job;
  job.decoded = Clock::now();
  if (live_) frame.pts_us = pts_.next(frame.pts_us, microseconds_of(frame.arrival));
  frame.number = next_number_++;
  const bool skipped = skips(frame);
  if (!skipped && !options_.masks.empty()) {
    frame.picture = TRY(media::copy_pixels(frame.picture));
    media::black_out(frame.picture, options_.masks);
    job.own_pixels = true;
  }
  {
    const std::lock_guard lock(mutex_);
    ++statistics_.decoded;
    statistics_.skipped += skipped ? 1 : 0;
    statistics_.damaged = damaged_before_ + source.damaged();
    statistics_.width = frame.picture.width;
    statistics_.height = frame.picture.height;
    statistics_.decode_ms.add(milliseconds(job.decoded - frame.arrival));
  }
  if (skipped) return {};
  int dropped = 0;
  job.frame = std::move(frame);
  pool_.put(number_in_pool_, std::move(job), dropped, stop_);
  const std::lock_guard lock(mutex_);
  statistics_.dropped += dropped;
  return {};
}

Status Stream::read_source(RetryDelay& retry, SourceFailure& failure) {
  const std::unique_ptr<media::Source> source =
      TRY(media::open_source(options_.source, Clock::now() + options_.open_timeout, &failure));
  {
    const std::lock_guard lock(mutex_);
    const media::SourceInfo& info = source->info();
    statistics_.codec = info.codec;
    statistics_.decoder = info.decoder;
    statistics_.expected_frames = info.frames;
    source_fps_ = info.fps;
  }
  pts_.restart();
  const auto leave = [&](Status status) {
    damaged_before_ += source->damaged();
    return status;
  };
  for (bool first = true; !stop_.stop_requested(); first = false) {
    Result<std::optional<Frame>> frame = source->read(Clock::now() + options_.read_timeout);
    if (!frame.ok()) return leave(frame.status());
    if (!frame->has_value()) {
      if (first) return leave(invalid_data("{}: there is no picture in it", source->info().name));
      break;
    }
    if (first) {
      retry.succeeded();
      set_state(StreamState::kLive, "");
    }
    if (const Status status = take_frame(std::move(**frame), *source); !status.ok()) return leave(status);
  }
  return leave({});
}

void Stream::wait_before_retry(std::chrono::milliseconds time) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any never;
  never.wait_for(lock, stop_, time, [] { return false; });
}

void Stream::read_all() {
  RetryDelay retry(options_.retry_limit);
  while (!stop_.stop_requested()) {
    SourceFailure failure = SourceFailure::kNone;
    const Status status = read_source(retry, failure);
    if (stop_.stop_requested()) break;
    if (!live_) {
      result_ = status;
      set_state(status.ok() ? StreamState::kEnded : StreamState::kFailed, status.message());
      break;
    }
    const bool denied = failure == SourceFailure::kAccessDenied;
    // What no waiting can mend.
    if (status.code() == StatusCode::kUsage || status.code() == StatusCode::kUnsupported) {
      result_ = status;
      set_state(StreamState::kFailed, status.message());
      break;
    }
    set_state(denied ? StreamState::kAccessDenied : StreamState::kReconnecting, status.message());
    {
      const std::lock_guard lock(mutex_);
      ++statistics_.reconnects;
    }
    wait_before_retry(retry.next(denied));
  }
  if (stop_.stop_requested()) set_state(StreamState::kEnded, "stopped");
  pool_.close(number_in_pool_);
}

// ---- writing

std::vector<vision::Detection> Stream::detections_of(const std::vector<vision::Detection>& all, const Frame& frame) {
  std::vector<vision::Detection> detections = all;
  vision::apply_filter(options_.filter, detections);
  tracks_.clear();
  crossings_.clear();
  if (!options_.track) {
    std::erase_if(detections, [this](const vision::Detection& d) { return d.score < options_.min_score; });
    return detections;
  }
  std::vector<vision::Appearance> looks;
  looks.reserve(detections.size());
  for (const vision::Detection& d : detections) looks.push_back(media::appearance_of(frame.picture, d.box));
  tracks_ = tracker_.update(detections, frame.pts_us, looks);
  crossings_ = counter_.update(tracks_, frame.picture.width, frame.picture.height, frame.pts_us);
  detections.clear();
  for (const vision::Track& track : tracks_) detections.push_back(track.detection);
  return detections;
}

void Stream::draw(const media::YuvPicture& picture, const std::vector<vision::Detection>& detections) {
  std::vector<media::CaptionedBox> boxes;
  for (size_t i = 0; i < detections.size(); ++i) {
    const vision::Detection& d = detections[i];
    const std::string label = vision::label_of(options_.labels, d.class_id);
    const bool tracked = !tracks_.empty();
    boxes.push_back({d.box, tracked ? static_cast<int>(tracks_[i].id) : d.class_id,
                     tracked ? fmt::format("#{} {}", tracks_[i].id, label) : fmt::format("{} {:.2f}", label, d.score)});
  }
  if (!options_.track) std::reverse(boxes.begin(), boxes.end());  // the best on top
  const auto width = static_cast<double>(picture.width), height = static_cast<double>(picture.height);
  const auto line = [&](vision::Point a, vision::Point b) {
    pen_.draw_line(picture, static_cast<float>(a.x * width), static_cast<float>(a.y * height),
                   static_cast<float>(b.x * width), static_cast<float>(b.y * height), {255, 220, 0});
  };
  for (const vision::CountingLine& l : options_.lines) line(l.from, l.to);
  for (const vision::CountingZone& zone : options_.zones) {
    for (size_t i = 0; i < zone.polygon.size(); ++i) line(zone.polygon[i], zone.polygon[(i + 1) % zone.polygon.size()]);
  }
  pen_.draw(picture, boxes);
}

void Stream::handle(Job& job) {
  const Frame& frame = job.frame;
  if (!job.detections.ok()) {
    log(LogLevel::kError, "stream '{}': {}", options_.name, job.detections.status().message());
    job.detections = std::vector<vision::Detection>();
  }
  if (last_ && (last_->picture.width != frame.picture.width || last_->picture.height != frame.picture.height)) {
    tracker_ = vision::Tracker(options_.tracker);
    counter_.forget_tracks();
  }
  const Clock::time_point begin = Clock::now();
  const std::vector<vision::Detection> detections = detections_of(*job.detections, frame);
  const Clock::time_point boxes_known = Clock::now();
  const FrameReport report{options_.name, frame, detections, tracks_, crossings_};
  for (Observer* observer : observers_) observer->on_frame(report);

  Clock::time_point drawn = Clock::now();
  if (!output_->empty()) {
    const Result<media::YuvPicture> canvas =
        job.own_pixels ? Result<media::YuvPicture>(frame.picture) : canvases_.copy(frame.picture);
    if (canvas.ok()) {
      if (options_.draw) draw(*canvas, detections);
      drawn = Clock::now();
      const double fps = source_fps_;
      const int64_t pts_us = live_ ? output_pts_.next(frame.pts_us, microseconds_of(frame.arrival)) : frame.pts_us;
      output_->write(*canvas, pts_us, frame.number, options_.max_fps > 0 ? std::min(fps, options_.max_fps) : fps);
    } else {
      log(LogLevel::kError, "stream '{}': {}", options_.name, canvas.status().message());
    }
  }
  const Clock::time_point end = Clock::now();
  last_ = frame;
  last_->picture.owner = nullptr;

  const std::lock_guard lock(mutex_);
  ++statistics_.detected;
  statistics_.objects = static_cast<int64_t>(detections.size());
  statistics_.counts = counter_.counts();
  statistics_.encoder = output_->encoder_name();
  statistics_.wait_ms.add(milliseconds(job.detect_begin - job.decoded));
  statistics_.detect_ms.add(milliseconds(job.detect_end - job.detect_begin));
  statistics_.track_ms.add(milliseconds(boxes_known - begin));
  statistics_.draw_ms.add(milliseconds(drawn - boxes_known));
  statistics_.output_ms.add(milliseconds(end - drawn));
  statistics_.glass_to_box_ms.add(milliseconds(boxes_known - frame.arrival));
  statistics_.glass_to_sink_ms.add(milliseconds(end - frame.arrival));
  ++fps_count_;
  if (end - fps_since_ >= kFpsWindow) {
    statistics_.fps = static_cast<double>(fps_count_) / std::chrono::duration<double>(end - fps_since_).count();
    fps_count_ = 0;
    fps_since_ = end;
  }
}

void Stream::write_slate() {
  if (!last_ || output_->empty()) return;
  std::string text;
  {
    const std::lock_guard lock(mutex_);
    if (statistics_.state != StreamState::kReconnecting && statistics_.state != StreamState::kAccessDenied) return;
    ++statistics_.slates;
    const std::time_t lost = std::chrono::system_clock::to_time_t(lost_at_);
    std::tm local{};
    localtime_r(&lost, &local);
    char time[16];
    std::strftime(time, sizeof(time), "%H:%M:%S", &local);
    text = fmt::format("{}: camera unreachable since {}", options_.name, time);
  }
  const media::YuvPicture& like = last_->picture;
  const Result<media::YuvPicture> slate =
      media::make_yuv_picture(like.width, like.height, like.matrix, like.full_range);
  if (!slate.ok()) return;
  pen_.write_centred(*slate, text);
  output_pts_.restart();
  output_->write(*slate, output_pts_.next(0, microseconds_of(Clock::now())), last_->number, source_fps_);
  output_pts_.restart();
  counter_.forget_tracks();
}

void Stream::write_all() {
  while (!pool_.finished(number_in_pool_)) {
    const std::unique_ptr<Job> job = pool_.take(number_in_pool_, Clock::now() + kSlateInterval);
    if (job != nullptr) {
      handle(*job);
    } else {
      write_slate();
    }
  }
  output_->finish();
  ended_ = true;
}

}  // namespace sixtops::video
