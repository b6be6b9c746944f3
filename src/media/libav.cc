#include "media/libav.h"

#include <cstdarg>
#include <cstdio>
#include <mutex>

#include "base/log.h"
#include "media/redact.h"

namespace sixtops::media {
namespace {

void log_callback(void* context, int level, const char* format, va_list arguments) {
  if (level > AV_LOG_WARNING) return;
  char line[1024];
  int print_prefix = 1;
  av_log_format_line2(context, level, format, arguments, line, sizeof(line), &print_prefix);
  std::string text = redacted(line);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  if (!text.empty()) log_message(LogLevel::kDebug, "ffmpeg: " + text);
}

}  // namespace

void LibavDeleter::operator()(AVFormatContext* context) const { avformat_close_input(&context); }

std::string libav_error(int code) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(code, text, sizeof(text));
  return text;
}

void route_libav_log() {
  static std::once_flag once;
  std::call_once(once, [] {
    av_log_set_callback(log_callback);
    avformat_network_init();
  });
}

int Interrupt::check(void* self) {
  auto& interrupt = *static_cast<Interrupt*>(self);
  if (interrupt.stopped() || Clock::now() >= interrupt.deadline_) interrupt.fired_ = true;
  return interrupt.fired_ ? 1 : 0;
}

}  // namespace sixtops::media
