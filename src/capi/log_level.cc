#include "capi/log_level.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "base/log.h"

namespace sixtops::capi {
namespace {

constexpr int kMaxLevel = 5;

int read_level() {
  const char* text = std::getenv("RKNN_LOG_LEVEL");
  return text == nullptr ? 0 : std::clamp(std::atoi(text), 0, kMaxLevel);
}

// The level from which on a message is shown, and its mark.
struct Kind {
  int level;
  char mark;
};

Kind kind_of(LogLevel level) {
  switch (level) {
    case LogLevel::kError:
      return {0, 'E'};
    case LogLevel::kWarning:
      return {1, 'W'};
    case LogLevel::kInfo:
      return {3, 'I'};
    case LogLevel::kDebug:
      break;
  }
  return {kMaxLevel, 'D'};
}

}  // namespace

int log_level() {
  static const int level = read_level();
  return level;
}

void start_logging() {
  static std::once_flag once;
  std::call_once(once, [] {
    set_log_sink([](LogLevel level, const std::string& message) {
      const Kind kind = kind_of(level);
      if (kind.level <= log_level()) std::fprintf(stderr, "%c RKNN: %s\n", kind.mark, message.c_str());
    });
  });
}

}  // namespace sixtops::capi
