#include "media/sink.h"

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "media/jpeg_folder.h"
#include "media/mux_sink.h"
#include "media/raw_sink.h"
#include "media/redact.h"

namespace sixtops::media {
namespace {

std::string suffix_of(const std::string& url) {
  std::string suffix = std::filesystem::path(url).extension().string();
  std::transform(suffix.begin(), suffix.end(), suffix.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return suffix;
}

class NullSink : public PacketSink {
 public:
  const std::string& name() const override { return name_; }
  Status begin(const StreamFormat&) override { return {}; }
  Status write(const Packet&) override { return {}; }
  Status finish() override { return {}; }

 private:
  std::string name_ = "null:";
};

}  // namespace

std::string sink_codec(const std::string& url) {
  const std::string suffix = suffix_of(url);
  return suffix == ".h265" || suffix == ".265" || suffix == ".hevc" ? "hevc" : "h264";
}

Result<Sink> make_sink(const SinkOptions& options) {
  const std::string& url = options.url;
  const std::string suffix = suffix_of(url);
  Sink sink;
  if (url == "null:") {
    sink.packets = std::make_unique<NullSink>();
  } else if (url.rfind("rtsp://", 0) == 0) {
    sink.packets = make_mux_sink(options, "rtsp");
  } else if (url.find("://") != std::string::npos) {
    return usage_error("sink '{}': expected rtsp://, a file or a folder", redacted(url));
  } else if (suffix == ".mp4" || suffix == ".m4v" || suffix == ".mov") {
    sink.packets = make_mux_sink(options, "mp4");
  } else if (suffix == ".mkv") {
    sink.packets = make_mux_sink(options, "matroska");
  } else if (suffix == ".ts") {
    sink.packets = make_mux_sink(options, "mpegts");
  } else if (suffix == ".h264" || suffix == ".264" || suffix == ".h265" || suffix == ".265" || suffix == ".hevc") {
    sink.packets = make_raw_sink(options);
  } else if (url.size() > 1 && url.back() == '/') {
    sink.pictures = make_jpeg_folder(url);
  } else {
    return usage_error("sink '{}': expected .mp4, .mkv, .ts, .h264, .h265, rtsp://, null: or a folder/ with a slash",
                       url);
  }
  return sink;
}

}  // namespace sixtops::media
