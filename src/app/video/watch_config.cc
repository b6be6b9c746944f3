#include "app/video/watch_config.h"

#include <filesystem>
#include <fstream>

#include "app/video/yaml.h"
#include "base/error.h"
#include "base/file.h"
#include "media/redact.h"

namespace sixtops::app {
namespace {

constexpr int kMaxStreams = 64;
constexpr int64_t kMaxSecretBytes = 4096;

Result<vision::Point> parse_point(const YamlMap& map, const Yaml& yaml, const std::string& key) {
  vision::Point point;
  const bool good = yaml.kind == Yaml::Kind::kList && yaml.items.size() == 2 &&
                    parse_number(yaml.items[0].scalar, point.x) && parse_number(yaml.items[1].scalar, point.y) &&
                    point.x >= 0 && point.x <= 1 && point.y >= 0 && point.y <= 1;
  if (!good) return map.error(yaml, key, "expected a point [x, y], both from 0 to 1");
  return point;
}

Result<vision::Polygon> parse_polygon(const YamlMap& map, const Yaml& yaml, const std::string& key) {
  vision::Polygon polygon;
  for (const Yaml& item : yaml.items) polygon.push_back(TRY(parse_point(map, item, key)));
  if (polygon.size() < 3) return map.error(yaml, key, "expected a list of three points or more");
  return polygon;
}

Result<std::vector<vision::CountingLine>> parse_lines(const Yaml& yaml, const std::string& file) {
  std::vector<vision::CountingLine> lines;
  for (const Yaml& item : yaml.items) {
    YamlMap map = TRY(YamlMap::of(item, file, "a line"));
    vision::CountingLine line;
    TRY(map.get("name", line.name));
    const Yaml* from = map.find("from");
    const Yaml* to = map.find("to");
    if (from == nullptr || to == nullptr) return map.error(item, "lines", "a line needs 'from' and 'to'");
    line.from = TRY(parse_point(map, *from, "from"));
    line.to = TRY(parse_point(map, *to, "to"));
    TRY(map.finish());
    lines.push_back(std::move(line));
  }
  return lines;
}

Result<std::vector<vision::CountingZone>> parse_zones(const Yaml& yaml, const std::string& file) {
  std::vector<vision::CountingZone> zones;
  for (const Yaml& item : yaml.items) {
    YamlMap map = TRY(YamlMap::of(item, file, "a zone"));
    vision::CountingZone zone;
    TRY(map.get("name", zone.name));
    const Yaml* points = map.find("points");
    if (points == nullptr) return map.error(item, "zones", "a zone needs 'points'");
    zone.polygon = TRY(parse_polygon(map, *points, "points"));
    TRY(map.finish());
    zones.push_back(std::move(zone));
  }
  return zones;
}

// The first line of a file.
Result<std::string> read_secret(const std::string& path) {
  const SharedBytes bytes = TRY(read_file(path, kMaxSecretBytes));
  const std::string_view text = bytes.text();
  return std::string(text.substr(0, text.find_first_of("\r\n")));
}

Status put_password(const std::string& secret, std::string& url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string::npos) return usage_error("password-file: source '{}' is no URL", url);
  url.insert(scheme + 3, secret + "@");
  return {};
}

Result<WatchStream> parse_stream(const Yaml& yaml, const std::string& file, size_t index) {
  YamlMap map = TRY(YamlMap::of(yaml, file, "a stream"));
  WatchStream stream;
  video::StreamOptions& options = stream.options;
  options.name = fmt::format("stream{}", index + 1);
  std::string password_file;
  double min_side = 0, max_side = 0;
  TRY(map.get("name", options.name));
  TRY(map.get("source", options.source.url));
  TRY(map.get("password-file", password_file));
  TRY(map.get("transport", options.source.transport));
  TRY(map.get("decoder", options.source.decoder));
  TRY(map.get("fps", options.max_fps, 0.01, 1000));
  TRY(map.get("track", options.track));
  TRY(map.get("draw", options.draw));
  TRY(map.get("classes", stream.classes));
  TRY(map.get("min-size", min_side, 0, vision::kMaxPictureSide));
  TRY(map.get("max-size", max_side, 0, vision::kMaxPictureSide));
  TRY(map.get("sinks", options.output.sinks));
  options.filter.min_side = static_cast<float>(min_side);
  options.filter.max_side = static_cast<float>(max_side);
  if (const Yaml* lines = map.find("lines")) options.lines = TRY(parse_lines(*lines, file));
  if (const Yaml* zones = map.find("zones")) options.zones = TRY(parse_zones(*zones, file));
  if (const Yaml* masks = map.find("masks")) {
    for (const Yaml& mask : masks->items) options.masks.push_back(TRY(parse_polygon(map, mask, "masks")));
  }
  TRY(map.finish());
  if (options.source.url.empty()) return map.error(yaml, "source", "a stream needs one");
  if (options.source.transport != "tcp" && options.source.transport != "udp") {
    return map.error(yaml, "transport", "expected tcp or udp");
  }
  if (!password_file.empty()) TRY(put_password(TRY(read_secret(password_file)), options.source.url));
  return stream;
}

bool is_config(const std::string& path) { return path.ends_with(".yaml") || path.ends_with(".yml"); }

Status check_streams(const WatchPlan& plan) {
  if (plan.streams.empty()) return usage_error("there is no source to watch; name one, or streams in a configuration");
  if (plan.streams.size() > kMaxStreams) {
    return usage_error("{} streams are more than the {} that one process takes", plan.streams.size(), kMaxStreams);
  }
  for (const WatchStream& stream : plan.streams) {
    const std::string& name = stream.options.name;
    const bool good = !name.empty() && name.size() <= 64 && name.find_first_of("/\\?#%\"'<>&") == std::string::npos;
    if (!good) return usage_error("stream '{}': a name has 1 to 64 letters, none of /\\?#%\"'<>&", name);
  }
  return {};
}

}  // namespace

