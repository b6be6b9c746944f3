// Which input elements lie under a window of a convolution or a pool, over all spatial axes at once.
//
// Windows and taps are numbered row-major over the spatial output extents and the kernel extents; elements by their
// offset in one plane (all spatial axes of one channel). Thread safety: constant after make().
#pragma once

#include <cstdint>
#include <vector>

#include "graph/window.h"

namespace sixtops::cpu::reference {

struct WindowTap {
  int64_t tap;
  int64_t element;
};

class WindowTaps {
 public:
  // Each output element sees input elements at window · stride - pad + tap · dilation.
  static Result<WindowTaps> make(std::vector<Window> windows);
  // Each output element sees the input elements whose taps reach it: the same convolution read backwards.
  static Result<WindowTaps> make_transposed(std::vector<Window> windows);

  int64_t window_count() const { return window_count_; }
  int64_t tap_count() const { return tap_count_; }
  int64_t plane_size() const { return plane_size_; }
  const std::vector<Window>& windows() const { return windows_; }

  // Batch, channels and the spatial output extents.
  Shape output_shape(int64_t batch, int64_t channels) const;

  // The taps of a window that lie on the input, in tap order. `taps` is overwritten, so that a loop allocates once.
  void inside(int64_t window, std::vector<WindowTap>& taps) const;

  // How many taps of a window lie on the input or on its declared padding (a ceil_mode window may reach further).
  int64_t padded_count(int64_t window) const;

 private:
  static Result<WindowTaps> make(std::vector<Window> windows, bool transposed);

  std::vector<Window> windows_;
  bool transposed_ = false;
  int64_t window_count_ = 1;
  int64_t tap_count_ = 1;
  int64_t plane_size_ = 1;
};

}  // namespace sixtops::cpu::reference
