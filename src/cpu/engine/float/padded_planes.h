// A convolution's input as product_kernel.h wants it: planes with their padding, in which each tap is an offset.
//
// A stride s splits each plane into s phases (every s-th element, beginning with another one each), in which the
// convolution has stride 1. Lines run along the last axis and follow each other at a pitch; where the padding behind
// one line and before the next can be the same zeros, it is. Output o of line l is then position l · pitch + o of a
// flat picture, whatever the axes, and positions between the lines give sums that nobody wants.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/window.h"

namespace sixtops::cpu::engine {

class PaddedPlanes {
 public:
  // Whether `planes` planes can be stored line by line in a moderate amount of memory, 256 MB. What fails is a kernel
  // dilated over more padding than any picture needs.
  static bool fit(const std::vector<Window>& windows, int64_t planes);

  // REQUIRES: at least one window; fit()
  explicit PaddedPlanes(const std::vector<Window>& windows);

  int64_t pitch() const { return pitch_; }
  int64_t line_length() const { return axes_.back().window.output; }
  // Output lines in the flat picture, those between the planes of a third axis included.
  int64_t line_count() const { return line_count_; }
  // Which line of the dense output a flat line is; -1 when it is none.
  int64_t output_line(int64_t line) const;
  int64_t phase_count() const { return phase_count_; }

  // Floats of one phase of one plane that hold what `lines` output lines read, with `slack` more that may be read.
  int64_t stored_plane_size(int64_t lines, int64_t slack) const;

  // Appends for each tap where it lies in a stored plane; phases of a plane follow each other at `stored_plane`.
  void append_offsets(int64_t plane_begin, int64_t stored_plane, std::vector<int64_t>& offsets) const;

  // Writes what output lines [first, first + lines) read of one input plane, all phases.
  void store(const float* plane, int64_t first, int64_t lines, int64_t stored_plane, float* to) const;

 private:
  struct Axis {
    Window window;
    std::vector<int64_t> phases;      // the remainders of k · dilation by the stride that occur
    std::vector<int64_t> tap_phases;  // by tap: index into phases
    std::vector<int64_t> tap_shifts;  // by tap: k · dilation / stride
    int64_t extent = 0;               // padded elements of a phase
    int64_t line_stride = 0;          // flat lines from one element to the next; 0 for the last axis
  };
  void store_line(const float* line, int64_t phase, float* to) const;

  std::vector<Axis> axes_;
  int64_t pitch_ = 0;
  int64_t line_count_ = 1;
  int64_t phase_count_ = 1;
  int64_t tap_count_ = 1;
  int64_t shift_lines_ = 0;  // from an output line to the furthest line that it reads
  int64_t shared_ = 0;       // zeros that belong to two lines
};

}  // namespace sixtops::cpu::engine
