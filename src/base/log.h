// The one way in which libraries speak: a sink that the program sets. Without a sink nothing is printed.
//
// Thread safety: log() may be called from any thread; set_log_sink() before threads start.
#pragma once

#include <fmt/core.h>

#include <functional>
#include <string>
#include <utility>

namespace sixtops {

enum class LogLevel { kError, kWarning, kInfo, kDebug };

using LogSink = std::function<void(LogLevel, const std::string& message)>;

void set_log_sink(LogSink sink);
void log_message(LogLevel level, const std::string& message);

template <typename... Args>
void log(LogLevel level, fmt::format_string<Args...> format, Args&&... args) {
  log_message(level, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace sixtops
