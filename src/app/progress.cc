#include "app/progress.h"

#include <unistd.h>

#include <cstdio>

namespace sixtops::app {
namespace {

constexpr int kBarWidth = 30;

}  // namespace

Progress::Progress() : visible_(::isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  if (percent_ >= 0) std::fputs("\r\x1b[K", stderr);
}

void Progress::update(const std::string& stage, int done, int total) {
  const int percent = total > 0 ? static_cast<int>(100LL * done / total) : 0;
  if (!visible_ || (percent == percent_ && stage == stage_)) return;
  percent_ = percent;
  stage_ = stage;
  const std::string bar(static_cast<size_t>(kBarWidth * percent / 100), '#');
  std::fprintf(stderr, "\r\x1b[K%-20s [%-*s] %d/%d", stage.c_str(), kBarWidth, bar.c_str(), done, total);
}

}  // namespace sixtops::app
