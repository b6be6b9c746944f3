#include "cpu/reference/window_taps.h"

#include <algorithm>
#include <utility>

#include "base/checked.h"

namespace sixtops::cpu::reference {
namespace {

int64_t divide_up(int64_t a, int64_t b) { return (a + b - 1) / b; }

// The taps k with first <= position + k · dilation < last, as [begin, end).
std::pair<int64_t, int64_t> taps_between(const Window& axis, int64_t position, int64_t first, int64_t last) {
  const int64_t begin = divide_up(std::max<int64_t>(first - position, 0), axis.dilation);
  const int64_t end = divide_up(std::max<int64_t>(last - position, 0), axis.dilation);
  return {begin, std::max(begin, std::min(end, axis.kernel))};
}

// Appends (tap, element) of one axis for one output coordinate.
void axis_taps(const Window& axis, int64_t coordinate, bool transposed, std::vector<WindowTap>& taps) {
  if (transposed) {
    for (int64_t k = 0; k < axis.kernel; ++k) {
      const int64_t spread = coordinate + axis.pad_begin - k * axis.dilation;
      if (spread >= 0 && spread % axis.stride == 0 && spread / axis.stride < axis.input) {
        taps.push_back({k, spread / axis.stride});
      }
    }
    return;
  }
  const auto [begin, end] = taps_between(axis, axis.tap(coordinate, 0), 0, axis.input);
  for (int64_t k = begin; k < end; ++k) taps.push_back({k, axis.tap(coordinate, k)});
}

}  // namespace

Result<WindowTaps> WindowTaps::make(std::vector<Window> windows) { return make(std::move(windows), false); }
Result<WindowTaps> WindowTaps::make_transposed(std::vector<Window> windows) { return make(std::move(windows), true); }

Result<WindowTaps> WindowTaps::make(std::vector<Window> windows, bool transposed) {
  WindowTaps result;
  for (const Window& axis : windows) {
    result.window_count_ = TRY(checked_multiply(result.window_count_, axis.output));
    result.tap_count_ = TRY(checked_multiply(result.tap_count_, axis.kernel));
    result.plane_size_ = TRY(checked_multiply(result.plane_size_, axis.input));
  }
  result.windows_ = std::move(windows);
  result.transposed_ = transposed;
  return result;
}

Shape WindowTaps::output_shape(int64_t batch, int64_t channels) const {
  Shape shape = {batch, channels};
  for (const Window& axis : windows_) shape.push_back(axis.output);
  return shape;
}

void WindowTaps::inside(int64_t window, std::vector<WindowTap>& taps) const {
  taps.assign(1, {0, 0});
  std::vector<WindowTap> outer;
  std::vector<WindowTap> along;
  int64_t windows_left = window_count_;
  for (const Window& axis : windows_) {
    windows_left /= axis.output;
    along.clear();
    axis_taps(axis, window / windows_left % axis.output, transposed_, along);
    outer.swap(taps);
    taps.clear();
    for (const WindowTap& before : outer) {
      for (const WindowTap& here : along) {
        taps.push_back({before.tap * axis.kernel + here.tap, before.element * axis.input + here.element});
      }
    }
  }
}

int64_t WindowTaps::padded_count(int64_t window) const {
  int64_t count = 1;
  int64_t windows_left = window_count_;
  for (const Window& axis : windows_) {
    windows_left /= axis.output;
    const int64_t coordinate = window / windows_left % axis.output;
    const auto [begin, end] = taps_between(axis, axis.tap(coordinate, 0), -axis.pad_begin, axis.input + axis.pad_end);
    count *= end - begin;
  }
  return count;
}

}  // namespace sixtops::cpu::reference
