// Window ops line by line: an output line runs along the last spatial axis, and for each tap it reads a line of the
// input with a constant step. Loops over such lines are what compilers vectorize.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/window.h"

namespace sixtops::cpu::engine {

class WindowLines {
 public:
  // REQUIRES: the products of the windows' extents fit (reference::WindowTaps::make checked them).
  explicit WindowLines(std::vector<Window> windows);

  int64_t line_count() const { return line_count_; }    // output lines of one plane
  int64_t line_length() const { return line_length_; }  // outputs a line
  int64_t tap_count() const { return tap_count_; }
  int64_t plane_size() const { return plane_size_; }  // input elements of one plane
  int64_t step() const { return windows_.back().stride; }

  // What a tap reads for a line: output j in [begin, end) sees plane element `element + j · step()`, the others lie
  // outside of the picture.
  struct Source {
    int64_t element = 0;
    int64_t begin = 0;
    int64_t end = 0;
  };
  Source source(int64_t line, int64_t tap) const;

 private:
  std::vector<Window> windows_;
  int64_t line_count_ = 1;
  int64_t line_length_ = 1;
  int64_t tap_count_ = 1;
  int64_t plane_size_ = 1;
};

}  // namespace sixtops::cpu::engine
