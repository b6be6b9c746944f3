#include "cpu/engine/window_lines.h"

#include <algorithm>
#include <utility>

namespace sixtops::cpu::engine {
namespace {

int64_t divide_up(int64_t a, int64_t b) { return (a + b - 1) / b; }

}  // namespace

WindowLines::WindowLines(std::vector<Window> windows) : windows_(std::move(windows)) {
  for (const Window& axis : windows_) {
    line_count_ *= axis.output;
    tap_count_ *= axis.kernel;
    plane_size_ *= axis.input;
  }
  line_length_ = windows_.back().output;
  line_count_ /= line_length_;
}

WindowLines::Source WindowLines::source(int64_t line, int64_t tap) const {
  const Window& last = windows_.back();
  const int64_t first = last.tap(0, tap % last.kernel);
  Source source;
  source.begin = std::min(divide_up(std::max<int64_t>(-first, 0), last.stride), last.output);
  source.end = std::clamp(divide_up(std::max<int64_t>(last.input - first, 0), last.stride), source.begin, last.output);
  source.element = first;

  // The other axes, from the innermost on, say where that input line begins.
  tap /= last.kernel;
  int64_t stride = last.input;
  for (size_t i = windows_.size() - 1; i-- > 0;) {
    const Window& axis = windows_[i];
    const int64_t coordinate = axis.tap(line % axis.output, tap % axis.kernel);
    if (coordinate < 0 || coordinate >= axis.input) return {};
    source.element += coordinate * stride;
    line /= axis.output;
    tap /= axis.kernel;
    stride *= axis.input;
  }
  return source;
}

}  // namespace sixtops::cpu::engine