Result<WatchPlan> parse_watch_config(const std::string& text, const std::string& name) {
  const Yaml yaml = TRY(parse_yaml(text, name));
  YamlMap map = TRY(YamlMap::of(yaml, name, "the configuration"));
  WatchPlan plan;
  double conf = 0.25, iou = 0.45, sessions = 0, retry_max_ms = 30'000;
  std::string token_file;
  TRY(map.get("model", plan.model));
  TRY(map.get("conf", conf, 0, 1));
  TRY(map.get("iou", iou, 0, 1));
  TRY(map.get("sessions", sessions, 1, 64));
  TRY(map.get("serve", plan.serve));
  TRY(map.get("token", plan.token));
  TRY(map.get("token-file", token_file));
  TRY(map.get("retry-max-ms", retry_max_ms, 1, 3'600'000));
  TRY(map.get("json", plan.json_file));
  const Yaml* streams = map.find("streams");
  TRY(map.finish());
  if (plan.model.empty()) return map.error(yaml, "model", "the file of the network is missing");
  if (streams == nullptr || streams->kind != Yaml::Kind::kList) {
    return map.error(streams != nullptr ? *streams : yaml, "streams", "expected a list with a source each");
  }
  for (size_t i = 0; i < streams->items.size(); ++i) {
    WatchStream stream = TRY(parse_stream(streams->items[i], name, i));
    for (const WatchStream& other : plan.streams) {
      if (other.options.name == stream.options.name) {
        return map.error(streams->items[i], "name", "there are two streams '" + stream.options.name + "'");
      }
    }
    stream.options.retry_limit = std::chrono::milliseconds(static_cast<int>(retry_max_ms));
    plan.streams.push_back(std::move(stream));
  }
  if (!token_file.empty()) plan.token = TRY(read_secret(token_file));
  plan.thresholds.confidence = static_cast<float>(conf);
  plan.thresholds.iou = static_cast<float>(iou);
  plan.sessions = static_cast<int>(sessions);
  return plan;
}

Result<WatchPlan> plan_watch(const WatchCommand& command) {
  WatchPlan plan;
  if (is_config(command.model_or_config)) {
    if (!command.sources.empty())
      return usage_error("a configuration names its streams; take '{}' into it", media::redacted(command.sources[0]));
    const SharedBytes bytes = TRY(read_file(command.model_or_config));
    plan = TRY(parse_watch_config(std::string(bytes.text()), command.model_or_config));
  } else {
    plan.model = command.model_or_config;
    plan.thresholds = command.thresholds;
    for (size_t i = 0; i < command.sources.size(); ++i) {
      WatchStream stream;
      stream.options.name = fmt::format("stream{}", i + 1);
      stream.options.source.url = command.sources[i];
      stream.options.source.transport = command.transport;
      plan.streams.push_back(std::move(stream));
    }
  }
  plan.source = command.source;
  if (command.sessions > 0) plan.sessions = command.sessions;
  if (!command.serve.empty()) plan.serve = command.serve;
  if (!command.token.empty()) plan.token = command.token;
  if (!command.json_file.empty()) plan.json_file = command.json_file;
  plan.seconds = command.seconds;
  for (WatchStream& stream : plan.streams) {
    video::StreamOptions& options = stream.options;
    for (std::string sink : command.sinks) {
      const std::string kName = "{name}";
      if (const size_t at = sink.find(kName); at != std::string::npos) {
        sink.replace(at, kName.size(), options.name);
      } else if (plan.streams.size() > 1) {
        return usage_error("sink '{}' would be that of {} streams; write {{name}} where the stream's name goes",
                           media::redacted(sink), plan.streams.size());
      }
      options.output.sinks.push_back(sink);
    }
    options.track = options.track || command.track;
    if (command.max_fps > 0) options.max_fps = command.max_fps;
    if (command.retry_max_ms) options.retry_limit = std::chrono::milliseconds(*command.retry_max_ms);
    if (!command.classes.empty()) stream.classes = command.classes;
    options.min_score = plan.thresholds.confidence;
    options.tracker = vision::tracker_for(plan.thresholds.confidence);
    options.output.keep_existing = true;
    options.output.retry_limit = options.retry_limit;
  }
  TRY(check_streams(plan));
  return plan;
}

}  // namespace sixtops::app
