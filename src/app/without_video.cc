// The commands on videos in a build without FFmpeg.

#include <algorithm>
#include <array>

#include "app/commands.h"
#include "base/error.h"

namespace sixtops::app {
namespace {

Status no_video() {
  return unsupported(
      "this build has no video; install FFmpeg's development packages, libyaml and cpp-httplib (script/bootstrap) and "
      "build again");
}

}  // namespace

bool is_video(const std::string& source) {
  constexpr std::array<std::string_view, 6> kSuffixes = {".mp4", ".mkv", ".ts", ".mov", ".h264", ".h265"};
  return source.find("://") != std::string::npos ||
         std::any_of(kSuffixes.begin(), kSuffixes.end(), [&](std::string_view s) { return source.ends_with(s); });
}

Status detect_on_video(const DetectCommand&) { return no_video(); }
Status run(const WatchCommand&) { return no_video(); }
void hide_secrets(int, char**) {}

}  // namespace sixtops::app
