#include "media/source.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/error.h"
#include "media/libav_source.h"
#include "media/pattern_source.h"
#include "media/picture_source.h"
#include "vision/picture_file.h"

namespace sixtops::media {
namespace {

bool begins(const std::string& text, std::string_view with) { return text.rfind(with, 0) == 0; }

constexpr std::array<std::string_view, 22> kVideoSuffixes = {
    ".mp4", ".m4v", ".mov",  ".mkv", ".webm", ".ts",  ".m2ts", ".mts", ".avi", ".flv", ".h264",
    ".264", ".avc", ".h265", ".265", ".hevc", ".mpg", ".mpeg", ".3gp", ".wmv", ".ogv", ".y4m"};

bool is_folder_or_glob(const std::string& url) {
  std::error_code ignored;
  return std::filesystem::is_directory(url, ignored) ||
         (url.find_first_of("*?[") != std::string::npos && !std::filesystem::exists(url, ignored));
}

}  // namespace

bool is_live_source(const std::string& url) {
  return begins(url, "rtsp://") || begins(url, "rtsps://") || begins(url, "usb:") || begins(url, "/dev/video");
}

bool is_video_source(const std::string& url) {
  if (is_live_source(url) || begins(url, "test:") || begins(url, "http://") || begins(url, "https://")) return true;
  std::string suffix = std::filesystem::path(url).extension().string();
  std::transform(suffix.begin(), suffix.end(), suffix.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return std::find(kVideoSuffixes.begin(), kVideoSuffixes.end(), suffix) != kVideoSuffixes.end();
}

Result<std::unique_ptr<Source>> open_source(const SourceOptions& options, Clock::time_point deadline,
                                            SourceFailure* failure) {
  SourceFailure ignored = SourceFailure::kNone;
  SourceFailure& why = failure != nullptr ? *failure : ignored;
  why = SourceFailure::kOther;
  if (options.url.empty()) return usage_error("a source must not be empty");
  if (begins(options.url, "test:")) return open_pattern_source(options.url);
  if (vision::is_picture_path(options.url) || is_folder_or_glob(options.url)) return open_picture_source(options.url);
  return open_libav_source(options, deadline, why);
}

}  // namespace sixtops::media
