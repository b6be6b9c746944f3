#include <algorithm>

#include "app/commands.h"
#include "app/picture_network.h"
#include "app/video/detectors.h"
#include "app/video/json_lines.h"
#include "app/video/run_pipeline.h"
#include "app/video/watch_config.h"
#include "base/log.h"
#include "video/event_json.h"
#include "video/metrics.h"
#include "video/web_server.h"

namespace sixtops::app {
namespace {

// A run whose streams have all failed has failed; where one did its work, the others' reasons were told meanwhile.
Status result_of(const video::Pipeline& pipeline) {
  Status first;
  for (const auto& stream : pipeline.streams()) {
    if (stream->result().ok()) return {};
    if (first.ok()) first = stream->result();
  }
  return first;
}

}  // namespace

Status run(const WatchCommand& command) {
  WatchPlan plan = TRY(plan_watch(command));
  PictureNetwork network = TRY(open_picture_network(plan.model, plan.source));
  TRY(expect_detector(network));
  DetectionThresholds thresholds = plan.thresholds;
  for (const WatchStream& stream : plan.streams) {
    if (stream.options.track) thresholds.confidence = std::min(thresholds.confidence, stream.options.tracker.low_score);
  }
  std::unique_ptr<JsonLines> lines;
  std::vector<video::Observer*> observers;
  if (!plan.json_file.empty()) {
    lines = TRY(JsonLines::create(plan.json_file, network.labels, true));
    observers.push_back(lines.get());
  }
  std::unique_ptr<video::EventHub> events;
  if (!plan.serve.empty()) {
    events = std::make_unique<video::EventHub>(network.labels);
    observers.push_back(events.get());
  }
  const RunStyle style = plan.streams.size() > 1 ? RunStyle::kCheap : RunStyle::kQuick;
  const Detectors detectors = TRY(make_detectors(network, thresholds, plan.sessions, style));
  video::Pipeline pipeline(detectors.detect);
  video::WebStreams web;
  for (WatchStream& stream : plan.streams) {
    stream.options.labels = network.labels;
    stream.options.filter.classes = TRY(vision::class_ids(stream.classes, network.labels));
    video::Stream* const added = TRY(pipeline.add(std::move(stream.options), observers));
    if (plan.serve.empty()) continue;
    const auto hub = std::make_shared<video::LiveHub>();
    added->output().add(hub->packet_sink());
    added->output().add(hub->picture_sink());
    web.hubs[added->options().name] = hub;
  }
  std::unique_ptr<video::WebServer> server;
  if (!plan.serve.empty()) {
    web.events = events.get();
    web.statistics = [&pipeline] { return video::statistics_json(pipeline.statistics()); };
    web.metrics = [&pipeline] {
      return video::prometheus_text(pipeline.statistics(), pipeline.busy_share(), pipeline.runs());
    };
    server = TRY(video::WebServer::open({plan.serve, plan.token}, web));
    log(LogLevel::kInfo, "the page is http://{}:{}/", plan.serve.substr(0, plan.serve.rfind(':')), server->port());
  }
  run_pipeline(pipeline, {plan.seconds, detectors.network_cpu_ns});
  TRY(result_of(pipeline));
  return lines == nullptr ? Status() : lines->status();
}

}  // namespace sixtops::app
